"""Facts and jobs: rows written with what they tell, done later by a worker, at least once.

A feature states a fact (`state`), a feature above registers what follows (`on`). A job is the same with
its own kind (`enqueue`, `job`). Handlers run inside one write transaction together with marking the row
done; what must not be done twice carries a unique key of its own.
"""

import logging
import os
import secrets
import socket
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import or_

from cps.core import clock
from cps.core.db import db, transaction
from cps.core.models import Job, Leased, OutboxFact

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 12
LONGEST_PAUSE = timedelta(hours=6)


class Fact(StrEnum):
    """What can be stated to features above."""

    CASE_FILED = "case-filed"
    CASE_EVENT = "case-event"
    CODE_WANTED = "code-wanted"
    ADDRESS_ALREADY_KNOWN = "address-already-known"


Row = TypeVar("Row", bound=Leased)
FactHandler = Callable[[OutboxFact], None]
JobHandler = Callable[[Job], None]

_on: dict[Fact, list[FactHandler]] = {}
_jobs: dict[str, JobHandler] = {}


def on(fact: Fact) -> Callable[[FactHandler], FactHandler]:
    """Register what follows from a fact."""

    def register(handler: FactHandler) -> FactHandler:
        _on.setdefault(fact, []).append(handler)
        return handler

    return register


def job(kind: str) -> Callable[[JobHandler], JobHandler]:
    """Register the work of one kind of job."""

    def register(handler: JobHandler) -> JobHandler:
        _jobs[kind] = handler
        return handler

    return register


def state(
    fact: Fact, about_id: int, *, at: datetime, not_before: datetime | None = None, **payload: Any
) -> None:
    """State a fact in the running transaction; handlers see it from `not_before` on."""
    db.session.add(
        OutboxFact(
            fact=fact.value,
            about_id=about_id,
            dedupe_key=payload.pop("dedupe_key", None) or secrets.token_hex(16),
            payload=payload,
            stated_at=at,
            run_at=not_before or at,
        )
    )


def enqueue(
    kind: str, *, at: datetime, dedupe_key: str = "", not_before: datetime | None = None, **payload: Any
) -> None:
    """Add a job to the running transaction."""
    db.session.add(
        Job(
            kind=kind,
            dedupe_key=dedupe_key or secrets.token_hex(16),
            payload=payload,
            created_at=at,
            run_at=not_before or at,
        )
    )


def worker_name() -> str:
    """Return a name for this worker that no other has."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"


def claim(table: type[Row], owner: str, *, limit: int = 20) -> list[int]:
    """Lease up to `limit` due rows to this worker and return their ids; two workers never share one.

    On PostgreSQL rows locked by another worker are skipped; on SQLite writers take turns.
    """
    now = clock.now()
    with transaction() as session:
        rows = session.scalars(
            db.select(table)
            .where(
                table.done_at.is_(None),
                table.failed_at.is_(None),
                table.run_at <= now,
                or_(table.lease_until.is_(None), table.lease_until <= now),
            )
            .order_by(table.run_at, table.id)  # type: ignore[attr-defined]
            .limit(limit)
            .with_for_update(skip_locked=True)
        ).all()
        for row in rows:
            row.lease_until = now + LEASE
            row.lease_owner = owner
            row.attempts += 1
        return [row.id for row in rows]  # type: ignore[attr-defined]


def still_ours(table: type[Row], key: int, owner: str) -> Row | None:
    """Return the row, locked, if this worker's lease on it still holds and it is not done."""
    row = db.session.scalars(
        db.select(table).where(table.id == key).with_for_update()  # type: ignore[attr-defined]
    ).one_or_none()
    if row is None or row.done_at is not None or row.lease_owner != owner:
        return None
    return row


def run_due(owner: str, *, limit: int = 20) -> int:
    """Do what is due among facts and jobs; returns how many rows were tried."""
    done = 0
    for key in claim(OutboxFact, owner, limit=limit):
        _run(OutboxFact, key, owner, lambda fact: [act(fact) for act in _on.get(Fact(fact.fact), [])])
        done += 1
    for key in claim(Job, owner, limit=limit):
        _run(Job, key, owner, lambda work: _jobs[work.kind](work))
        done += 1
    return done


def _run(table: type[Row], key: int, owner: str, act: Callable[[Row], object]) -> None:
    try:
        with transaction():
            row = still_ours(table, key, owner)
            if row is None:
                return
            act(row)
            row.done_at = clock.now()
    except Exception as error:
        log.exception("work failed", extra={"table": table.__name__, "row": key})
        postpone(table, key, owner, error)


def postpone(table: type[Row], key: int, owner: str, error: Exception) -> None:
    """Give failed work back with a growing pause, or lay it aside for an administrator after the last try."""
    with transaction():
        row = still_ours(table, key, owner)
        if row is None:
            return
        row.lease_until = None
        row.last_error = f"{type(error).__name__}: {error}"[:500]
        if row.attempts >= MOST_ATTEMPTS:
            row.failed_at = clock.now()
        else:
            row.run_at = clock.now() + pause_after(row.attempts)


def pause_after(attempts: int) -> timedelta:
    """Return how long to wait after so many tries: 5 s, 10 s, 20 s … to six hours."""
    return min(timedelta(seconds=5 * 2 ** max(0, attempts - 1)), LONGEST_PAUSE)
