"""Reads of the rules of routing."""

from collections.abc import Sequence

from sqlalchemy import select

from cps.accounts.models import Account
from cps.accounts.rules import AccountState
from cps.core.db import db
from cps.core.known import Known
from cps.departments.models import Department, RoutingRule, Staff
from cps.departments.routing import Conditions, KnownRule

_ORDER = (RoutingRule.position, RoutingRule.id)


def routing() -> tuple[KnownRule, ...]:
    """Return the rules in use, in their order, read when one has changed since the last call.

    One whose department is no longer active is left out: nobody would see what it sends there.
    """
    return _routing.get()


def _read_routing() -> tuple[KnownRule, ...]:
    rows = select(RoutingRule).outerjoin(Department, Department.id == RoutingRule.department_id)
    in_use = RoutingRule.is_active, RoutingRule.department_id.is_(None) | Department.is_active
    return tuple(known_rule(row) for row in db.session.scalars(rows.where(*in_use).order_by(*_ORDER)))


_routing = Known(_read_routing, RoutingRule, Department)


def known_rule(row: RoutingRule) -> KnownRule:
    """Return a rule ready to be tried."""
    conditions = Conditions.of(row.conditions)
    return KnownRule(row.id, row.name, conditions, row.department_id, row.officer_id, row.makes_urgent)


def routing_rules() -> Sequence[RoutingRule]:
    """Return every rule, in use or not, in their order."""
    return db.session.scalars(select(RoutingRule).order_by(*_ORDER)).all()


def routing_rule(rule_id: int) -> RoutingRule | None:
    """Return one rule."""
    return db.session.get(RoutingRule, rule_id)


def works_in(account_id: int, department_id: int) -> bool:
    """Return whether somebody who can sign in works in a department."""
    found = (
        select(Staff.account_id)
        .join(Account, Account.id == Staff.account_id)
        .where(Staff.account_id == account_id, Staff.department_id == department_id)
        .where(Account.state == AccountState.ACTIVE)
    )
    return db.session.scalar(found) is not None


def staff_of(department_ids: Sequence[int]) -> list[tuple[int, int, str]]:
    """Return who works in these departments: (account, department, name), by name."""
    found = (
        select(Staff.account_id, Staff.department_id, Account.display_name)
        .join(Account, Account.id == Staff.account_id)
        .where(Staff.department_id.in_(department_ids), Account.state == AccountState.ACTIVE)
        .order_by(Account.display_name, Account.id)
    )
    return [(row.account_id, row.department_id, row.display_name) for row in db.session.execute(found)]
