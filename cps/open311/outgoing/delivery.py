"""The rounds in which cases leave for other systems, and in which those are asked what became of them.

At least once: between their answer and our commit a worker can die, or the line break; then the same case
goes again under the same `Idempotency-Key`, its own number, by which the other system knows it. Requests of
people never wait for another system, and no transaction stays open while one is talked to. A system that does
not answer is left alone for a growing time, by all workers; other systems go on meanwhile.
"""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

from cps.cases import queries as cases
from cps.core import city as cities
from cps.core import clock, leases
from cps.core.db import db, transaction
from cps.core.leases import LEASE, Turn
from cps.open311.outgoing import queries, services, wire
from cps.open311.outgoing.letters import letter_of, line_of
from cps.open311.outgoing.models import SentCase
from cps.open311.outgoing.rules import (
    FOR_GOOD,
    MOST_ANSWERED,
    OF_SETTINGS,
    OFTEN,
    ONE_BY_ONE,
    TOKEN_FOR,
    Failed,
    Stage,
    There,
    Trouble,
)
from cps.open311.outgoing.wire import Letter, Line

log = logging.getLogger(__name__)

SENT_AT_ONCE = 10
HALF_A_LEASE = LEASE.total_seconds() / 2

Piece = Callable[[Line, int, str], bool]
"""Does one piece; returns whether the system was asked."""


def deliver(turn: Turn) -> int:
    """Send and follow what is due at every system that may be asked now; returns how many were tried."""
    done = 0
    for key, line in _lines():
        try:
            done += _each(turn, key, line, Stage.WAITING, _send)
            done += _each(turn, key, line, Stage.TAKEN, _ask_token)
            done += _follow(turn, key, line)
        except Failed as failed:
            _failed(key, failed)
    return done


def _lines() -> list[tuple[int, Line]]:
    found = [(row.id, line_of(row)) for row in queries.awake(clock.now())]
    db.session.rollback()
    return found


def _each(turn: Turn, system: int, line: Line, stage: Stage, piece: Piece) -> int:
    """Do one piece after the other of what is due; returns how many were tried.

    Raises Failed where the system is the trouble; what was not tried is given back.
    """
    keys = _claim(turn, system, stage, limit=SENT_AT_ONCE)
    began, tried = time.monotonic(), 0
    try:
        while tried < len(keys) and not (tried and _must_stop(turn, began)):
            tried += 1
            if piece(line, keys[tried - 1], turn.owner):
                _heard(system)
    except Failed as failed:
        tried -= _is_no_fault(failed)
        raise
    finally:
        leases.give_back(SentCase, keys[tried:], turn.owner)
    return tried


def _claim(turn: Turn, system: int, *stages: Stage, limit: int) -> list[int]:
    if turn.is_over():
        return []
    only = (SentCase.system_id == system, SentCase.stage.in_(stages))
    return leases.claim(SentCase, turn.owner, *only, limit=limit)


def _must_stop(turn: Turn, began: float) -> bool:
    return turn.is_over() or time.monotonic() - began > HALF_A_LEASE


def _is_no_fault(failed: Failed) -> bool:
    """Return whether what was tried is to blame for nothing, and loses no try."""
    return failed.trouble in OF_SETTINGS


def _send(line: Line, key: int, owner: str) -> bool:
    """Send one case and keep its number; raises Failed where the system is the trouble."""
    letter = _letter(line, key, owner)
    if letter is None:
        return False
    with _counted(key, owner, for_good=FOR_GOOD):
        found = wire.send(line, letter)
        with transaction():
            services.mark_sent(key, owner, cases.lock_case(letter.reference), found, at=clock.now())
    return True


def _letter(line: Line, key: int, owner: str) -> Letter | None:
    """Return a case as it is sent, or None where it is not to be sent any more."""
    found = queries.sent(key)
    if found is None:
        return None
    row, case, photo = found
    why = queries.why_not_followed(row, case)
    letter = letter_of(row.system, case, photo)
    db.session.rollback()
    if why is not None:
        with transaction():
            services.end(key, owner, why, at=clock.now())
        return None
    if not line.key:
        raise Failed(Trouble.KEY_LOST)
    if not any(name in {"lat", "address_string"} for name, _value in letter.fields):
        leases.postpone(SentCase, key, owner, str(Failed(Trouble.NO_PLACE)), for_good=True)
        return None
    return letter


