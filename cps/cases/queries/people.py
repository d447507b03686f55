"""Who backs and follows a case, and whose cases an account works."""

from dataclasses import dataclass

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased

from cps.cases.models import Case, Follow, Support
from cps.core.db import db
from cps.departments.models import Department, Staff


def is_supported_by(case_id: int, account_id: int) -> bool:
    """Return whether the account backs the case."""
    return db.session.get(Support, (case_id, account_id)) is not None


def is_followed_by(case_id: int, account_id: int) -> bool:
    """Return whether the account follows the case."""
    return db.session.get(Follow, (case_id, account_id)) is not None


def backed_by_both(one: int, other: int) -> list[int]:
    """Return the cases that two accounts both back."""
    second = aliased(Support)
    both = select(Support.case_id).join(second, second.case_id == Support.case_id)
    return list(db.session.scalars(both.where(Support.account_id == one, second.account_id == other)))


def backed_and_reported(backing: int, reporting: int) -> list[int]:
    """Return the cases that one account backs and another one reported."""
    own = select(Support.case_id).join(Case, Case.id == Support.case_id)
    return list(db.session.scalars(own.where(Support.account_id == backing, Case.reporter_id == reporting)))


def backed_by(account_id: int) -> list[int]:
    """Return the cases that an account backs."""
    return list(db.session.scalars(select(Support.case_id).where(Support.account_id == account_id)))


def count_open_reported_by(account_id: int) -> int:
    """Return how many cases that an account reported are open."""
    mine = select(func.count()).where(Case.reporter_id == account_id, Case.closed_at.is_(None))
    return db.session.scalar(mine) or 0


def reported_by(*accounts: int) -> list[int]:
    """Return the cases that these accounts reported."""
    return list(db.session.scalars(select(Case.id).where(Case.reporter_id.in_(accounts))))


@dataclass(frozen=True, slots=True)
class Reach:
    """Whose cases an account works: those of its departments, or of all when it works in triage.

    `barred` are the complaints about staff or corruption that name the account or its departments.
    """

    departments: frozenset[int]
    everywhere: bool
    barred: frozenset[int] = frozenset()


_WORKING_IN = (
    select(Department.id, Department.is_triage)
    .join(Staff, Staff.department_id == Department.id)
    .where(Staff.account_id == bindparam("account"))
)


def reach_of(account_id: int) -> Reach:
    """Return the departments an account works in, in one statement."""
    rows = db.session.execute(_WORKING_IN, {"account": account_id}).all()
    return Reach(frozenset(row.id for row in rows), any(row.is_triage for row in rows))
