"""Whom to tell of the staff when the time of a case runs out."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from cps.accounts.models import RoleGrant
from cps.accounts.rules import Role
from cps.cases.models import Case
from cps.cases.queries import integrity
from cps.core import city as cities
from cps.core.db import db
from cps.departments import queries as departments
from cps.departments.models import Staff
from cps.notifications import queries
from cps.notifications.queries import Recipient


def case_of(case_id: int) -> Case | None:
    """Return a case with its department, read anew."""
    found = select(Case).where(Case.id == case_id).options(joinedload(Case.department))
    return db.session.scalars(found.execution_options(populate_existing=True)).one_or_none()


def who_has(case: Case) -> list[Recipient]:
    """Return whoever has a case: its officer, else the address of its department, else all who work there.

    A case about staff or corruption is told to its integrity officers alone, but for those whom it names.
    """
    if case.is_integrity:
        return queries.mailed(integrity.handlers_of(case.id))
    if case.assignee_id is not None and (officer := queries.mailed([case.assignee_id])):
        return officer
    if case.department.email:
        return [Recipient(case.department.email, cities.get().default_language)]
    return _with_role(Role.OFFICER, case.department_id)


def who_answers_for(case: Case) -> list[Recipient]:
    """Return the supervisors of the department that has a case; without any, those who sort what comes in."""
    if case.is_integrity:
        return queries.mailed(integrity.handlers_of(case.id))
    return supervisors_of(case.department_id)


def supervisors_of(department_id: int) -> list[Recipient]:
    """Return the supervisors of a department; without any, those of who sorts what comes in."""
    triage = departments.find_triage_department()
    own = _with_role(Role.SUPERVISOR, department_id)
    return own or (_with_role(Role.SUPERVISOR, triage.id) if triage else [])


def _with_role(role: Role, department_id: int | None = None) -> list[Recipient]:
    holders = select(RoleGrant.account_id).where(RoleGrant.role == role)
    if department_id is not None:
        workers = select(Staff.account_id).where(Staff.department_id == department_id)
        holders = holders.where(RoleGrant.account_id.in_(workers))
    return queries.mailed(list(db.session.scalars(holders)))
