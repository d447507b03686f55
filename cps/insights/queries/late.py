"""What is late at this moment: exact, over the open cases alone."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import and_, func, select

from cps.cases.models import Case
from cps.cases.queries.promises import NOT_OWED, is_overdue
from cps.cases.rules import CaseKind
from cps.core.db import db
from cps.departments.models import WorkSuspension
from cps.insights.rules import Pair


@dataclass(slots=True)
class LateCount:
    """The open cases of one department and kind: how many wait for the city, how many of them are late.

    `oldest` is the date by which the listed case that is late for longest was promised.
    """

    department_id: int
    kind: CaseKind
    waiting: Pair = field(default_factory=Pair)
    late: Pair = field(default_factory=Pair)
    oldest: datetime | None = None


def late_now(due_before: datetime) -> list[LateCount]:
    """Count what waits and what was due before a moment; complaints about staff are left out.

    One statement over the open cases alone, which reads an index and no row of the table.
    """
    late = and_(*is_overdue(due_before))
    groups = (Case.department_id, Case.kind, Case.is_private, Case.is_hidden)
    rows = db.session.execute(
        select(
            *groups,
            func.count(),
            func.count().filter(late),
            func.min(Case.due_at).filter(late),
        )
        .where(Case.closed_at.is_(None), Case.status.not_in(NOT_OWED), Case.is_integrity.is_(False))
        .group_by(*groups)
    )
    found: dict[tuple[CaseKind, int], LateCount] = {}
    for department_id, kind, is_private, is_hidden, waiting, late_ones, oldest in rows:
        is_listed = not (is_private or is_hidden)
        one = found.setdefault((kind, department_id), LateCount(department_id, kind))
        one.waiting.add(is_listed=is_listed, number=waiting)
        one.late.add(is_listed=is_listed, number=late_ones)
        one.oldest = oldest if is_listed else one.oldest
    return [found[key] for key in sorted(found)]


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
