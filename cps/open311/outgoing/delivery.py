"""The rounds in which cases leave for other systems, and in which those are asked what became of them.

At least once: between their answer and our commit a worker can die, or the line break; then the same case
goes again under the same `Idempotency-Key`, by which the other system knows it. Requests of people never
wait for another system, and no transaction stays open while one is talked to. A system that does not answer
is left alone for a growing time, by all workers; other systems go on meanwhile.
"""

import logging
import random
import time
from collections.abc import Callable

from cps.cases import queries as cases
from cps.core import clock, leases
from cps.core.db import db, transaction
from cps.core.leases import Turn
from cps.open311.outgoing import queries, services, wire
from cps.open311.outgoing.belonging import why_not_followed
from cps.open311.outgoing.composing import endpoint_of, service_request_of
from cps.open311.outgoing.following import follow, looked, open_there
from cps.open311.outgoing.models import SentCase
from cps.open311.outgoing.rules import FOR_GOOD, OFTEN, TOKEN_FOR, Ending, Failed, Stage, Trouble
from cps.open311.outgoing.trying import claim, counted, heard, is_no_fault, must_stop
from cps.open311.outgoing.wire import Endpoint, ServiceRequest

log = logging.getLogger(__name__)

SENT_AT_ONCE = 10

Piece = Callable[[Endpoint, int, str], bool]
"""Does one piece; returns whether the system was asked."""


def deliver(turn: Turn) -> int:
    """Send and follow what is due at every system that may be asked now; returns how many were tried."""
    done = 0
    for key, endpoint in _endpoints():
        try:
            done += _each(turn, key, endpoint, Stage.WAITING, _send)
            done += _each(turn, key, endpoint, Stage.TAKEN, _ask_token)
            done += follow(turn, key, endpoint)
        except Failed as failed:
            _failed(key, failed)
    return done


def _endpoints() -> list[tuple[int, Endpoint]]:
    """Return the systems that may be asked, in any order: a slow one takes the whole turn only at times."""
    found = [(row.id, endpoint_of(row)) for row in queries.awake(clock.now())]
    db.session.rollback()
    random.shuffle(found)
    return found


def _each(turn: Turn, system: int, endpoint: Endpoint, stage: Stage, piece: Piece) -> int:
    """Do one piece after the other of what is due; returns how many were tried.

    Raises Failed where the system is the trouble; what was not tried is given back.
    """
    keys = claim(turn, system, stage, limit=SENT_AT_ONCE)
    began, tried = time.monotonic(), 0
    try:
        while tried < len(keys) and not (tried and must_stop(turn, began)):
            tried += 1
            if piece(endpoint, keys[tried - 1], turn.owner):
                heard(system)
    except Failed as failed:
        tried -= is_no_fault(failed)
        raise
    finally:
        leases.give_back(SentCase, keys[tried:], turn.owner)
    return tried


def _send(endpoint: Endpoint, key: int, owner: str) -> bool:
    """Send one case and keep its number; raises Failed where the system is the trouble.

    One that was done there, and by now is open there as well, is followed under the number that it has.
    """
    service_request = _service_request(endpoint, key, owner)
    if service_request is None:
        return False
    with counted(key, owner, for_good=FOR_GOOD):
        there = open_there(endpoint, service_request.before)
        if there is not None:
            looked(key, owner, there)
            return True
        found = wire.send(endpoint, service_request)
        with transaction():
            services.mark_sent(key, owner, cases.lock_case(service_request.reference), found, at=clock.now())
    return True


def _service_request(endpoint: Endpoint, key: int, owner: str) -> ServiceRequest | None:
    """Return a case as it is sent, or None where it is not to be sent any more."""
    found = queries.sent(key)
    if found is None:
        return None
    row, case, photo = found
    why = why_not_followed(row, case)
    service_request = service_request_of(row, case, photo, at=clock.now())
    db.session.rollback()
    if _is_ended(key, owner, why):
        return None
    if not endpoint.key:
        raise Failed(Trouble.KEY_LOST)
    if not any(name in {"lat", "address_string"} for name, _value in service_request.fields):
        leases.postpone(SentCase, key, owner, str(Failed(Trouble.NO_PLACE)), for_good=True)
        return None
    return service_request


def _is_ended(key: int, owner: str, why: Ending | None) -> bool:
    """End a case where there is a reason; returns whether there was one."""
    if why is None:
        return False
    with transaction():
        services.end(key, owner, why, at=clock.now())
    return True


def _ask_token(endpoint: Endpoint, key: int, owner: str) -> bool:
    """Ask whether a case has its number now; after a month without one an administrator looks at it."""
    found = queries.sent(key)
    if found is None:
        return False
    row, case, _photo = found
    token, sent_at, why = row.token, row.sent_at, why_not_followed(row, case)
    db.session.rollback()
    if _is_ended(key, owner, why):
        return False
    with counted(key, owner):
        number = wire.number_of(endpoint, token)
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


def _failed(system: int, failed: Failed) -> None:
    log.warning("another system is in trouble: %s", failed, extra={"system": system})
    with transaction():
        services.failed(system, failed, at=clock.now())
