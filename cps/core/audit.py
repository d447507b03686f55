"""The trace of what staff do, and of who looked at personal data; append-only, hash-chained."""

import hashlib
import json
from collections.abc import Iterable
from contextlib import closing
from datetime import datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from cps.core.db import db
from cps.core.models import AccessRow, AuditRow

FIRST_LINK = "0" * 64
LOCK_NOT_AVAILABLE = "55P03"


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
    what: str,
    *,
    by: int,
    at: datetime,
    subject_id: int | None = None,
    case_id: int | None = None,
    reason: str = "",
) -> None:
    """Leave a row that somebody looked at personal data; the person concerned can read it, without reason."""
    row = AccessRow(at=at, actor_id=by, subject_id=subject_id, case_id=case_id, what=what, reason=reason)
    db.session.add(row)


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


def has_new_rows() -> bool:
    """Return whether the newest row waits for its hash; rows are chained in the order of their id."""
    return (
        db.session.scalar(select(AuditRow.chain_hash.is_(None)).order_by(AuditRow.id.desc()).limit(1))
        or False
    )


def chain_new_rows(limit: int = 1000) -> int:
    """Hash-chain up to `limit` rows that have no hash yet, in the order of their id; returns how many.

    Does nothing while another transaction is writing an audit row: a row with a lower id could still appear.
    """
    if not _nobody_else_writes():
        return 0
    last, newest = db.session.execute(
        select(AuditRow.id, AuditRow.chain_hash)
        .where(AuditRow.chain_hash.is_not(None))
        .order_by(AuditRow.id.desc())
        .limit(1)
    ).one_or_none() or (0, None)
    link = newest or FIRST_LINK
    rows = db.session.scalars(
        select(AuditRow).where(AuditRow.id > last).order_by(AuditRow.id).limit(limit)
    ).all()
    for row in rows:
        link = row.chain_hash = link_hash(link, row)
    db.session.flush()
    return len(rows)


def _nobody_else_writes() -> bool:
    """Keep other writers of the table out until the running transaction ends, if none is there now.

    Identifiers are given out before their transactions commit, so only then are all lower ones there. On
    SQLite the running write transaction is the only one.
    """
    if db.engine.dialect.name != "postgresql":
        return True
    try:
        with db.session.begin_nested():
            db.session.execute(text("LOCK TABLE audit IN SHARE ROW EXCLUSIVE MODE NOWAIT"))
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", "") != LOCK_NOT_AVAILABLE:
            raise
        return False
    return True


def first_broken_link() -> int | None:
    """Return the id of the first row that breaks the chain, or None when it holds.

    A row breaks it whose hash is wrong, or that has none although a later row has.
    """
    every = select(AuditRow).order_by(AuditRow.id).execution_options(yield_per=500)
    with closing(db.session.scalars(every)) as rows:
        return _first_break(rows)


def _first_break(rows: Iterable[AuditRow]) -> int | None:
    previous = FIRST_LINK
    unchained: int | None = None
    for row in rows:
        if row.chain_hash is None:
            unchained = unchained or row.id
        elif unchained or row.chain_hash != link_hash(previous, row):
            return unchained or row.id
        else:
            previous = row.chain_hash
    return None
