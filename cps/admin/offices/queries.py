"""Reads of departments as administrators see them: who works there, what is open, what belongs to them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from cps.accounts.models import Account, RoleGrant
from cps.accounts.rules import AccountState, Role
from cps.cases.models import Case
from cps.core.db import db
from cps.departments.models import Category, Department, Staff


@dataclass(frozen=True, slots=True)
class Count:
    """How many work in a department, how many of them supervise it, and its open cases and categories."""

    staff: int = 0
    supervisors: int = 0
    open_cases: int = 0
    categories: int = 0


def departments() -> Sequence[Department]:
    """Return every department: those in use first, in their order."""
    order = (Department.is_active.desc(), Department.is_triage.desc(), Department.ord, Department.id)
    return db.session.scalars(select(Department).order_by(*order)).all()


def counts() -> dict[int, Count]:
    """Return the counts of each department, in four statements; complaints about staff are not counted."""
    working = (
        select(Staff.department_id, func.count())
        .join(Account, Account.id == Staff.account_id)
        .where(Account.state == AccountState.ACTIVE)
        .group_by(Staff.department_id)
    )
    leading = working.join(RoleGrant, RoleGrant.account_id == Staff.account_id)
    leading = leading.where(RoleGrant.role == Role.SUPERVISOR)
    opened = select(Case.department_id, func.count()).where(
        Case.closed_at.is_(None), Case.is_integrity.is_(False)
    )
    owned = select(Category.department_id, func.count()).where(Category.is_active)
    staff, heads, cases, categories = (
        {row[0]: row[1] for row in db.session.execute(found)}
        for found in (
            working,
            leading,
            opened.group_by(Case.department_id),
            owned.group_by(Category.department_id),
        )
    )
    return {
        key: Count(staff.get(key, 0), heads.get(key, 0), cases.get(key, 0), categories.get(key, 0))
        for key in {*staff, *heads, *cases, *categories}
    }


def staff_of(department_id: int) -> Sequence[Account]:
    """Return who works in a department, by name; also who is blocked."""
    there = select(Account).join(Staff, Staff.account_id == Account.id)
    named = there.where(Staff.department_id == department_id)
    return db.session.scalars(named.order_by(func.lower(Account.display_name), Account.id)).all()


def categories_of(department_id: int) -> Sequence[Category]:
    """Return the categories that a department answers, in their order."""
    owned = select(Category).where(Category.department_id == department_id)
    return db.session.scalars(owned.order_by(Category.ord, Category.id)).all()


def lock_department(department_id: int) -> Department | None:
    """Return a department, loaded anew and locked for the running write transaction."""
    return db.session.get(Department, department_id, populate_existing=True, with_for_update=True)


def closed_with_successor() -> Sequence[Department]:
    """Return the closed departments that another one has taken over."""
    closed = select(Department).where(Department.is_active.is_(False), Department.successor_id.is_not(None))
    return db.session.scalars(closed.order_by(Department.id)).all()
