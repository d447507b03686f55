"""What sending and following share: what is due, how long a turn goes on, who is to blame for a failure."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from cps.core import clock, leases
from cps.core.db import transaction
from cps.core.leases import BEGUN_WITHIN, Turn
from cps.open311.outgoing import queries, services
from cps.open311.outgoing.models import SentCase
from cps.open311.outgoing.rules import FOR_GOOD, OF_SETTINGS, Failed, Stage, Trouble

NOTED_APART = timedelta(minutes=1)


def claim(turn: Turn, system: int, *stages: Stage, limit: int) -> list[int]:
    """Lease due cases of a system at one of these stages; none once the turn is over."""
    if turn.is_over():
        return []
    only = (SentCase.system_id == system, SentCase.stage.in_(stages))
    return leases.claim(SentCase, turn.owner, *only, limit=limit)


def must_stop(turn: Turn, began: float) -> bool:
    """Return whether another piece would outlast the turn, or the lease that began then (monotonic time)."""
    return turn.is_over() or time.monotonic() - began > BEGUN_WITHIN


def is_no_fault(failed: Failed) -> bool:
    """Return whether what was tried is to blame for nothing, and loses no try."""
    return failed.trouble in OF_SETTINGS


@contextmanager
def counted(key: int, owner: str, *, for_good: frozenset[Trouble] = frozenset()) -> Iterator[None]:
    """Write down why a case was not taken, or is not known; raises Failed where the system is to blame."""
    try:
        yield
    except Failed as failed:
        if is_no_fault(failed):
            raise
        leases.postpone(SentCase, key, owner, str(failed), for_good=failed.trouble in for_good)
        if failed.trouble not in FOR_GOOD:
            raise


def heard(system: int) -> None:
    """Note that a system answers; once a minute is enough while nothing is wrong with it."""
    row, at = queries.system(system), clock.now()
    if row is None:
        return
    is_fresh = row.heard_at is not None and row.heard_at > at - NOTED_APART
    if row.trouble or not is_fresh:
        with transaction():
            services.heard(system, at=at)
