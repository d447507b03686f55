"""Writes of the reasons with which the city says no: made, changed, moved; retired, and never deleted."""

from datetime import datetime
from typing import Any

from cps.core import audit, changes
from cps.core.db import db
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.departments import queries
from cps.departments.models import DeclineReason
from cps.departments.services.ordering import lock_order, one_place
from cps.departments.specs import ReasonSpec

MOST_REASONS = 60


def save_reason(spec: ReasonSpec, *, by: int | None, at: datetime) -> DeclineReason:
    """Make a reason, offered after all others, or change the one of this code; raises RuleViolation."""
    spec.check()
    others = _lock_order()
    row = next((one for one in others if one.code == spec.code), None)
    values: dict[str, Any] = {
        "text": dict(spec.text),
        "endings": sorted(spec.endings),
        "is_active": spec.is_active,
    }
    if row is not None:
        found = changes.apply(row, values)
        if found:
            audit.record("change-reason", about=("reason", row.code), by=by, at=at, changes=found)
            db.session.flush()
        return row
    if len(others) >= MOST_REASONS:
        raise RuleViolation(_("There can be %(most)s reasons at most.", most=MOST_REASONS))
    row = DeclineReason(code=spec.code, ord=max((one.ord for one in others), default=0) + 1, **values)
    db.session.add(row)
    db.session.flush()
    audit.record("create-reason", about=("reason", row.code), by=by, at=at, changes={})
    return row


def move_reason(reason_id: int, step: int, *, by: int | None, at: datetime) -> None:
    """Offer a reason before (-1) or after (1) the one in use beside it; nothing at the ends."""
    moved = one_place([row for row in _lock_order() if row.is_active], reason_id, step)
    if moved is None:
        return
    for number, row in enumerate(moved.rows):
        row.ord = number
    about = ("reason", moved.row.code)
    audit.record("move-reason", about=about, by=by, at=at, changes={"ord": moved.places})
    db.session.flush()


def _lock_order() -> list[DeclineReason]:
    """Return all reasons as they stand now; two who change their order do so one after the other."""
    lock_order()
    return list(queries.decline_reasons())
