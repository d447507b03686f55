"""The filters of the public list as addresses have them: read alike by the list, its map and its files."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from cps.cases.asking import IN_COMMON, in_common, values_of
from cps.cases.queries import Filter
from cps.cases.rules import Colour, Outcome, Status, colour
from cps.core import clock

NAMES = (*IN_COMMON, "state", "photo", "closed", "outcome", "notice")
STATES = {
    "waiting": tuple(s for s in Status if colour(s) is Colour.WAITING),
    "in-hand": tuple(s for s in Status if colour(s) is Colour.IN_HAND),
    "done": (Status.CLOSED,),
}
CLOSED_DAYS = ("7", "30", "90", "365")
_NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)


def asked_for(address: Mapping[str, str]) -> tuple[Filter, dict[str, str]]:
    """Return what the values of an address ask for, and those that were given.

    What does not exist does not filter. How long ago a case was closed is counted from the beginning of today
    in UTC.
    """
    asked = values_of(address, NAMES)
    wanted = replace(
        in_common(asked),
        statuses=STATES.get(asked["state"], ()),
        outcome=Outcome(asked["outcome"]) if asked["outcome"] in list(Outcome) else None,
        notice_id=int(asked["notice"]) if _NUMBER.fullmatch(asked["notice"]) else None,
        has_photo=asked["photo"] == "1",
        closed_since=_days_ago(int(asked["closed"])) if asked["closed"] in CLOSED_DAYS else None,
    )
    return wanted, {name: value for name, value in asked.items() if value}


def _days_ago(days: int) -> datetime:
    return datetime.combine(clock.now().astimezone(UTC).date(), time(), tzinfo=UTC) - timedelta(days=days)
