"""Reads of departments, their staff, categories and questions."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from cps.core.db import db
from cps.core.errors import ConfigurationError
from cps.core.known import Known
from cps.departments.catalogue import Catalogue, KnownCategory, KnownDepartment, KnownQuestion
from cps.departments.models import Category, Department, Staff
from cps.departments.rules import CategoryKind, Needs

_ORDER = (Department.is_triage.desc(), Department.ord, Department.id)
_WHOLE = (joinedload(Category.department), selectinload(Category.questions))


def catalogue() -> Catalogue:
    """Return all departments and categories, read when one has changed since the last call."""
    return _catalogue.get()


def _read_catalogue() -> Catalogue:
    departments = {
        row.id: KnownDepartment(
            row.id, row.code, row.name, row.about, row.is_triage, row.is_active, row.phone
        )
        for row in db.session.scalars(select(Department).order_by(*_ORDER))
    }
    every = select(Category).order_by(Category.ord, Category.id).options(selectinload(Category.questions))
    categories = {row.id: _known(row, departments[row.department_id]) for row in db.session.scalars(every)}
    return Catalogue(departments, categories)


def _known(row: Category, department: KnownDepartment) -> KnownCategory:
    return KnownCategory(
        id=row.id,
        code=row.code,
        kind=row.kind,
        group_name=row.group_name,
        name=row.name,
        description=row.description,
        keywords=row.keywords,
        icon=row.icon,
        department_id=row.department_id,
        department=department,
        service_time=row.service_time,
        service_time_unit=row.service_time_unit,
        acknowledge_hours=row.acknowledge_hours,
        is_repair=row.is_repair,
        is_private_by_default=row.is_private_by_default,
        is_integrity=row.is_integrity,
        is_active=row.is_active,
        needs=Needs.of(row.needs),
        questions=tuple(
            KnownQuestion(q.code, q.datatype, q.label, q.help, q.is_required, q.choices, q.stops)
            for q in row.questions
        ),
    )


_catalogue = Known(_read_catalogue, Department, Category)


def categories(kind: CategoryKind = CategoryKind.COMPLAINT) -> list[Category]:
    """Return the active categories of a kind in their order, with questions and department.

    Two statements, however many there are.
    """
    found = (
        select(Category)
        .where(Category.kind == kind, Category.is_active)
        .order_by(Category.ord, Category.id)
        .options(*_WHOLE)
    )
    return list(db.session.scalars(found))


def all_categories() -> list[Category]:
    """Return every category of every kind, offered or not, in the order of lists."""
    return list(db.session.scalars(select(Category).order_by(Category.ord, Category.id).options(*_WHOLE)))


def category_by_code(code: str) -> Category | None:
    """Return the category, also when it is no longer offered."""
    return db.session.scalars(select(Category).where(Category.code == code).options(*_WHOLE)).one_or_none()


def category(category_id: int) -> Category | None:
    """Return the category, also when it is no longer offered."""
    return db.session.get(Category, category_id, options=_WHOLE)


def departments() -> list[Department]:
    """Return the active departments in their order, the one that reads new cases first."""
    return list(db.session.scalars(select(Department).where(Department.is_active).order_by(*_ORDER)))


def all_departments() -> list[Department]:
    """Return every department, active or not, in the order in which they were made."""
    return list(db.session.scalars(select(Department).order_by(Department.id)))


def department_by_code(code: str) -> Department | None:
    """Return the department, also when it is no longer active."""
    return db.session.scalars(select(Department).where(Department.code == code)).one_or_none()


def department(department_id: int) -> Department | None:
    """Return the department, also when it is no longer active."""
    return db.session.get(Department, department_id)


def find_triage_department() -> Department | None:
    """Return the department that reads what nobody else has taken, or None when the city has none."""
    return db.session.scalars(
        select(Department).where(Department.is_triage).order_by(Department.id).limit(1)
    ).one_or_none()


def triage_department() -> Department:
    """Return the department that reads what nobody else has taken; raises ConfigurationError without one."""
    department = find_triage_department()
    if department is None:
        raise ConfigurationError("No department reads new cases. Mark one in the settings of departments.")
    return department


def department_ids_of(account_id: int) -> frozenset[int]:
    """Return the departments in which the account works."""
    return frozenset(db.session.scalars(select(Staff.department_id).where(Staff.account_id == account_id)))


def workplaces(account_ids: Iterable[int]) -> dict[int, dict[str, str]]:
    """Return the name, by language, of the department that each of these accounts works in; of several, one.

    Who works in none has no entry.
    """
    wanted = set(account_ids)
    if not wanted:
        return {}
    rows = db.session.execute(
        select(Staff.account_id, Department.name)
        .join(Department, Department.id == Staff.department_id)
        .where(Staff.account_id.in_(wanted))
        .order_by(Staff.department_id.desc())
    )
    return {row.account_id: row.name for row in rows}


def staff_row(account_id: int, department_id: int) -> Staff | None:
    """Return the row that says that the account works in the department."""
    return db.session.get(Staff, (account_id, department_id))
