"""The worker: does what is due, again and again, until it is asked to stop.

Any number of workers may run at once, on any number of machines. Asked to stop, a worker finishes the piece
it is at, gives back what it has claimed beyond that, and ends.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from cps.core import audit, clock, leases, outbox, upkeep
from cps.core.db import db, transaction
from cps.core.leases import Turn, worker_name

log = logging.getLogger(__name__)

IDLE_SECONDS = 1.0
TROUBLE_SECONDS = 5.0
UPKEEP_SECONDS = 3600.0

Result = TypeVar("Result")
Round = Callable[[Turn], int]
"""One kind of work: does some of what is due until its turn is over, returns how many pieces it tried."""

_rounds: list[Round] = []


def each_round(work: Round) -> Round:
    """Register work that is looked for in every round."""
    _rounds.append(work)
    return work


def run_once(owner: str, stop: threading.Event | None = None) -> int:
    """Do one round of everything that is due; returns how many pieces were tried."""
    asked = stop or threading.Event()
    done = sum(work(Turn(owner, asked)) for work in (outbox.run_due, *_rounds))
    if audit.has_new_rows():
        with transaction():
            audit.chain_new_rows()
    return done


def run_until_idle(owner: str = "here", *, most_rounds: int = 1_000) -> int:
    """Do rounds until nothing is due; returns how many pieces were tried."""
    total = 0
    for _round in range(most_rounds):
        done = run_once(owner)
        total += done
        if done == 0:
            break
    return total


def run(stop: threading.Event) -> None:
    """Work until `stop` is set; a database that is gone for a while is waited for."""
    owner = worker_name()
    next_upkeep = time.monotonic()
    log.info("worker started", extra={"worker": owner})
    while not stop.is_set():
        if time.monotonic() >= next_upkeep:
            next_upkeep = time.monotonic() + UPKEEP_SECONDS
            _carefully(lambda: upkeep.run(clock.now(), stop))
        if (done := _carefully(lambda: run_once(owner, stop))) is None:
            stop.wait(TROUBLE_SECONDS)
            _carefully(lambda: leases.let_go(owner))
        elif done == 0:
            stop.wait(IDLE_SECONDS)
    log.info("worker stopped", extra={"worker": owner})


def _carefully(work: Callable[[], Result]) -> Result | None:
    """Do the work; what goes wrong is logged, and then there is no result."""
    try:
        return work()
    except (OperationalError, PoolTimeout) as error:
        log.warning("database unavailable", extra={"error": type(error).__name__})
    except Exception:
        log.exception("a round failed")
    finally:
        db.session.remove()
    return None
