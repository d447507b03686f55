"""Filters of public lists as addresses have them, read alike for complaints and for proposals."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta

from cps.cases import overdue
from cps.cases.queries import Filter
from cps.cases.rules.boxes import read_box
from cps.core import city as cities
from cps.core import clock, text
from cps.departments import queries as departments
from cps.notices.rules import LARGEST_RADIUS, SMALLEST_RADIUS, Circle
from cps.wards import queries as wards

LONGEST = 200
IN_COMMON = (
    *("q", "category", "ward", "department", "since", "until", "box", "near"),
    *("late", "extended", "answered-from", "answered-until"),
)
"""The filters that lists of every kind of case have."""

NEAR_DIGITS = 3
_DEGREES = r"-?[0-9]{1,3}(?:\.[0-9]{1,12})?"
_NEAR = re.compile(rf"({_DEGREES}),({_DEGREES}),([0-9]{{1,5}})", re.ASCII)
_DAY = re.compile(r"(?:19|2[0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}", re.ASCII)


def values_of(address: Mapping[str, str], names: Iterable[str]) -> dict[str, str]:
    """Return what an address gives under these names, each in one line, empty where it gives nothing."""
    asked = {name: text.one_line(address.get(name, "")[: 2 * LONGEST])[:LONGEST] for name in names}
    circle = read_near(asked["near"])
    return asked | ({"near": written_near(circle)} if circle else {})


def in_common(asked: Mapping[str, str]) -> Filter:
    """Return what the values of an address ask of a list of any kind.

    What does not exist does not filter. Days are those of the city, and the last one counts whole.
    """
    category = departments.catalogue().category(asked["category"])
    department = departments.catalogue().department(asked["department"])
    ward = wards.areas().wards.get(asked["ward"]) or (asked["ward"] and wards.ward_by_code(asked["ward"]))
    return Filter(
        words=asked["q"],
        category_id=category.id if category else None,
        ward_id=ward.id if ward else None,
        department_id=department.id if department else None,
        received_from=_begins(day(asked["since"])),
        received_before=_ends(day(asked["until"])),
        due_before=overdue.due_before(clock.now()) if asked["late"] == "1" else None,
        answered_from=_begins(day(asked["answered-from"])),
        answered_before=_ends(day(asked["answered-until"])),
        is_extended=asked["extended"] == "1",
        box=read_box(asked["box"]),
        near=read_near(asked["near"]),
    )


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


def _begins(day: date | None) -> datetime | None:
    """Return the moment at which a day of the city begins."""
    city = cities.find()
    return datetime.combine(day, time(), tzinfo=city.zone if city else UTC) if day else None


def _ends(day: date | None) -> datetime | None:
    return _begins(day + timedelta(days=1)) if day else None
