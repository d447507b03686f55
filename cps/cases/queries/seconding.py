"""Ends of cases that wait for a second pair of eyes, and who has had a case."""

from collections.abc import Mapping, Sequence

from sqlalchemy import exists, or_, select

from cps.cases.closing_models import ClosingRequest
from cps.cases.models import CaseEvent
from cps.cases.rules import CLOSED, FROM_REPORTER, Audience, EventKind
from cps.cases.rules.holding import UNDONE
from cps.core.db import db


def waiting_closing(case_id: int) -> ClosingRequest | None:
    """Return the end of a case that waits for a colleague's yes, if there is one."""
    of_case = (ClosingRequest.case_id == case_id, ClosingRequest.decided_at.is_(None))
    return db.session.scalars(select(ClosingRequest).where(*of_case)).one_or_none()


def newest_closing(case_id: int) -> ClosingRequest | None:
    """Return the end of a case that was asked for last, answered or not.

    None where the case was closed since, or came to another department.
    """
    is_over = exists().where(
        CaseEvent.case_id == case_id,
        CaseEvent.id > ClosingRequest.event_id,
        CaseEvent.audience != Audience.STAFF,
        or_(CaseEvent.status.in_(CLOSED), CaseEvent.kind == EventKind.TRANSFERRED),
    )
    asked = select(ClosingRequest).where(ClosingRequest.case_id == case_id, ~is_over)
    return db.session.scalars(asked.order_by(ClosingRequest.id.desc()).limit(1)).one_or_none()


def waiting_among(case_ids: Sequence[int]) -> frozenset[int]:
    """Return which of these cases wait for a second pair of eyes."""
    if not case_ids:
        return frozenset()
    waits = (ClosingRequest.case_id.in_(case_ids), ClosingRequest.decided_at.is_(None))
    return frozenset(db.session.scalars(select(ClosingRequest.case_id).where(*waits)))


def closings_told_by(event_ids: Sequence[int]) -> Sequence[ClosingRequest]:
    """Return the ends that were asked for by events."""
    return db.session.scalars(select(ClosingRequest).where(ClosingRequest.event_id.in_(event_ids))).all()


def had_among(case_ids: Sequence[int], account_id: int) -> frozenset[int]:
    """Return which of these cases somebody ever had, who may have given it on since, or wanted to end."""
    wanted = ClosingRequest.case_id.in_(case_ids), ClosingRequest.asked_by_id == account_id
    given = CaseEvent.case_id.in_(case_ids), CaseEvent.kind == EventKind.ASSIGNED
    rows = db.session.execute(select(CaseEvent.case_id, CaseEvent.data).where(*given))
    had = frozenset(row.case_id for row in rows if row.data.get("to") == account_id)
    return had | frozenset(db.session.scalars(select(ClosingRequest.case_id).where(*wanted)))


def categories_left(case_ids: Sequence[int], account_id: int) -> dict[int, frozenset[int]]:
    """Return by case the categories out of which somebody took it; cases with none are left out."""
    did = CaseEvent.case_id.in_(case_ids), CaseEvent.actor_id == account_id
    sorted_by = select(CaseEvent.case_id, CaseEvent.data).where(*did, CaseEvent.kind == EventKind.CATEGORISED)
    left: dict[int, frozenset[int]] = {}
    for case_id, data in db.session.execute(sorted_by):
        if UNDONE not in data and "from" in data:
            left[case_id] = left.get(case_id, frozenset()) | {data["from"]}
    return left


def worked_among(holders: Mapping[int, int]) -> frozenset[int]:
    """Return in which of these cases its officer, given by its number, did anything, be it to take it."""
    did = CaseEvent.case_id.in_(list(holders)), CaseEvent.actor_id.in_(set(holders.values()))
    by_staff = CaseEvent.kind.not_in(FROM_REPORTER)
    rows = db.session.execute(select(CaseEvent.case_id, CaseEvent.actor_id).where(*did, by_staff).distinct())
    return frozenset(row.case_id for row in rows if row.actor_id == holders[row.case_id])
