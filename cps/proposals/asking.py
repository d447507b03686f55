"""The filters of the lists as addresses have them: read alike by the page, its map and its files."""

from collections.abc import Mapping
from dataclasses import replace

from cps.cases.asking import IN_COMMON, in_common, values_of
from cps.cases.queries import Filter
from cps.cases.rules import CaseKind
from cps.proposals.queries.lists import STATUSES, Stage, Wanted

ALL = "all"
NAMES = ("stage", *IN_COMMON)
WITHIN_A_STAGE = frozenset({"stage", "category", "ward", "box"})
"""Filters of somebody who looks around in one stage; whoever asks for anything else looks everywhere."""


def asked_for(address: Mapping[str, str], *, usual: Stage | None = None) -> tuple[Wanted, dict[str, str]]:
    """Return what the values of an address ask for, and those that were given.

    What does not exist does not filter. Where no stage is given it is the usual one, or every one where the
    address asks for words, days, a department, a circle or what is late.
    """
    asked = values_of(address, NAMES)
    given = {name: value for name, value in asked.items() if value}
    looks_everywhere = asked["stage"] == ALL or not given.keys() <= WITHIN_A_STAGE
    stage = None if looks_everywhere else usual
    wanted = Wanted(
        Stage(asked["stage"]) if asked["stage"] in list(Stage) else stage,
        replace(in_common(asked), kind=CaseKind.PROPOSAL),
    )
    return wanted, given


def as_filter(wanted: Wanted) -> Filter:
    """Return the same for maps and files, which read cases of every kind alike."""
    return replace(wanted.narrowed, statuses=STATUSES[wanted.stage] if wanted.stage is not None else ())
