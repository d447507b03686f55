"""The answer clock: what moves a due date, and by how much; no Flask, no database.

A due date moves later only by an extension, by the one pause while the city waits for the resident, and by
working time lost in a suspension of work. Nothing else moves it: see the table in docs/clock.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

from cps.cases.rules.statuses import CLOSED, Status
from cps.departments.calendar import WorkingCalendar

MOST_EXTENSIONS = 2
PAUSE_DAYS = 10
"""Working days for which the clock waits for the resident at most, once in the life of a case."""

SETTING = "clock"
"""Under this name the settings of the city keep what administrators chose."""


class ExtensionRefusal(StrEnum):
    """Why a due date cannot be moved on; pages have a sentence for each."""

    NOT_RUNNING = "not-running"
    USED_UP = "used-up"
    TOO_LATE = "too-late"
    PAUSED = "paused"
    WAITING = "waiting"
    TOO_LONG = "too-long"
    REASON_MISSING = "reason-missing"
    REPLY_MISSING = "reply-missing"
    NEEDS_SUPERVISOR = "needs-supervisor"


class ExtensionRefused(Exception):
    """An extension that the rules do not allow; `reason` says which rule."""

    def __init__(self, reason: ExtensionRefusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class ClockSettings:
    """What a city chose for its clock; the numbers are those of a city that chose nothing.

    Hours are working hours, days working days. The extensions from the `supervisor_from`-th on need a
    supervisor's yes (3: none does). A late case is on the public list `public_after_days` after its date.
    A department of which nobody has opened what is new for `silent_hours` is told of. A reporter who was
    asked something has `reply_days` to answer, unless the officer chooses another number.
    """

    acknowledge_hours: int = 8
    acknowledge_hours_urgent: int = 4
    extension_days: int = 10
    supervisor_from: int = 2
    reminder_days: int = 1
    public_after_days: int = 1
    silent_hours: int = 8
    reply_days: int = 5


BOUNDS: Mapping[str, tuple[int, int]] = {
    "acknowledge_hours": (1, 80),
    "acknowledge_hours_urgent": (1, 80),
    "extension_days": (1, 60),
    "supervisor_from": (1, MOST_EXTENSIONS + 1),
    "reminder_days": (1, 10),
    "public_after_days": (0, 30),
    "silent_hours": (1, 80),
    "reply_days": (1, PAUSE_DAYS),
}
"""The least and the most that each setting may be."""


def settings_from(chosen: Mapping[str, Any] | None) -> ClockSettings:
    """Return what a city chose, else what holds for a city that chose nothing."""
    known = {field.name for field in fields(ClockSettings)}
    return ClockSettings(**{name: int(value) for name, value in (chosen or {}).items() if name in known})


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the clock of a case stands, as far as extensions and pauses ask."""

    status: Status
    has_started: bool
    due_at: datetime
    extensions: int
    is_paused: bool
    pause_used: bool
    request_waits: bool = False


def why_not_extended(case: Standing, now: datetime) -> ExtensionRefusal | None:
    """Return why this case can get no more time, or None where it can.

    What is late stays late: more time is asked for before the date, not after it.
    """
    if case.status in CLOSED or not case.has_started:
        return ExtensionRefusal.NOT_RUNNING
    if case.extensions >= MOST_EXTENSIONS:
        return ExtensionRefusal.USED_UP
    if case.request_waits:
        return ExtensionRefusal.WAITING
    if case.is_paused:
        return ExtensionRefusal.PAUSED
    if now > case.due_at:
        return ExtensionRefusal.TOO_LATE
    return None


def check_words(days: int, *, reason: str, reply: str, most: int) -> None:
    """Raise ExtensionRefused unless the extension is bounded, has its public reason and an interim reply."""
    if not 1 <= days <= most:
        raise ExtensionRefused(ExtensionRefusal.TOO_LONG)
    if not reason.strip():
        raise ExtensionRefused(ExtensionRefusal.REASON_MISSING)
    if not reply.strip():
        raise ExtensionRefused(ExtensionRefusal.REPLY_MISSING)


def needs_supervisor(number: int, settings: ClockSettings) -> bool:
    """Return whether the extension of this number, the first or the second, needs a supervisor's yes."""
    return number >= settings.supervisor_from


def begins_pause(case: Standing, to: Status, now: datetime) -> bool:
    """Return whether a move to this status stops the clock: the first wait for the resident, if in time."""
    return (
        to is Status.WAITING_RESIDENT
        and case.status is not Status.WAITING_RESIDENT
        and case.has_started
        and not case.pause_used
        and now <= case.due_at
    )


def pause_end(calendar: WorkingCalendar, start: datetime) -> datetime:
    """Return when a pause that began at `start` is over at the latest: the end of its tenth working day."""
    return calendar.add_working_days(start, PAUSE_DAYS)


def after_pause(
    due: datetime, start: datetime, end: datetime, calendar: WorkingCalendar, *, all_hours: bool
) -> datetime:
    """Return a due date moved on by the working time between two moments; by all of it where hours count."""
    if all_hours:
        return due + (end - start)
    return calendar.add_working_time(due, calendar.working_time(start, end))


def extended(due: datetime, days: int, calendar: WorkingCalendar) -> datetime:
    """Return the end of the `days`-th working day after that of a due date."""
    return calendar.add_working_days(due, days)


@dataclass(frozen=True, slots=True)
class Running:
    """A promise that runs: since when, until when, and the pause it had, if any."""

    start: datetime
    due: datetime
    promised: datetime
    paused: tuple[datetime, datetime] | None = None


def after_suspensions(running: Running, before: WorkingCalendar, after: WorkingCalendar) -> datetime:
    """Return the due date once the calendar is `after` and no longer `before`: what was lost is added.

    Lost is the working time until the due date that is none any more, without that of the pause, which had
    been added already. A correction gives back, but never more than leads to the date first promised.
    """
    lost = _lost(running.start, running.due, before, after)
    if running.paused is not None:
        lost -= _lost(*running.paused, before, after)
    if not lost:
        return running.due
    wanted = after.working_time(running.start, running.due) + lost
    return max(after.add_working_time(running.start, wanted), running.promised)


def _lost(start: datetime, end: datetime, before: WorkingCalendar, after: WorkingCalendar) -> Any:
    return before.working_time(start, end) - after.working_time(start, end)


def acknowledge_hours(settings: ClockSettings, of_category: int | None, *, is_urgent: bool) -> int:
    """Return within how many working hours a case should be seen; what its category says wins."""
    if of_category is not None:
        return of_category
    return settings.acknowledge_hours_urgent if is_urgent else settings.acknowledge_hours
