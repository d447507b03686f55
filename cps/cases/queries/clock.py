"""What the answer clock reads: cases whose time ran out, moves of due dates, requests for more time."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from cps.cases.clock_models import DueChange, ExtensionRequest
from cps.cases.models import Case, CaseEvent
from cps.cases.rules import Audience, EventKind
from cps.core.db import db
from cps.departments.models import WorkSuspension


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


def extension_told_with(event: CaseEvent) -> CaseEvent | None:
    """Return the extension that an interim reply came with: both happened at once. None for other events."""
    if event.kind is not EventKind.UPDATED or event.audience is not Audience.REPORTER:
        return None
    extended = (CaseEvent.kind == EventKind.EXTENDED, CaseEvent.at == event.at)
    return db.session.scalars(
        select(CaseEvent).where(CaseEvent.case_id == event.case_id, *extended).order_by(CaseEvent.id).limit(1)
    ).one_or_none()


def anything_to_do(at: datetime) -> bool:
    """Return whether a pause is over, a suspension is to be counted, or a case is to be looked at."""
    newest = select(func.max(WorkSuspension.id)).scalar_subquery()
    is_open = Case.closed_at.is_(None)
    over = select(Case.id).where(Case.pause_ends_at <= at).exists()
    runs = Case.clock_started_at.is_not(None)
    behind = select(Case.id).where(is_open, runs, Case.suspensions_seen < newest).exists()
    alarmed = select(Case.id).where(is_open, Case.alarm_at <= at).exists()
    return bool(db.session.scalar(select(or_(over, behind, alarmed))))


def lock_paused_until(at: datetime, *, limit: int) -> Sequence[Case]:
    """Return cases whose pause is over, locked; those that another worker has are left to it."""
    return _locked(select(Case).where(Case.pause_ends_at <= at).order_by(Case.pause_ends_at, Case.id), limit)


def lock_behind(newest: int, *, limit: int) -> Sequence[Case]:
    """Return open cases whose due date does not know the newest suspension of work, locked."""
    runs = (Case.closed_at.is_(None), Case.clock_started_at.is_not(None))
    behind = select(Case).where(*runs, Case.suspensions_seen < newest)
    return _locked(behind.order_by(Case.suspensions_seen, Case.id), limit)


def lock_alarmed(at: datetime, *, limit: int) -> Sequence[Case]:
    """Return open cases that are to be looked at now, locked."""
    due = select(Case).where(Case.closed_at.is_(None), Case.alarm_at <= at)
    return _locked(due.order_by(Case.alarm_at, Case.id), limit)


def _locked(cases: Select[Case], limit: int) -> Sequence[Case]:
    locked = cases.limit(limit).with_for_update(of=Case, key_share=True, skip_locked=True)
    return db.session.scalars(locked.execution_options(populate_existing=True)).all()
