"""From when on a late case is on the public list of what is late, as the city has chosen."""

from datetime import datetime
from typing import Any

from cps.cases.rules.escalation import public_before
from cps.cases.services import clock


def due_before(now: datetime) -> datetime:
    """Return the moment before which the date of a case lies that is on the list now."""
    days = clock.settings().public_after_days
    return public_before(now, days, clock.calendar().now) if days else now


def days_after() -> int:
    """Return how many working days after its date a case comes onto the list."""
    return clock.settings().public_after_days


def is_owed(row: Any, now: datetime) -> bool:
    """Say of one row of a list of complaints whether its date has passed while it waits for the city.

    A working day later it is on the public list of what is late (`due_before`).
    """
    return row.closed_at is None and row.paused_at is None and row.due_at < now
