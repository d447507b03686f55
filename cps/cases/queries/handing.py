"""Reads of transfers between departments, and of departments that nobody looks at."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, String, and_, cast, func, or_, select
from sqlalchemy.orm import aliased

from cps.cases.handoff_models import InboxLook, Transfer
from cps.cases.models import Case
from cps.cases.rules import Status, TransferAnswer
from cps.cases.rules.handing import MOST_REFUSALS, NOT_OURS
from cps.core.db import db

NEW = (Status.RECEIVED, Status.TRIAGED, Status.ANSWER_DUE)
"""Statuses in which a case lies that nobody has begun with."""

WAITS = "waits"
"""In place of the answer of a transfer that has none yet."""

_LATER = aliased(Transfer)
_IS_SETTLED = (
    select(_LATER.id)
    .where(
        _LATER.case_id == Transfer.case_id,
        _LATER.id > Transfer.id,
        or_(_LATER.is_decision, _LATER.answer.is_(None), _LATER.answer == TransferAnswer.ACCEPTED),
    )
    .exists()
)
UNCLEAR: Select[int] = (
    select(Transfer.case_id)
    .where(Transfer.answer.in_(NOT_OURS), Transfer.is_decision.is_(False), ~_IS_SETTLED)
    .group_by(Transfer.case_id)
    .having(func.count() >= MOST_REFUSALS)
)
"""The cases of which it is not clear whose they are, as `rules.HandOff.is_unclear` says of one."""


def last_answer() -> ColumnElement[str]:
    """Return what became of a case's last transfer, as a column of a list; None where it had none."""
    return (
        select(func.coalesce(cast(Transfer.answer, String), WAITS))
        .where(Transfer.case_id == Case.id)
        .order_by(Transfer.id.desc())
        .limit(1)
        .correlate(Case)
        .scalar_subquery()
        .label("handed")
    )


def unclear_among(case_ids: Sequence[int]) -> frozenset[int]:
    """Return of which of these cases it is not clear whose they are."""
    if not case_ids:
        return frozenset()
    return frozenset(db.session.scalars(UNCLEAR.where(Transfer.case_id.in_(case_ids))))


def transfers_of(case_id: int) -> Sequence[Transfer]:
    """Return every transfer of a case, the oldest first."""
    found = select(Transfer).where(Transfer.case_id == case_id).order_by(Transfer.id)
    return db.session.scalars(found).all()


def waiting_transfer(case_id: int) -> Transfer | None:
    """Return the transfer of a case that its department has not answered yet."""
    found = select(Transfer).where(Transfer.case_id == case_id, Transfer.answered_at.is_(None))
    return db.session.scalars(found).one_or_none()


def transfers_told_by(event_ids: Sequence[int]) -> Sequence[Transfer]:
    """Return the transfers that began with these events."""
    return db.session.scalars(select(Transfer).where(Transfer.event_id.in_(event_ids))).all()


class Untouched(NamedTuple):
    """A department whose new cases nobody opened: since when the oldest of them waits."""

    department_id: int
    since: datetime
    is_told: bool


def unopened() -> Sequence[Untouched]:
    """Return the departments with new cases that came after anybody there last looked, with the oldest.

    A case comes to a department when it is received, or when it is handed over. Complaints about staff are
    their officer's alone and not in it.
    """
    came = func.coalesce(Transfer.asked_at, Case.received_at)
    waiting = and_(Transfer.case_id == Case.id, Transfer.answered_at.is_(None))
    seen = InboxLook.looked_at
    found = (
        select(Case.department_id, func.min(came), func.max(InboxLook.alarmed_at))
        .outerjoin(Transfer, waiting)
        .outerjoin(InboxLook, InboxLook.department_id == Case.department_id)
        .where(
            Case.closed_at.is_(None),
            Case.is_integrity.is_(False),
            Case.status.in_(NEW),
            Case.assignee_id.is_(None),
            or_(seen.is_(None), came > seen),
        )
        .group_by(Case.department_id)
    )
    return [Untouched(key, since, told is not None) for key, since, told in db.session.execute(found)]
