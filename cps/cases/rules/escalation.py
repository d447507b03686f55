"""What happens by itself to a case whose time runs out, and when; no Flask, no database."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from cps.cases.rules.clock import ClockSettings
from cps.departments.calendar import WorkingCalendar

_AT_ONCE = timedelta(seconds=1)
"""A case is late after its date, not at it."""


class EscalationStep(StrEnum):
    """What happens by itself to a case whose time runs out; each once for each due date.

    Nobody has looked at it in time: its department's supervisors hear of it. Its date nears: whoever has it
    is reminded. Its date has passed: the supervisors hear of it. It still is not answered: it stands on the
    public list of what is late.
    """

    UNSEEN = "unseen"
    REMINDER = "reminder"
    LATE = "late"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Watched:
    """What the worker asks of an open case."""

    started_at: datetime
    due_at: datetime
    acknowledge_by: datetime | None
    acknowledged_at: datetime | None
    pause_ends_at: datetime | None


def reminder_at(started_at: datetime, due_at: datetime, days: int, calendar: WorkingCalendar) -> datetime:
    """Return when whoever has a case is reminded: as so many working days before its date begin.

    Of a short promise it is half the time, so that nobody is reminded of what has only just come.
    """
    return max(calendar.opening_before(due_at, days), started_at + (due_at - started_at) / 2)


def public_at(due_at: datetime, days: int, calendar: WorkingCalendar) -> datetime:
    """Return when a late case comes onto the public list: so many working days after its date."""
    return (calendar.add_working_days(due_at, days) if days else due_at) + _AT_ONCE


def public_before(now: datetime, days: int, calendar: WorkingCalendar) -> datetime:
    """Return the moment before which a date lies whose case is on the public list: the same turned round."""
    if not days:
        return now
    is_over = calendar.add_working_days(calendar.opening_before(now, 0), 0) < now
    day = calendar.opening_before(now, days if is_over else days + 1)
    return calendar.add_working_days(day, 0) + _AT_ONCE


def course(
    case: Watched, settings: ClockSettings, calendar: WorkingCalendar
) -> Iterator[tuple[datetime, EscalationStep]]:
    """Yield the steps that lie before an open case, with the moment of each, in no order."""
    if case.acknowledged_at is None and case.acknowledge_by is not None:
        yield case.acknowledge_by + _AT_ONCE, EscalationStep.UNSEEN
    yield reminder_at(case.started_at, case.due_at, settings.reminder_days, calendar), EscalationStep.REMINDER
    yield case.due_at + _AT_ONCE, EscalationStep.LATE
    yield public_at(case.due_at, settings.public_after_days, calendar), EscalationStep.PUBLIC


def due_steps(
    case: Watched, now: datetime, settings: ClockSettings, calendar: WorkingCalendar
) -> tuple[list[EscalationStep], datetime | None]:
    """Return the steps whose time has come, and when to look again; None where nothing is left to come.

    Nobody is reminded of a date that has passed. While the clock is paused nothing happens.
    """
    if case.pause_ends_at is not None:
        return [], case.pause_ends_at
    steps = sorted(course(case, settings, calendar))
    come = [step for moment, step in steps if moment <= now]
    if EscalationStep.LATE in come and EscalationStep.REMINDER in come:
        come.remove(EscalationStep.REMINDER)
    return come, min((moment for moment, _step in steps if moment > now), default=None)
