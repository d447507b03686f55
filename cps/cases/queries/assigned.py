"""What is open and lies with one officer, or with a department."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from cps.cases.models import Case
from cps.core.db import db


def count_assigned(account_id: int) -> dict[int, int]:
    """Return how many open cases an officer has, by department; complaints about staff are not counted."""
    mine = (
        select(Case.department_id, func.count())
        .where(Case.assignee_id == account_id, Case.closed_at.is_(None), Case.is_integrity.is_(False))
        .group_by(Case.department_id)
    )
    return {row[0]: row[1] for row in db.session.execute(mine)}


def lock_assigned(account_id: int, but: ColumnElement[bool] | None = None) -> Sequence[Case]:
    """Return the open cases of an officer, locked in the order of their ids, but those that meet `but`."""
    mine = select(Case).where(Case.assignee_id == account_id, Case.closed_at.is_(None))
    if but is not None:
        mine = mine.where(~but)
    return db.session.scalars(
        mine.order_by(Case.id)
        .options(joinedload(Case.category))
        .with_for_update(of=Case, key_share=True)
        .execution_options(populate_existing=True)
    ).all()


def count_open(department_id: int) -> int:
    """Return how many open cases a department has; complaints about staff are not counted."""
    return db.session.scalar(select(func.count()).where(*_open_at(department_id))) or 0


def lock_open(department_id: int, *, limit: int) -> Sequence[Case]:
    """Return so many open cases of a department, locked in the order of their ids; none about staff."""
    return db.session.scalars(
        select(Case)
        .where(*_open_at(department_id))
        .order_by(Case.id)
        .limit(limit)
        .options(joinedload(Case.category))
        .with_for_update(of=Case, key_share=True)
        .execution_options(populate_existing=True)
    ).all()


def _open_at(department_id: int) -> tuple[ColumnElement[bool], ...]:
    return Case.department_id == department_id, Case.closed_at.is_(None), Case.is_integrity.is_(False)
