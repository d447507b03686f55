"""The trace of what staff do, and of who looked at personal data; append-only, hash-chained."""

import hashlib
import json
from datetime import datetime
from typing import Any

from cps.core.db import db
from cps.core.models import AccessRow, AuditRow

FIRST_LINK = "0" * 64


def record(
    action: str,
    *,
    about: tuple[str, object],
    by: int | None,
    at: datetime,
    changes: dict[str, Any] | None = None,
) -> None:
    """Leave an audit row in the running transaction.

    `about` is (kind of object, its key); `changes` is `{field: [old, new]}` without personal values.
    """
    kind, key = about
    db.session.add(
        AuditRow(
            at=at, actor_id=by, action=action, object_kind=kind, object_id=str(key), changes=changes or {}
        )
    )


def record_access(
    what: str, *, by: int, at: datetime, subject_id: int | None = None, case_id: int | None = None
) -> None:
    """Leave a row that somebody looked at personal data; the person concerned can read it."""
    db.session.add(AccessRow(at=at, actor_id=by, subject_id=subject_id, case_id=case_id, what=what))


def link_hash(previous: str, row: AuditRow) -> str:
    """Return the SHA-256 that binds a row to all rows before it."""
    content = [
        row.id,
        row.at.isoformat(),
        row.actor_id,
        row.action,
        row.object_kind,
        row.object_id,
        row.changes,
    ]
    body = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{body}".encode()).hexdigest()


def chain_new_rows(limit: int = 1000) -> int:
    """Hash-chain up to `limit` rows that have no hash yet, in the order of their id; returns how many."""
    rows = db.session.scalars(
        db.select(AuditRow)
        .where(AuditRow.chain_hash.is_(None))
        .order_by(AuditRow.id)
        .limit(limit)
        .with_for_update()
    ).all()
    if not rows:
        return 0
    previous = (
        db.session.scalar(
            db.select(AuditRow.chain_hash)
            .where(AuditRow.chain_hash.is_not(None), AuditRow.id < rows[0].id)
            .order_by(AuditRow.id.desc())
            .limit(1)
        )
        or FIRST_LINK
    )
    for row in rows:
        previous = row.chain_hash = link_hash(previous, row)
    db.session.flush()
    return len(rows)


def first_broken_link() -> int | None:
    """Return the id of the first chained row whose hash is wrong, or None when the chain holds."""
    previous = FIRST_LINK
    for row in db.session.scalars(
        db.select(AuditRow)
        .where(AuditRow.chain_hash.is_not(None))
        .order_by(AuditRow.id)
        .execution_options(yield_per=500)
    ):
        if row.chain_hash != link_hash(previous, row):
            return row.id
        previous = row.chain_hash
    return None
