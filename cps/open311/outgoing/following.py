"""Asking other systems what became of the cases that they got."""

import time
from collections.abc import Sequence

from cps.cases import queries as cases
from cps.core import city as cities
from cps.core import clock, leases
from cps.core.db import db, transaction
from cps.core.leases import Turn
from cps.open311.outgoing import queries, services, wire
from cps.open311.outgoing.models import SentCase
from cps.open311.outgoing.rules import MOST_ANSWERED, ONE_BY_ONE, Failed, Stage, There, Trouble
from cps.open311.outgoing.trying import claim, counted, heard, must_stop
from cps.open311.outgoing.wire import Endpoint


def follow(turn: Turn, system: int, endpoint: Endpoint) -> int:
    """Ask about cases that were sent, many at once; those of which nothing is said then one by one.

    Returns about how many. Raises Failed where the system is the trouble; what was not tried is given back.
    """
    keys = claim(turn, system, Stage.OPEN, Stage.CLOSED, limit=MOST_ANSWERED)
    if not keys:
        return 0
    began = time.monotonic()
    numbers = queries.numbers(keys)
    db.session.rollback()
    left = list(keys)
    try:
        found = _asked_together(endpoint, [numbers[key] for key in keys if key in numbers])
        for key in keys:
            if key != keys[0] and must_stop(turn, began):
                break
            number = numbers.get(key, "")
            there = found.get(number) or _asked_alone(endpoint, key, number, turn.owner)
            if there is not None:
                looked(key, turn.owner, there)
            left.remove(key)
        heard(system)
    finally:
        leases.give_back(SentCase, left, turn.owner)
    return len(keys) - len(left)


def _asked_together(endpoint: Endpoint, numbers: Sequence[str]) -> dict[str, There]:
    asked = [number for number in numbers if wire.is_number(number)]
    if len(asked) < 2:
        return {}
    try:
        return wire.look(endpoint, asked)
    except Failed as failed:
        if failed.trouble in ONE_BY_ONE:
            return {}
        raise


def _asked_alone(endpoint: Endpoint, key: int, number: str, owner: str) -> There | None:
    """Return what is said of one case; where it is not known the look is counted as a failed one."""
    there = None
    with counted(key, owner):
        there = wire.look(endpoint, [number]).get(number)
        if there is None:
            raise Failed(Trouble.NOT_FOUND)
    return there


def open_there(endpoint: Endpoint, number: str) -> There | None:
    """Return what is said of a case that is open there by this number; None for one done or gone."""
    try:
        there = wire.look(endpoint, [number]).get(number) if number else None
    except Failed as failed:
        if failed.trouble in ONE_BY_ONE:
            return None
        raise
    return there if there is not None and not there.is_closed else None


def looked(key: int, owner: str, there: There) -> None:
    """Keep and tell what is said of a case."""
    reference = queries.references([key]).get(key)
    if reference is None:
        return
    with transaction():
        case = cases.lock_case(reference)
        services.mark_looked(key, owner, case, there, city=cities.get(), at=clock.now())
