"""What the worker does for polls, a piece at a time, each in transactions of its own.

Any number of workers may do it at once: a piece that another took first is left to it. No piece keeps other
work waiting for much longer than a second, however large a poll is.
"""

import logging
import tempfile
from collections.abc import Callable
from datetime import datetime

from cps.core import city, clock
from cps.core.db import db, transaction
from cps.core.errors import ConfigurationError
from cps.core.keys import app_keys_dir
from cps.core.leases import Turn
from cps.core.storage import current_storage
from cps.departments import queries as departments
from cps.polls import key_files, queries
from cps.polls.bundle import Kind
from cps.polls.key_ring import specification_of, worker_keys
from cps.polls.keys import WorkerKeys
from cps.polls.models import Poll
from cps.polls.pieces import Pieces, UnderWay
from cps.polls.rules import PollState
from cps.polls.services import counting, course, ledger, publishing

log = logging.getLogger(__name__)

Piece = Callable[[Poll, datetime], bool]

_under_way = UnderWay()


def work(turn: Turn) -> int:
    """Do what is due, a piece for each poll in turn, until the turn is over; returns how many were done."""
    done, polls = 0, queries.at_work()
    _under_way.forget_all_but(polls)
    slugs = [poll.slug for poll in polls]
    while slugs and not turn.is_over():
        slugs = [slug for slug in slugs if not turn.is_over() and work_on(slug)]
        done += len(slugs)
    return done


def work_on(slug: str) -> bool:
    """Do one piece for a poll; False when nothing is due now."""
    db.session.rollback()
    poll, at = queries.find_poll(slug), clock.now()
    if poll is None:
        return False
    try:
        return _PIECES[poll.state](poll, at) if poll.state in _PIECES else False
    except ledger.SomebodyElse:
        return False
    except ConfigurationError as error:
        log.warning("a poll waits for its keys", extra={"poll": slug, "error": str(error)})
        return False


def _open(poll: Poll, at: datetime) -> bool:
    if poll.closes_at is not None and at >= poll.closes_at:
        poll_id = poll.id
        with transaction():
            return course.close_if_over(poll_id)
    if ledger.batch_is_due(poll, at):
        _take_batch(poll, at)
        return True
    return False


def _take_batch(poll: Poll, at: datetime) -> None:
    worker = worker_keys(poll)
    batch = ledger.next_batch(poll, worker)
    with transaction():
        ledger.take(batch, worker, at=at)


def _closed(poll: Poll, at: datetime) -> bool:
    head = queries.last_head(poll.id)
    if head is not None and not head.is_final:
        _take_batch(poll, at)
        return True
    if not counting.paper_is_settled(poll):
        return False
    worker = worker_keys(poll)
    ballots = _under_way.go_on(poll, lambda: counting.collected(poll, worker))
    if ballots is None:
        return True
    result, version = counting.counted(poll, ballots), poll.version
    with transaction():
        locked = queries.lock_poll(poll.slug)
        if locked.version != version:
            return False
        counting.finish(locked, result, at=at)
    return True


def _tallied(poll: Poll, at: datetime) -> bool:
    if poll.publish_asked_at is None:
        return False
    worker, slug = worker_keys(poll), poll.slug
    bundles = _under_way.go_on(poll, lambda: _made_public(slug, worker))
    if bundles is None:
        return True
    with transaction():
        locked = queries.lock_poll(slug)
        if locked.state is not PollState.TALLIED:
            return False
        publishing.publish(locked, bundles, zone=city.get().zone, at=at)
    return True


def _made_public(slug: str, worker: WorkerKeys) -> Pieces[dict[Kind, str]]:
    """Keep the receipts in many short transactions, then the bundles; returns the SHA-256 of each.

    A bundle says as its moment when it was asked for, so that every worker writes the same.
    """
    for rows in publishing.receipts(queries.get_poll(slug), worker):
        with transaction():
            publishing.keep_receipts(rows)
        yield
    digests = {}
    for kind in publishing.bundles_of(queries.get_poll(slug)):
        poll = queries.get_poll(slug)
        asked_at = poll.publish_asked_at or clock.now()
        with tempfile.TemporaryFile() as file:
            digests[kind] = yield from publishing.write(poll, worker, file, kind, at=asked_at)
            current_storage().put(publishing.bundle_key(slug, kind), file, "application/zip")
        yield
    return digests


def _final(poll: Poll, at: datetime) -> bool:
    """Destroy this server's keys of a poll that has ended, with the file for its witnesses, and say so."""
    if poll.keys_destroyed_at is not None:
        return False
    current_storage().delete(publishing.bundle_key(poll.slug, Kind.OBSERVER))
    key_files.destroy(app_keys_dir(), poll.slug, heads_public=specification_of(poll).keys.heads)
    with transaction():
        publishing.keys_are_gone(queries.lock_poll(poll.slug), at=at)
    return True


def _void(poll: Poll, at: datetime) -> bool:
    """Destroy the keys of a void poll, too, once there was as much time to question it as a result has."""
    calendar = departments.working_calendar(city.get().zone)
    if at < calendar.add_working_days(poll.updated_at, poll.objection_days):
        return False
    return _final(poll, at)


_PIECES: dict[PollState, Piece] = {
    PollState.OPEN: _open,
    PollState.CLOSED: _closed,
    PollState.TALLIED: _tallied,
    PollState.FINAL: _final,
    PollState.VOID: _void,
}
