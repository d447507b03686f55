"""Writes of the reasons with which the city says no: made, changed, moved; retired, and never deleted."""

from datetime import datetime
from typing import Any

from cps.core import audit, changes
from cps.core.db import db
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.models import City
from cps.departments import queries
from cps.departments.models import DeclineReason
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
    rows = [row for row in _lock_order() if row.is_active]
    place = next((number for number, row in enumerate(rows) if row.id == reason_id), None)
    if place is None or not 0 <= place + step < len(rows):
        return
    moved = rows.pop(place)
    rows.insert(place + step, moved)
    for number, row in enumerate(rows):
        row.ord = number
    told = {"ord": [place + 1, place + step + 1]}
    audit.record("move-reason", about=("reason", moved.code), by=by, at=at, changes=told)
    db.session.flush()


def _lock_order() -> list[DeclineReason]:
    """Return all reasons as they stand now; two who change their order do so one after the other."""
    db.session.get_one(City, 1, populate_existing=True, with_for_update=True)
    return list(queries.decline_reasons())
