"""Reads of the files that are brought in; each is a job, its way stands in what the row carries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select

from cps.admin.imports.rules import KEPT, Carried, State
from cps.core.db import db
from cps.core.models import Job

KIND = "incoming-file"
SHOWN = 20


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file on its way as pages show it."""

    id: int
    at: datetime
    carried: Carried
    state: State


def newest(at: datetime) -> list[FileRow]:
    """Return the files that came last, the newest first."""
    rows = db.session.scalars(select(Job).where(Job.kind == KIND).order_by(Job.id.desc()).limit(SHOWN))
    return [_shown(row, at) for row in rows]


def find(file_id: int, at: datetime) -> FileRow | None:
    """Return a file by its number."""
    row = db.session.scalar(select(Job).where(Job.kind == KIND, Job.id == file_id))
    return _shown(row, at) if row else None


def lock(file_id: int) -> Job | None:
    """Return the row of a file, loaded anew and locked for the running write transaction."""
    return db.session.scalar(
        select(Job)
        .where(Job.kind == KIND, Job.id == file_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def lock_late(at: datetime) -> Sequence[Job]:
    """Return the rows of files that waited too long, locked, whatever they waited for."""
    rows = db.session.scalars(_old(at).with_for_update(skip_locked=True))
    return [row for row in rows if _is_late(row, at)]


def count_late(at: datetime) -> int:
    """Return how many files waited too long."""
    return sum(_is_late(row, at) for row in db.session.scalars(_old(at)))


def lock_all() -> None:
    """Let nobody else take a file over until the transaction ends; SQLite has one writer anyway."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(_ALL)))


_ALL = int.from_bytes(b"file")


def _old(at: datetime) -> Select[Job]:
    return select(Job).where(Job.kind == KIND, Job.created_at <= at - KEPT)


def _is_late(row: Job, at: datetime) -> bool:
    return not row.payload.get("ended") and not _is_held(row, at)


def _is_held(row: Job, at: datetime) -> bool:
    return row.lease_until is not None and row.lease_until > at


def _shown(row: Job, at: datetime) -> FileRow:
    carried = Carried.of(row.payload)
    state = carried.state(is_done=row.done_at is not None, is_held=_is_held(row, at))
    return FileRow(row.id, row.created_at, carried, state)
