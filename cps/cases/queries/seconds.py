"""Ends of cases that wait for a second pair of eyes, and who has had a case."""

from collections.abc import Sequence

from sqlalchemy import select

from cps.cases.models import CaseEvent
from cps.cases.rules import EventKind
from cps.cases.second_models import ClosingRequest
from cps.core.db import db


def waiting_second(case_id: int) -> ClosingRequest | None:
    """Return the end of a case that waits for a colleague's yes, if there is one."""
    of_case = (ClosingRequest.case_id == case_id, ClosingRequest.decided_at.is_(None))
    return db.session.scalars(select(ClosingRequest).where(*of_case)).one_or_none()


def newest_second(case_id: int) -> ClosingRequest | None:
    """Return the end of a case that was asked for last, answered or not."""
    asked = select(ClosingRequest).where(ClosingRequest.case_id == case_id)
    return db.session.scalars(asked.order_by(ClosingRequest.id.desc()).limit(1)).one_or_none()


def waiting_among(case_ids: Sequence[int]) -> frozenset[int]:
    """Return which of these cases wait for a second pair of eyes."""
    waits = (ClosingRequest.case_id.in_(case_ids), ClosingRequest.decided_at.is_(None))
    return frozenset(db.session.scalars(select(ClosingRequest.case_id).where(*waits)))


def seconds_told_by(event_ids: Sequence[int]) -> Sequence[ClosingRequest]:
    """Return the ends that were asked for by events."""
    return db.session.scalars(select(ClosingRequest).where(ClosingRequest.event_id.in_(event_ids))).all()


def has_had(case_id: int, account_id: int) -> bool:
    """Return whether a case was ever given to somebody, who may have given it on since."""
    given = select(CaseEvent.data).where(CaseEvent.case_id == case_id, CaseEvent.kind == EventKind.ASSIGNED)
    return any(data.get("to") == account_id for data in db.session.scalars(given))
