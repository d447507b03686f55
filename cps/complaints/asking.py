"""The filters of the public list as addresses have them: read alike by the list, its map and its files."""

import re
from collections.abc import Mapping

from cps.cases.queries import Filter
from cps.cases.rules import Colour, Outcome, Status, colour
from cps.core import text
from cps.departments import queries as departments
from cps.wards import queries as wards

LONGEST = 200
NAMES = ("q", "category", "ward", "state", "outcome", "notice")
STATES = {
    "waiting": tuple(s for s in Status if colour(s) is Colour.WAITING),
    "in-hand": tuple(s for s in Status if colour(s) is Colour.IN_HAND),
    "done": (Status.CLOSED,),
}
_NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)


def asked_for(address: Mapping[str, str]) -> tuple[Filter, dict[str, str]]:
    """Return what the values of an address ask for, and those that were given.

    What does not exist does not filter.
    """
    asked = {name: text.one_line(address.get(name, "")[: 2 * LONGEST])[:LONGEST] for name in NAMES}
    category = departments.catalogue().category(asked["category"])
    ward = wards.areas().wards.get(asked["ward"]) or (asked["ward"] and wards.ward_by_code(asked["ward"]))
    wanted = Filter(
        words=asked["q"],
        category_id=category.id if category else None,
        ward_id=ward.id if ward else None,
        statuses=STATES.get(asked["state"], ()),
        outcome=Outcome(asked["outcome"]) if asked["outcome"] in list(Outcome) else None,
        notice_id=int(asked["notice"]) if _NUMBER.fullmatch(asked["notice"]) else None,
    )
    return wanted, {name: value for name, value in asked.items() if value}
