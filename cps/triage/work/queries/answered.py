"""What residents said of the answers they got, and which of these cases were opened again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, exists, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from cps.cases.models import Case, CaseEvent, CaseOriginal
from cps.cases.queries import Reach, original_title
from cps.cases.rules import CaseKind, EventKind, Outcome
from cps.core.db import db
from cps.triage.work.queries.overview import of
from cps.triage.work.rules import Said

SHOWN = 100
"""Cases that the list behind a number names, the newest answers first."""


def _answered(reach: Reach, since: datetime) -> list[ColumnElement[bool]]:
    """Return the conditions that a complaint had its first answer since then, and not by a join."""
    by_index = Case.is_listed.in_([True, False])  # all of them, found by when they were answered
    own_end = or_(Case.outcome.is_(None), Case.outcome != Outcome.JOINED)
    return [by_index, Case.answered_at >= since, Case.kind == CaseKind.COMPLAINT, own_end, of(reach)]


def _happened(kind: EventKind) -> ColumnElement[bool]:
    return exists().where(CaseEvent.case_id == Case.id, CaseEvent.kind == kind).correlate(Case)


def said(what: Said) -> ColumnElement[bool]:
    """Return the condition that this holds of a case: its resident said so, or it was opened again."""
    return {
        Said.ANYTHING: true(),
        Said.YES: _happened(EventKind.CONFIRMED_FIXED),
        Said.NO: _happened(EventKind.REOPEN_ASKED),
        Said.REOPENED: Case.reopened > 0,
    }[what]


def counted_by(
    column: InstrumentedAttribute[int], reach: Reach, since: datetime
) -> Sequence[Row[*tuple[int, ...]]]:
    """Return (key, answered, yes, no, reopened) by a column of cases, those with the most answers first."""
    number = func.count()
    each = [number.filter(said(what)).label(what.value) for what in Said]
    found = select(column.label("key"), *each).where(*_answered(reach, since)).group_by(column)
    return db.session.execute(found.order_by(number.desc(), column)).all()


def cases_behind(
    what: Said,
    reach: Reach,
    since: datetime,
    *,
    category_id: int | None = None,
    department_id: int | None = None,
) -> Sequence[Any]:
    """Return the cases behind a number, the newest answers first, `SHOWN` at most."""
    columns = (Case.reference, original_title(), Case.language, Case.status, Case.outcome, Case.answered_at)
    found = select(*columns).outerjoin(CaseOriginal, CaseOriginal.case_id == Case.id)
    found = found.where(*_answered(reach, since), said(what))
    if category_id is not None:
        found = found.where(Case.category_id == category_id)
    if department_id is not None:
        found = found.where(Case.department_id == department_id)
    return db.session.execute(found.order_by(Case.answered_at.desc(), Case.id.desc()).limit(SHOWN)).all()
