"""Which cases are chosen for an act on many, and whom they can be given to."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, func, or_, select

from cps.accounts.models import Account, RoleGrant
from cps.cases.models import Case
from cps.cases.policy import WORKERS, reach_of, workable
from cps.cases.queries import Reach
from cps.core.db import db
from cps.departments.models import Staff
from cps.triage.work.models import DeskAct, DeskActCase
from cps.triage.work.rules import CaseState


def act_of(act_id: int, account_id: int) -> DeskAct | None:
    """Return an act on many cases of somebody's own; None for those of others."""
    act = db.session.get(DeskAct, act_id)
    return act if act is not None and act.is_bulk and act.by_id == account_id else None


def versions(officer: Account, *, references: Sequence[str] = (), ids: Sequence[int] = ()) -> dict[int, int]:
    """Return the versions of these cases by number, of those that the officer works."""
    asked = Case.reference.in_(references) if references else Case.id.in_(ids)
    mine = workable(officer.roles, reach_of(officer))
    rows = db.session.execute(select(Case.id, Case.version).where(asked, mine).order_by(Case.id))
    return {row.id: row.version for row in rows}


def count_parts(act_id: int) -> Mapping[CaseState, int]:
    """Return how many cases of an act are in each state."""
    states = select(DeskActCase.state, func.count()).where(DeskActCase.act_id == act_id)
    rows = db.session.execute(states.group_by(DeskActCase.state)).all()
    return {row[0]: row[1] for row in rows}


def count_reasons(act_id: int, state: CaseState) -> Sequence[Row[str, int]]:
    """Return (why, how many) of the cases that were left out, the most first."""
    number = func.count()
    reasons = select(DeskActCase.why, number).where(DeskActCase.act_id == act_id, DeskActCase.state == state)
    return db.session.execute(reasons.group_by(DeskActCase.why).order_by(number.desc())).all()


def shown_parts(
    act_id: int, states: Sequence[CaseState], officer: Account, *, why: str = "", limit: int
) -> Sequence[Any]:
    """Return (reference, title, language) of the first cases of an act in these states.

    The title is the one that everybody may read: a case may be at another desk by now. One that turned out to
    be about staff is named to those alone who work it.
    """
    named = or_(Case.is_integrity.is_(False), workable(officer.roles, reach_of(officer)))
    found = (
        select(Case.reference, Case.title, Case.language)
        .join(DeskActCase, DeskActCase.case_id == Case.id)
        .where(DeskActCase.act_id == act_id, DeskActCase.state.in_(states), DeskActCase.why == why, named)
    )
    return db.session.execute(found.order_by(Case.id).limit(limit)).all()


def colleagues(reach: Reach) -> Sequence[Row[int, str]]:
    """Return (id, name) of everybody who works cases in these departments, by name."""
    found = (
        select(Account.id, Account.display_name)
        .join(Staff, Staff.account_id == Account.id)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(RoleGrant.role.in_(WORKERS))
        .distinct()
        .order_by(Account.display_name, Account.id)
    )
    if not reach.everywhere:
        found = found.where(Staff.department_id.in_(reach.departments))
    return db.session.execute(found).all()
