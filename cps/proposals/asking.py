"""The filters of the lists as addresses have them: read alike by the page, its map and its files."""

from collections.abc import Mapping

from cps.cases.queries import Filter
from cps.cases.rules import CaseKind
from cps.cases.rules.boxes import read_box
from cps.core import text
from cps.departments import queries as departments
from cps.proposals.queries.lists import STATUSES, Stage, Wanted
from cps.wards import queries as wards

LONGEST = 200
ALL = "all"
NAMES = ("stage", "q", "category", "ward", "box")


def asked_for(address: Mapping[str, str], *, usual: Stage | None = None) -> tuple[Wanted, dict[str, str]]:
    """Return what the values of an address ask for, and those that were given.

    What does not exist does not filter. Where no stage is given it is the usual one, or every one for words.
    """
    asked = {name: text.one_line(address.get(name, "")[: 2 * LONGEST])[:LONGEST] for name in NAMES}
    category = departments.catalogue().category(asked["category"])
    ward = wards.areas().wards.get(asked["ward"])
    stage = None if asked["q"] or asked["stage"] == ALL else usual
    wanted = Wanted(
        stage=Stage(asked["stage"]) if asked["stage"] in list(Stage) else stage,
        words=asked["q"],
        category_id=category.id if category else None,
        ward_id=ward.id if ward else None,
        box=read_box(asked["box"]),
    )
    return wanted, {name: value for name, value in asked.items() if value}


def as_filter(wanted: Wanted) -> Filter:
    """Return the same for maps and files, which read cases of every kind alike."""
    return Filter(
        kind=CaseKind.PROPOSAL,
        words=wanted.words,
        category_id=wanted.category_id,
        ward_id=wanted.ward_id,
        statuses=STATUSES[wanted.stage] if wanted.stage is not None else (),
        outcome=wanted.outcome,
        box=wanted.box,
    )
