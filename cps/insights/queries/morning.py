"""What heads of department and the mayor read at seven: counts, and the few cases that matter most."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, select, true

from cps.accounts.models import Account, RoleGrant
from cps.accounts.rules import AccountState, Role
from cps.cases.models import Case, CaseEvent
from cps.cases.queries import is_late
from cps.cases.queries.promises import NOT_OWED, is_overdue
from cps.cases.rules import Audience, EventKind, Status
from cps.core.db import db
from cps.departments.models import Department, Staff
from cps.insights.models import MorningReader, MorningStop

Rows = Sequence[Row[*tuple[Any, ...]]]
Departments = Collection[int] | None
"""Ids of departments; None means every one."""

_SHOWN = (Case.department_id, Case.reference, Case.kind, Case.title, Case.language)
"""By which a report names a case and leads to it."""


@dataclass(frozen=True, slots=True)
class MorningLine:
    """How many open cases of a department are late, due today, and asked to be reopened."""

    department_id: int
    late: int
    today: int
    reopened: int


def morning_counts(departments: Departments, *, now: datetime, end_of_day: datetime) -> list[MorningLine]:
    """Count the open cases of each department in one statement; complaints about staff are left out."""
    is_today = and_(Case.due_at >= now, Case.due_at < end_of_day, Case.paused_at.is_(None))
    rows = db.session.execute(
        select(
            Case.department_id,
            func.count().filter(is_late(now)),
            func.count().filter(is_today),
            func.count().filter(Case.status == Status.REOPEN_ASKED),
        )
        .where(*_owed(departments))
        .group_by(Case.department_id)
        .order_by(Case.department_id)
    )
    return [MorningLine(*row) for row in rows]


def longest_late(departments: Departments, *, now: datetime, most: int) -> Rows:
    """Return of each department the cases that are late for longest, in one statement."""
    return _first_of_each(departments, (Case.due_at, Case.id), and_(*is_overdue(now)), most)


def backed(departments: Departments, *, most: int) -> Rows:
    """Return of each department the open cases that most residents back, in one statement."""
    return _first_of_each(departments, (Case.support_count.desc(), Case.id), Case.support_count > 0, most)


def _first_of_each(
    departments: Departments, order: tuple[Any, ...], which: ColumnElement[bool], most: int
) -> Rows:
    place = func.row_number().over(partition_by=Case.department_id, order_by=order).label("place")
    chosen = select(Case.id, place).where(*_owed(departments), which).subquery("chosen")
    return db.session.execute(
        select(
            *_SHOWN,
            Case.due_at,
            Case.support_count,
            Case.is_listed,
        )
        .join(chosen, chosen.c.id == Case.id)
        .where(chosen.c.place <= most)
        .order_by(Case.department_id, chosen.c.place)
    ).all()


def thanks(departments: Departments, *, since: datetime, most: int) -> Rows:
    """Return what residents wrote since a moment when they said that it is fixed, the newest first.

    Only words that everybody may read.
    """
    return db.session.execute(
        select(
            *_SHOWN,
            CaseEvent.message,
            CaseEvent.language.label("message_language"),
        )
        .join(CaseEvent, CaseEvent.case_id == Case.id)
        .where(
            Case.is_listed.is_(True),
            Case.updated_at >= since,
            _of(departments),
            CaseEvent.kind == EventKind.CONFIRMED_FIXED,
            CaseEvent.audience == Audience.PUBLIC,
            CaseEvent.at >= since,
            CaseEvent.message != "",
        )
        .order_by(CaseEvent.at.desc(), CaseEvent.id.desc())
        .limit(most)
    ).all()


def _owed(departments: Departments) -> tuple[ColumnElement[bool], ...]:
    is_open = Case.closed_at.is_(None), Case.status.not_in(NOT_OWED), Case.is_integrity.is_(False)
    return *is_open, _of(departments)


def _of(departments: Departments) -> ColumnElement[bool]:
    return true() if departments is None else Case.department_id.in_(departments)


def heads() -> dict[int, frozenset[int] | None]:
    """Return the supervisors who want the report, by account: their departments, None for every one."""
    rows = db.session.execute(
        select(Account.id, Staff.department_id, Department.is_triage)
        .join(RoleGrant, and_(RoleGrant.account_id == Account.id, RoleGrant.role == Role.SUPERVISOR))
        .join(Staff, Staff.account_id == Account.id)
        .join(Department, Department.id == Staff.department_id)
        .outerjoin(MorningStop, MorningStop.account_id == Account.id)
        .where(Account.state == AccountState.ACTIVE, MorningStop.account_id.is_(None))
        .order_by(Account.id)
    )
    found: dict[int, set[int]] = {}
    everywhere = set()
    for account_id, department_id, is_triage in rows:
        found.setdefault(account_id, set()).add(department_id)
        if is_triage:
            everywhere.add(account_id)
    return {key: None if key in everywhere else frozenset(ids) for key, ids in found.items()}


def readers() -> Sequence[MorningReader]:
    """Return the addresses that get the report of all departments."""
    return db.session.scalars(select(MorningReader).order_by(MorningReader.id)).all()


def reader(key: int) -> MorningReader | None:
    """Return one of these addresses."""
    return db.session.get(MorningReader, key)


def has_stopped(account_id: int) -> bool:
    """Return whether a supervisor does not want the report by mail."""
    return db.session.get(MorningStop, account_id) is not None
