"""Acts of the desk and their cases."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select
from sqlalchemy.orm import joinedload

from cps.cases.models import Case
from cps.cases.queries.one import JOINS
from cps.core.db import db
from cps.triage.work.models import DeskAct, DeskActCase
from cps.triage.work.rules import ACTS_KEPT, CHOICES_KEPT, CaseState

# Asked on every page of the desk, so it is built once.
_LAST = (
    select(DeskAct)
    .where(DeskAct.by_id == bindparam("by"), DeskAct.started_at.is_not(None))
    .order_by(DeskAct.id.desc())
    .limit(1)
)


def last_undoable(account_id: int, *, at: datetime) -> DeskAct | None:
    """Return what somebody did last, as long as it can be undone."""
    act = db.session.scalars(_LAST, {"by": account_id}).one_or_none()
    if act is None or act.undone_at is not None or act.public_from is None or act.public_from <= at:
        return None
    return act


def lock_act(act_id: int) -> DeskAct | None:
    """Return an act locked for the running write transaction; None where there is none."""
    found = select(DeskAct).where(DeskAct.id == act_id).with_for_update()
    return db.session.scalars(found.execution_options(populate_existing=True)).one_or_none()


def case_of(act_id: int) -> Case | None:
    """Return the case of an act on one."""
    found = select(Case).join(DeskActCase, DeskActCase.case_id == Case.id)
    return db.session.scalars(found.where(DeskActCase.act_id == act_id).limit(1)).one_or_none()


def parts(act_id: int, *states: CaseState, limit: int | None = None) -> Sequence[DeskActCase]:
    """Return the cases of an act that are in one of these states, in the order of their locks."""
    found = select(DeskActCase).where(DeskActCase.act_id == act_id, DeskActCase.state.in_(states))
    return db.session.scalars(found.order_by(DeskActCase.case_id).limit(limit)).all()


def cases_by_id(case_ids: Sequence[int]) -> dict[int, Case]:
    """Return cases by number, as they stand now, without a lock."""
    rows = db.session.scalars(select(Case).where(Case.id.in_(case_ids)).options(joinedload(Case.category)))
    return {case.id: case for case in rows}


def lock_cases(case_ids: Sequence[int], *, joins: bool = False) -> dict[int, Case]:
    """Return cases by number, locked in order, so that two who lock many never wait in a ring.

    With `joins` joins are done one after another, as by `cases.queries.lock_pair`.
    """
    if joins and db.engine.dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(JOINS)))
    rows = db.session.scalars(
        select(Case)
        .where(Case.id.in_(case_ids))
        .order_by(Case.id)
        .options(joinedload(Case.category))
        .with_for_update(of=Case, key_share=True)
        .execution_options(populate_existing=True)
    )
    return {case.id: case for case in rows}


def lock_with_joined(case_ids: Sequence[int]) -> dict[int, Case]:
    """Return cases by number, locked with those that they are joined to."""
    into = select(Case.joined_to_id).where(Case.id.in_(case_ids), Case.joined_to_id.is_not(None)).distinct()
    joined = [key for key in db.session.scalars(into) if key is not None]
    return lock_cases([*case_ids, *joined], joins=bool(joined))


def is_old(at: datetime) -> ColumnElement[bool]:
    """Return the condition that an act is kept no longer, or a selection with which nothing was done."""
    unused = and_(DeskAct.started_at.is_(None), DeskAct.planned_at < at - CHOICES_KEPT)
    return or_(unused, DeskAct.planned_at < at - ACTS_KEPT)


def count_old_acts(at: datetime) -> int:
    """Return how many acts are kept no longer."""
    return db.session.scalar(select(func.count()).select_from(DeskAct).where(is_old(at))) or 0
