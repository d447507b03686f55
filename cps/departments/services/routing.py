"""Writes of the rules of routing: made, changed, moved, taken away; each leaves an audit row."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from cps.core import audit, changes
from cps.core.db import db
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.departments import queries
from cps.departments.models import RoutingRule
from cps.departments.routing import MOST_RULES, RoutingSpec
from cps.departments.services.ordering import lock_order, one_place


def add_routing_rule(spec: RoutingSpec, *, by: int | None, at: datetime) -> RoutingRule:
    """Make a rule, tried after all others; raises RuleViolation."""
    values = _values(spec)
    others = _lock_order()
    if len(others) >= MOST_RULES:
        raise RuleViolation(_("There can be %(most)s rules at most. Take one away first.", most=MOST_RULES))
    row = RoutingRule(position=max((one.position for one in others), default=0) + 1, **values)
    db.session.add(row)
    db.session.flush()
    told = {name: [None, value] for name, value in values.items()}
    audit.record("create-routing", about=("routing", row.id), by=by, at=at, changes=told)
    return row


def change_routing_rule(row: RoutingRule, spec: RoutingSpec, *, by: int | None, at: datetime) -> bool:
    """Change a rule; False when nothing differs. Raises RuleViolation."""
    found = changes.apply(row, _values(spec))
    if found:
        audit.record("change-routing", about=("routing", row.id), by=by, at=at, changes=found)
        db.session.flush()
    return bool(found)


def move_routing_rule(rule_id: int, step: int, *, by: int | None, at: datetime) -> None:
    """Try a rule earlier (-1) or later (1) than the one beside it; nothing where there is none."""
    moved = one_place(_lock_order(), rule_id, step)
    if moved is None:
        return
    for number, row in enumerate(moved.rows, start=1):
        row.position = number
    about = ("routing", rule_id)
    audit.record("move-routing", about=about, by=by, at=at, changes={"position": moved.places})
    db.session.flush()


def remove_routing_rule(row: RoutingRule, *, by: int | None, at: datetime) -> None:
    """Take a rule away; what it did stays as it is."""
    audit.record(
        "remove-routing", about=("routing", row.id), by=by, at=at, changes={"name": [row.name, None]}
    )
    db.session.delete(row)
    db.session.flush()


def _lock_order() -> Sequence[RoutingRule]:
    """Wait for whoever changes the order at this moment, then return the rules in it."""
    lock_order()
    return queries.routing_rules()


def _values(spec: RoutingSpec) -> dict[str, Any]:
    """Return the columns of a rule; raises RuleViolation."""
    spec.check()
    department = queries.department_by_code(spec.department) if spec.department else None
    if spec.department and (department is None or not department.is_active):
        raise RuleViolation(_("Choose a department that is in use."))
    if spec.officer_id and (department is None or not queries.works_in(spec.officer_id, department.id)):
        raise RuleViolation(_("This officer does not work in the department. Choose another one."))
    return {
        "name": spec.name.strip(),
        "conditions": spec.conditions.written(),
        "department_id": department.id if department else None,
        "officer_id": spec.officer_id,
        "makes_urgent": spec.makes_urgent,
        "is_active": spec.is_active,
    }
