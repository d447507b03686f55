"""Setting fields of a row and knowing which of them really changed, for audit rows and reports."""

from datetime import date, datetime, time
from enum import Enum
from typing import Any

from cps.core.db import Model


def apply(row: Model, values: dict[str, Any]) -> dict[str, Any]:
    """Set the fields that differ and return `{field: [old, new]}` of these, as an audit row keeps them."""
    changes = {}
    for field, new in values.items():
        old = getattr(row, field)
        if old != new:
            setattr(row, field, new)
            changes[field] = [_plain(old), _plain(new)]
    return changes


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, (date, datetime, time)) else value
