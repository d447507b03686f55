"""The boxes of the desk; no Flask, no database."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class Box(StrEnum):
    """A standing view of the queue; each has a count."""

    NEW = "new"
    MINE = "mine"
    DEPARTMENT = "department"
    TODAY = "today"
    LATE = "late"
    REPLIES = "replies"
    REOPENED = "reopened"


@dataclass(frozen=True, slots=True)
class Due:
    """How far a due date is, as the desk shows it: whole days, and late is the only red."""

    is_late: bool
    days: int

    @property
    def colour(self) -> str:
        """Red only when late, yellow today and tomorrow, else plain."""
        if self.is_late:
            return "waiting"
        return "in-hand" if self.days <= 1 else "plain"


def due(due_at: datetime, *, now: datetime, zone: ZoneInfo) -> Due:
    """Return the distance in calendar days of the city; a case is late from the very moment it is due."""
    days = (due_at.astimezone(zone).date() - now.astimezone(zone).date()).days
    return Due(is_late=now > due_at, days=abs(days))


def end_of_day(now: datetime, zone: ZoneInfo) -> datetime:
    """Return the midnight with which the city's day ends."""
    local = now.astimezone(zone)
    return (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
