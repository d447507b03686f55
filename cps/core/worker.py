"""The worker: does what is due, again and again, until it is asked to stop."""

import logging
import threading
from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError

from cps.core import audit, outbox
from cps.core.db import db, transaction

log = logging.getLogger(__name__)

IDLE_SECONDS = 1.0
TROUBLE_SECONDS = 5.0

Round = Callable[[str], int]
"""One kind of work: takes the worker's name, does some of what is due, returns how much it did."""

_rounds: list[Round] = []


def each_round(work: Round) -> Round:
    """Register work that is looked for in every round."""
    _rounds.append(work)
    return work


def run_once(owner: str) -> int:
    """Do one round of everything that is due; returns how many pieces were tried."""
    done = outbox.run_due(owner)
    for work in _rounds:
        done += work(owner)
    with transaction():
        audit.chain_new_rows()
    return done


def run_until_idle(owner: str, *, most_rounds: int = 100) -> int:
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
    owner = outbox.worker_name()
    log.info("worker started", extra={"worker": owner})
    while not stop.is_set():
        try:
            done = run_once(owner)
            pause = 0.0 if done else IDLE_SECONDS
        except SQLAlchemyError:
            log.exception("database unavailable; waiting")
            pause = TROUBLE_SECONDS
        finally:
            db.session.remove()
        stop.wait(pause)
    log.info("worker stopped", extra={"worker": owner})
