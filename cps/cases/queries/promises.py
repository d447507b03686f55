"""Which cases are overdue, and which the city has answered: what its promises are counted by."""

from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select

from cps.cases.models import Case
from cps.cases.rules import Outcome, Status
from cps.core.db import db

NOT_OWED = (Status.DRAFT, Status.GATHERING)
"""Open, but nobody waits for the city yet."""


def is_overdue(before: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that the city owes an answer and its date lies before a moment, in public.

    Figures count by them. What was not seen in time is late for staff alone (`queries.is_late`).
    """
    open_and_owed = Case.closed_at.is_(None), Case.status.not_in(NOT_OWED), Case.paused_at.is_(None)
    return *open_and_owed, Case.due_at < before


def count_overdue(before: datetime) -> int:
    """Return of how many cases the date lies before a moment, private ones too; from an index.

    Complaints about staff are not among them: a number must not tell that there is one.
    """
    counted = select(func.count()).select_from(Case).where(*is_overdue(before), Case.is_integrity.is_(False))
    return db.session.scalar(counted) or 0


def is_answered() -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that the city has answered a case itself: it was not joined, nor imported closed.

    A case that was reopened had its answer all the same.
    """
    not_joined = or_(Case.outcome.is_(None), Case.outcome != Outcome.JOINED)
    return Case.answered_at.is_not(None), Case.answered_at >= Case.entered_at, not_joined
