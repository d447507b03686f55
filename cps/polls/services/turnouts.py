"""Who voted, by ward and age, from the roll and the register."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from cps.core import city
from cps.polls import queries
from cps.polls.eligibility import born_between, read_cell
from cps.polls.models import Poll
from cps.polls.rules import CountKey
from cps.polls.specification import Specification
from cps.polls.turnout import Group, Turnout, turnout
from cps.residents import queries as residents
from cps.wards import queries as wards

UNKNOWN_WARD = "-"
UNKNOWN_AGE = 0


def turnout_of(poll: Poll) -> Turnout:
    """Return what may be published of the turnout of a poll, small groups hidden.

    How many may vote is that of the opening. Where people came or moved since, so that more of a group voted
    than could then, nothing is said of it.
    """
    voted: dict[tuple[str, int], int] = {}
    for cell, number in queries.on_roll_by_cell(poll.id).items():
        ward, band = read_cell(cell)
        place = (ward or UNKNOWN_WARD, UNKNOWN_AGE if band is None else band)
        voted[place] = voted.get(place, 0) + number
    eligible = _eligible_at_opening(poll)
    if eligible is None or any(number > eligible.get(place, 0) for place, number in voted.items()):
        return turnout({place: Group(None, number) for place, number in voted.items()})
    places = {*voted, *eligible}
    return turnout({place: Group(eligible.get(place, 0), voted.get(place, 0)) for place in places})


def eligible_now(specification: Specification) -> dict[str, Any]:
    """Return how many may vote in each cell, as a poll keeps it from its opening on."""
    found = _eligible(specification)
    if found is None:
        return {}
    return {"eligible": [[ward, age, number] for (ward, age), number in sorted(found.items())]}


def _eligible_at_opening(poll: Poll) -> dict[tuple[str, int], int] | None:
    cells = poll.turnout.get("eligible")
    return None if cells is None else {(ward, age): number for ward, age, number in cells}


def kept(found: Turnout) -> dict[str, Any]:
    """Return a turnout as a poll keeps it: working it out takes a second where there are many wards."""
    shown = [
        [ward, age, group.eligible, group.voted]
        for (ward, age), group in sorted(found.shown.items(), key=lambda item: str(item[0]))
    ]
    return {"wards": [*found.wards], "ages": [*found.ages], "shown": shown}


def read_kept(plain: Mapping[str, Any]) -> Turnout:
    """Return the turnout that a published poll keeps."""
    shown = {(ward, age): Group(eligible, voted) for ward, age, eligible, voted in plain["shown"]}
    return Turnout(tuple(plain["wards"]), tuple(plain["ages"]), shown)


def last_day(specification: Specification) -> date:
    """Return the day of the close as it was announced, on which ages are counted."""
    return specification.closes_at.astimezone(city.get().zone).date()


def _eligible(specification: Specification) -> dict[tuple[str, int], int] | None:
    """Return how many of the register may vote in each cell; None where the register does not decide."""
    who = specification.who
    if specification.eligible is None or specification.key is not CountKey.REGISTER or who.listed:
        return None
    codes = {ward.id: code for code, ward in wards.all_by_code().items()}
    wanted = None if who.wards is None else [id_ for id_, code in codes.items() if code in who.wards]
    bounds = _bands(specification)
    day = last_day(specification)
    spans = [born_between(first, last, day) for first, last in bounds.values()]
    found = residents.cells([(first or date.min, last or day) for first, last in spans], wanted)
    bands = [*bounds]
    return {(codes[ward_id], bands[place]): number for (ward_id, place), number in found.items()}


def _bands(specification: Specification) -> dict[int, tuple[int | None, int | None]]:
    """Return by lower bound of each band the first and last age of it that may vote; None has no bound."""
    who = specification.who
    starts = [UNKNOWN_AGE, *specification.age_bands]
    bands = {}
    for start, following in zip(starts, [*starts[1:], None], strict=True):
        first = max(start, who.age_from or 0)
        ends = [age for age in (who.age_to, following and following - 1) if age is not None]
        last = min(ends, default=None)
        if last is None or first <= last:
            bands[start] = (first or None, last)
    return bands
