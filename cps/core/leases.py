"""Leases: how several workers share rows of work, so that each piece is done and none by two at once.

A worker claims due rows for `LEASE`. What it finishes it marks done, what fails it gives back with a growing
pause, what failed `MOST_ATTEMPTS` times is laid aside for an administrator. The rows of a worker that was
killed are due again when their lease ends, so nothing is lost. Whoever finishes a row first asks whether the
lease is still theirs (`still_ours`); no piece may take longer than the lease.

A clock set back delays what waits, by as much at most; a lease that ends later than any lease can is no
lease. A clock set forward only ends leases early.
"""

import os
import secrets
import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import ColumnElement, delete, func, or_, select, update

from cps.core import clock
from cps.core.db import db, transaction
from cps.core.models import Leased

LEASE = timedelta(minutes=2)
BEGUN_WITHIN = LEASE.total_seconds() / 2
"""Seconds of a lease in which another piece may be begun; the rest is for that piece to end."""

MOST_ATTEMPTS = 20
SHORTEST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=6)
TURN_SECONDS = 10.0
MOST_FORGOTTEN = 5_000
VANISHED = "the worker vanished in the middle of it, every time"

Row = TypeVar("Row", bound=Leased)


@dataclass(frozen=True, slots=True)
class Turn:
    """A worker's turn at one kind of work: after each piece it asks whether its turn is over."""

    owner: str
    stop: threading.Event = field(default_factory=threading.Event)
    ends: float = field(default_factory=lambda: time.monotonic() + TURN_SECONDS)

    def is_over(self) -> bool:
        """Whether the worker is asked to stop, or other work should have its turn."""
        return self.stop.is_set() or time.monotonic() >= self.ends


@dataclass(frozen=True, slots=True)
class Counts:
    """How much work of a table waits, how much of it is late, and how much was laid aside."""

    waiting: int
    late: int
    failed: int


def worker_name() -> str:
    """Return a name for this worker that no other has."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"


def claim(table: type[Row], owner: str, *only: ColumnElement[bool], limit: int) -> list[int]:
    """Lease up to `limit` due rows to this worker and return their ids, the longest due first.

    One statement decides: on PostgreSQL it skips rows locked by others, on SQLite writers take turns. While
    nothing is due, it only reads.
    """
    now = clock.now()
    due = (*_waiting(table), *_free(table, now), table.attempts < MOST_ATTEMPTS, *only)
    key = _key(table)
    if db.session.scalar(select(key).where(*due).limit(1)) is None:
        return []
    order = (table.run_at, key)
    chosen = select(key).where(*due).order_by(*order).limit(limit).with_for_update(skip_locked=True).cte()
    with transaction() as session:
        rows = session.execute(
            update(table)
            .where(key.in_(select(chosen.c.id)))
            .values(lease_until=now + LEASE, lease_owner=owner, attempts=table.attempts + 1)
            .returning(*order)
            .execution_options(synchronize_session=False)
        ).all()
    return [row.id for row in sorted(rows, key=tuple)]


def still_ours(table: type[Row], key: int, owner: str) -> Row | None:
    """Return the row, locked until the transaction ends, if it waits and the lease on it is this worker's."""
    return db.session.scalars(
        select(table)
        .where(_key(table) == key, table.lease_owner == owner, *_waiting(table))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def give_back(table: type[Row], keys: Sequence[int], owner: str) -> None:
    """End the leases on rows that this worker has not tried; they are due at once and lost no attempt."""
    if not keys:
        return
    with transaction() as session:
        session.execute(
            update(table)
            .where(_key(table).in_(keys), table.lease_owner == owner, *_waiting(table))
            .values(lease_until=None, attempts=table.attempts - 1)
            .execution_options(synchronize_session=False)
        )


def let_go(owner: str) -> None:
    """End every lease of a worker that begins anew after trouble; others need not wait for them to end."""
    with transaction() as session:
        for table in Leased.__subclasses__():
            held = (table.lease_owner == owner, table.lease_until.is_not(None), *_waiting(table))
            session.execute(
                update(table)
                .where(*held)
                .values(lease_until=None)
                .execution_options(synchronize_session=False)
            )


def postpone(table: type[Row], key: int, owner: str, why: str, *, for_good: bool = False) -> None:
    """Give failed work back with a growing pause; after the last try, or `for_good`, lay it aside."""
    with transaction():
        row = still_ours(table, key, owner)
        if row is None:
            return
        row.lease_until = None
        row.last_error = why[:500]
        if for_good or row.attempts >= MOST_ATTEMPTS:
            row.failed_at = clock.now()
        else:
            row.run_at = clock.now() + pause_after(row.attempts)


def pause_after(attempts: int) -> timedelta:
    """Return how long to wait after so many tries: 5 s, 10 s, 20 s … to six hours; two days in all."""
    return min(SHORTEST_PAUSE * (1 << min(max(0, attempts - 1), 20)), LONGEST_PAUSE)


def lay_aside_vanished(table: type[Row], at: datetime) -> None:
    """Lay aside, in the running transaction, work whose worker vanished at each of its tries."""
    db.session.execute(
        update(table)
        .where(*_waiting(table), *_free(table, at), table.attempts >= MOST_ATTEMPTS)
        .values(lease_until=None, failed_at=at, last_error=VANISHED)
        .execution_options(synchronize_session=False)
    )


def forget_done(table: type[Row], before: datetime) -> int:
    """Delete, in the running transaction, a few thousand rows that were done before; returns how many."""
    old = db.session.scalars(select(_key(table)).where(table.done_at < before).limit(MOST_FORGOTTEN)).all()
    if old:
        gone = delete(table).where(_key(table).in_(old))
        db.session.execute(gone.execution_options(synchronize_session=False))
    return len(old)


def counts(table: type[Row], *, at: datetime, late_after: timedelta = timedelta(minutes=10)) -> Counts:
    """Count a table's work; late is what has been due for longer than `late_after`."""
    waiting, late = db.session.execute(
        select(func.count(), func.count().filter(table.run_at <= at - late_after))
        .select_from(table)
        .where(*_waiting(table))
    ).one()
    failed = db.session.scalar(select(func.count()).select_from(table).where(table.failed_at.is_not(None)))
    return Counts(waiting, late, failed or 0)


def waiting(table: type[Row], *, at: datetime) -> tuple[int, float]:
    """Return how much work of a table waits, and since how many seconds the oldest is due."""
    wanted = select(func.count(), func.min(table.run_at)).select_from(table).where(*_waiting(table))
    number, oldest = db.session.execute(wanted).one()
    return number, max(0.0, (at - oldest).total_seconds()) if oldest is not None else 0.0


def _key(table: type[Row]) -> ColumnElement[int]:
    column: ColumnElement[int] = table.id  # type: ignore[attr-defined]
    return column


def _waiting(table: type[Row]) -> tuple[ColumnElement[bool], ...]:
    return (table.done_at.is_(None), table.failed_at.is_(None))


def _free(table: type[Row], now: datetime) -> tuple[ColumnElement[bool], ...]:
    impossible = table.lease_until > now + 2 * LEASE
    return (table.run_at <= now, or_(table.lease_until.is_(None), table.lease_until <= now, impossible))
