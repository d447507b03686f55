"""The filters of the public list as addresses have them: read alike by the list, its map and its files."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from cps.cases import overdue
from cps.cases.queries import Filter
from cps.cases.rules import Colour, Outcome, Status, colour
from cps.cases.rules.boxes import read_box
from cps.core import city as cities
from cps.core import clock, text
from cps.departments import queries as departments
from cps.notices.rules import LARGEST_RADIUS, SMALLEST_RADIUS, Circle
from cps.wards import queries as wards

LONGEST = 200
NAMES = (
    *("q", "category", "ward", "department", "state", "photo", "since", "until", "closed"),
    *("outcome", "notice", "box", "near", "late", "extended", "answered-from", "answered-until"),
)
STATES = {
    "waiting": tuple(s for s in Status if colour(s) is Colour.WAITING),
    "in-hand": tuple(s for s in Status if colour(s) is Colour.IN_HAND),
    "done": (Status.CLOSED,),
}
CLOSED_DAYS = ("7", "30", "90", "365")
NEAR_DIGITS = 3
_DEGREES = r"-?[0-9]{1,3}(?:\.[0-9]{1,12})?"
_NEAR = re.compile(rf"({_DEGREES}),({_DEGREES}),([0-9]{{1,5}})", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)
_DAY = re.compile(r"(?:19|2[0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}", re.ASCII)


def asked_for(address: Mapping[str, str]) -> tuple[Filter, dict[str, str]]:
    """Return what the values of an address ask for, and those that were given.

    What does not exist does not filter. Days are those of the city, and the last one counts whole; how long
    ago a case was closed is counted from the beginning of today in UTC.
    """
    asked = {name: text.one_line(address.get(name, "")[: 2 * LONGEST])[:LONGEST] for name in NAMES}
    category = departments.catalogue().category(asked["category"])
    department = departments.catalogue().department(asked["department"])
    ward = wards.areas().wards.get(asked["ward"]) or (asked["ward"] and wards.ward_by_code(asked["ward"]))
    since, until = (day(asked[name]) for name in ("since", "until"))
    answered_from, answered_until = (day(asked[f"answered-{end}"]) for end in ("from", "until"))
    wanted = Filter(
        words=asked["q"],
        category_id=category.id if category else None,
        ward_id=ward.id if ward else None,
        department_id=department.id if department else None,
        statuses=STATES.get(asked["state"], ()),
        outcome=Outcome(asked["outcome"]) if asked["outcome"] in list(Outcome) else None,
        notice_id=int(asked["notice"]) if _NUMBER.fullmatch(asked["notice"]) else None,
        has_photo=asked["photo"] == "1",
        received_from=_begins(since) if since else None,
        received_before=_begins(until + timedelta(days=1)) if until else None,
        closed_since=_days_ago(int(asked["closed"])) if asked["closed"] in CLOSED_DAYS else None,
        due_before=overdue.due_before(clock.now()) if asked["late"] == "1" else None,
        answered_from=_begins(answered_from) if answered_from else None,
        answered_before=_begins(answered_until + timedelta(days=1)) if answered_until else None,
        is_extended=asked["extended"] == "1",
        box=read_box(asked["box"]),
        near=read_near(asked["near"]),
    )
    if wanted.near is not None:
        asked["near"] = written_near(wanted.near)
    return wanted, {name: value for name, value in asked.items() if value}


def read_near(written: str) -> Circle | None:
    """Return the circle of an address, `36.012,129.512,500`: latitude, longitude, metres; else None.

    The middle counts to three decimals, some 100 m, so that no address has to say where somebody lives.
    """
    found = _NEAR.fullmatch(written)
    if found is None:
        return None
    lat, lon = (round(float(found[number]), NEAR_DIGITS) for number in (1, 2))
    radius_m = int(found[3])
    is_one = abs(lat) <= 90 and abs(lon) <= 180 and SMALLEST_RADIUS <= radius_m <= LARGEST_RADIUS
    return Circle(lat, lon, radius_m) if is_one else None


def written_near(circle: Circle) -> str:
    """Return a circle as addresses have it."""
    return f"{circle.lat:.{NEAR_DIGITS}f},{circle.lon:.{NEAR_DIGITS}f},{circle.radius_m}"


def day(written: str) -> date | None:
    """Return a day as a form sends it, `2026-11-18`, from 1900 on; None for anything else."""
    try:
        return date.fromisoformat(written) if _DAY.fullmatch(written) else None
    except ValueError:
        return None


def _begins(day: date) -> datetime:
    """Return the moment at which a day of the city begins."""
    city = cities.find()
    return datetime.combine(day, time(), tzinfo=city.zone if city else UTC)


def _days_ago(days: int) -> datetime:
    return datetime.combine(clock.now().astimezone(UTC).date(), time(), tzinfo=UTC) - timedelta(days=days)
