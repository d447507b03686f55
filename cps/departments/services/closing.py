"""Departments in their order; one is closed and another takes over what it had; which one sorts new cases."""

from datetime import datetime

from cps.core import audit
from cps.core.db import db
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.departments import queries
from cps.departments.models import Department
from cps.departments.services.ordering import lock_order, one_place


def move_department(department_id: int, step: int, *, by: int | None, at: datetime) -> None:
    """List a department before (-1) or after (1) the one in use beside it; nothing at the ends.

    The one that sorts new cases always comes first.
    """
    lock_order()
    moved = one_place([row for row in queries.departments() if not row.is_triage], department_id, step)
    if moved is None:
        return
    for number, row in enumerate(moved.rows, 1):
        row.ord = number
    about = ("department", moved.row.code)
    audit.record("move-department", about=about, by=by, at=at, changes={"ord": moved.places})
    db.session.flush()


def close_department(row: Department, successor: Department | None, *, by: int | None, at: datetime) -> None:
    """Close a department; its categories and rules of routing go to the one that takes over.

    Its open cases are for the caller. Raises RuleViolation for the one that sorts new cases, for a successor
    that is closed, and where nobody takes over although something would be left without a department.
    """
    lock_order()
    if row.is_triage:
        raise RuleViolation(_("This department sorts new cases. Let another one do that first."))
    if successor is not None and (successor.id == row.id or not successor.is_active):
        raise RuleViolation(_("Choose a department that is in use."))
    if not row.is_active:
        return
    owned = [one for one in queries.all_categories() if one.department_id == row.id]
    rules = [one for one in queries.routing_rules() if one.department_id == row.id]
    if (owned or rules) and successor is None:
        raise RuleViolation(_("Say who takes over its categories and rules."))
    for category in owned:
        category.department_id = successor.id if successor else row.id
        changes = {"department_id": [row.id, category.department_id]}
        audit.record("change-category", about=("category", category.code), by=by, at=at, changes=changes)
    for rule in rules:
        rule.department_id, rule.officer_id = (successor.id if successor else None), None
        passed = {"department_id": [row.id, rule.department_id]}
        audit.record("change-routing", about=("routing", rule.id), by=by, at=at, changes=passed)
    row.is_active, row.successor_id = False, successor.id if successor else None
    told = {"is_active": [True, False], "successor_id": [None, row.successor_id]}
    audit.record("close-department", about=("department", row.code), by=by, at=at, changes=told)
    db.session.flush()


def reopen_department(row: Department, *, by: int | None, at: datetime) -> None:
    """Let a closed department work again; what another one took over stays there."""
    if row.is_active:
        return
    told = {"is_active": [False, True], "successor_id": [row.successor_id, None]}
    row.is_active, row.successor_id = True, None
    audit.record("reopen-department", about=("department", row.code), by=by, at=at, changes=told)
    db.session.flush()


def sort_new_cases(row: Department, *, by: int | None, at: datetime) -> None:
    """Let this department sort new cases, and work all of them, in place of the one that does.

    Raises RuleViolation for one that is closed.
    """
    lock_order()
    if not row.is_active:
        raise RuleViolation(_("Choose a department that is in use."))
    now = queries.find_triage_department()
    if now is not None and now.id == row.id:
        return
    if now is not None:
        now.is_triage = False
        told = {"is_triage": [True, False]}
        audit.record("change-department", about=("department", now.code), by=by, at=at, changes=told)
        db.session.flush()
    row.is_triage = True
    told = {"is_triage": [False, True]}
    audit.record("change-department", about=("department", row.code), by=by, at=at, changes=told)
    db.session.flush()
