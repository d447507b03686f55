"""What an import of cases asks: who is there already, which references are taken, one import at a time."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import func, select

from cps.cases.models import Case
from cps.core.db import db

_IMPORTS = 0x696D7074
"""The number under which PostgreSQL keeps the lock of imports."""

FIRST_VERSION = 1
"""The version of a case on which nobody has worked since it was written."""


class Imported(NamedTuple):
    """A case that an earlier import brought."""

    id: int
    is_waiting: bool
    """Whether it is open and nobody here has worked on it."""


def lock_imports() -> None:
    """Wait until every import of cases that began before has ended; SQLite has one writer anyway."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(_IMPORTS)))


def imported(source: str, external_ids: Sequence[str]) -> dict[str, Imported]:
    """Return which of these cases of a source are there."""
    rows = db.session.execute(
        select(Case.external_id, Case.id, Case.closed_at, Case.version).where(
            Case.source == source, Case.external_id.in_(external_ids)
        )
    )
    return {
        row.external_id: Imported(row.id, row.closed_at is None and row.version == FIRST_VERSION)
        for row in rows
    }


def taken_references(references: Sequence[str]) -> set[str]:
    """Return which of these references cases have."""
    return set(db.session.scalars(select(Case.reference).where(Case.reference.in_(references))))
