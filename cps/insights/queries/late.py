"""What is late at this moment: exact, over the open cases alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from cps.cases.models import Case
from cps.cases.queries.lists import NOT_OWED, is_late
from cps.cases.rules import CaseKind
from cps.core.db import db
from cps.departments.models import WorkSuspension
from cps.insights.rules import Pair


@dataclass(slots=True)
class LateCount:
    """The open cases of one department and kind: how many wait for the city, how many of them are late.

    `oldest` is the date that the listed case which is late for longest was promised by.
    """

    department_id: int
    kind: CaseKind
    waiting: int
    late: Pair
    oldest: datetime | None = None


def late_now(at: datetime) -> list[LateCount]:
    """Count what waits and what is late, by department and kind; complaints about staff are left out.

    Two statements over open cases: the first reads one index, the second the late ones in full.
    """
    found: dict[tuple[int, CaseKind], LateCount] = {}
    for department_id, status, number in db.session.execute(_WAITING):
        kind = CaseKind.PROPOSAL if status.value == "answer-due" else CaseKind.COMPLAINT
        one = found.setdefault((department_id, kind), LateCount(department_id, kind, 0, Pair()))
        one.waiting += number
    late = (
        select(Case.department_id, Case.kind, Case.is_listed, func.count(), func.min(Case.due_at))
        .where(*is_late(at), Case.is_integrity.is_(False))
        .group_by(Case.department_id, Case.kind, Case.is_listed)
    )
    for department_id, kind, is_listed, number, oldest in db.session.execute(late):
        one = found.setdefault((department_id, kind), LateCount(department_id, kind, number, Pair()))
        one.late.add(is_listed=is_listed, number=number)
        one.oldest = oldest if is_listed else one.oldest
    return sorted(found.values(), key=lambda one: (one.kind, one.department_id))


_WAITING = (
    select(Case.department_id, Case.status, func.count())
    .where(Case.closed_at.is_(None), Case.is_integrity.is_(False), Case.status.not_in(NOT_OWED))
    .group_by(Case.department_id, Case.status)
)


def suspensions(at: datetime, *, since: datetime) -> Sequence[WorkSuspension]:
    """Return the times in which the city does not or did not work, those that ended before `since` left out.

    What a later entry corrected is not among them.
    """
    corrected = select(WorkSuspension.corrects_id).where(WorkSuspension.corrects_id.is_not(None))
    return db.session.scalars(
        select(WorkSuspension)
        .where(
            WorkSuspension.ends_at > since,
            WorkSuspension.starts_at < WorkSuspension.ends_at,
            WorkSuspension.entered_at <= at,
            WorkSuspension.id.not_in(corrected),
        )
        .order_by(WorkSuspension.starts_at.desc())
    ).all()