def _ask_token(line: Line, key: int, owner: str) -> bool:
    """Ask whether a case has its number now; after a month without one an administrator looks at it."""
    found = queries.sent(key)
    if found is None:
        return False
    row, case, _photo = found
    token, sent_at, why = row.token, row.sent_at, queries.why_not_followed(row, case)
    db.session.rollback()
    if why is not None:
        with transaction():
            services.end(key, owner, why, at=clock.now())
        return False
    with _counted(key, owner):
        number = wire.number_of(line, token)
        at = clock.now()
        if number:
            with transaction():
                services.mark_number(key, owner, number, at=at)
        elif sent_at is not None and sent_at + TOKEN_FOR <= at:
            leases.postpone(SentCase, key, owner, str(Failed(Trouble.NO_TOKEN)), for_good=True)
        else:
            with transaction():
                services.put_off(key, owner, at + OFTEN, at=at)
    return True


@contextmanager
def _counted(key: int, owner: str, *, for_good: frozenset[Trouble] = frozenset()) -> Iterator[None]:
    """Write down why a case was not taken, or is not known; raises Failed where the system is to blame."""
    try:
        yield
    except Failed as failed:
        if _is_no_fault(failed):
            raise
        leases.postpone(SentCase, key, owner, str(failed), for_good=failed.trouble in for_good)
        if failed.trouble not in FOR_GOOD:
            raise


def _follow(turn: Turn, system: int, line: Line) -> int:
    """Ask about cases that were sent, many at once; those of which nothing is said then one by one.

    Raises Failed as `_each` does.
    """
    keys = _claim(turn, system, Stage.OPEN, Stage.CLOSED, limit=MOST_ANSWERED)
    if not keys:
        return 0
    began = time.monotonic()
    numbers = queries.numbers(keys)
    db.session.rollback()
    left = list(keys)
    try:
        found = _asked_together(line, [numbers[key] for key in keys if key in numbers])
        for key in keys:
            if key != keys[0] and _must_stop(turn, began):
                break
            there = found.get(numbers.get(key, "")) or _asked_alone(
                line, key, numbers.get(key, ""), turn.owner
            )
            if there is not None:
                _looked(key, turn.owner, there)
            left.remove(key)
        _heard(system)
    finally:
        leases.give_back(SentCase, left, turn.owner)
    return len(keys) - len(left)


def _asked_together(line: Line, numbers: Sequence[str]) -> dict[str, There]:
    asked = [number for number in numbers if wire.is_number(number)]
    if len(asked) < 2:
        return {}
    try:
        return wire.look(line, asked)
    except Failed as failed:
        if failed.trouble in ONE_BY_ONE:
            return {}
        raise


def _asked_alone(line: Line, key: int, number: str, owner: str) -> There | None:
    """Return what is said of one case; where it is not known the look is counted as a failed one."""
    there = None
    with _counted(key, owner):
        there = wire.look(line, [number]).get(number)
        if there is None:
            raise Failed(Trouble.NOT_FOUND)
    return there


def _looked(key: int, owner: str, there: There) -> None:
    reference = queries.references([key]).get(key)
    if reference is None:
        return
    with transaction():
        case = cases.lock_case(reference)
        services.mark_looked(key, owner, case, there, city=cities.get(), at=clock.now())


def _heard(system: int) -> None:
    row = queries.system(system)
    at = clock.now()
    if row is None or (
        not row.trouble and row.heard_at is not None and row.heard_at > at - timedelta(minutes=1)
    ):
        return
    with transaction():
        services.heard(system, at=at)


def _failed(system: int, failed: Failed) -> None:
    log.warning("another system is in trouble: %s", failed, extra={"system": system})
    with transaction():
        services.failed(system, failed, at=clock.now())
