"""What the answer clock reads: cases whose time ran out, moves of due dates, requests for more time."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select

from cps.cases.clock_models import DueChange, ExtensionRequest
from cps.cases.models import Case
from cps.core.db import db


def is_late(now: ColumnElement[datetime] | datetime) -> ColumnElement[bool]:
    """Return the condition that an open case is late: past its date, or not seen in time.

    While the clock waits for the resident it is not. The page of a case says the same (`Case.is_late_at`).
    """
    unseen = and_(Case.acknowledged_at.is_(None), Case.acknowledge_by < now)
    return and_(Case.closed_at.is_(None), Case.paused_at.is_(None), or_(Case.due_at < now, unseen))


def due_changes(case_id: int) -> Sequence[DueChange]:
    """Return what moved the due date of a case, in order."""
    found = select(DueChange).where(DueChange.case_id == case_id).order_by(DueChange.id)
    return db.session.scalars(found).all()


def waiting_request(case_id: int) -> ExtensionRequest | None:
    """Return the request for more time that waits for a supervisor, if there is one."""
    return db.session.scalars(
        select(ExtensionRequest).where(
            ExtensionRequest.case_id == case_id, ExtensionRequest.decided_at.is_(None)
        )
    ).one_or_none()
