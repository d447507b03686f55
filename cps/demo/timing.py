"""When things happen in the demo city: residents write by day, staff act in working time, all by now.

The calendar is asked once for each day and the answer kept, not once for each of a hundred thousand cases.
"""

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from cps.demo.shapes import Step, StepKind
from cps.departments.calendar import Deadline, Unit, WorkingCalendar
from cps.departments.rules import TimeUnit

BY_RESIDENT: Final = frozenset({StepKind.REPLY, StepKind.FEEDBACK})
MINUTE: Final = timedelta(minutes=1)
DAY: Final = timedelta(days=1)

HOURS: Final = (7, 8, 8, 9, 9, 10, 10, 11, 12, 12, 13, 14, 15, 16, 17, 17, 18, 18, 19, 19, 20, 20, 21, 22)
"""The hours of a day at which residents write; the more often an hour stands here, the likelier it is."""


class WorkDays:
    """The working days of the city's calendar, each looked up once."""

    def __init__(self, calendar: WorkingCalendar) -> None:
        self.calendar = calendar
        self._spans: dict[date, tuple[datetime, datetime] | None] = {}
        self._ends: dict[tuple[date, int], datetime] = {}

    def due(self, amount: int, unit: TimeUnit, start: datetime) -> datetime:
        """Return the same moment as the calendar does for a service time that begins at `start`."""
        if unit is not TimeUnit.WORKING_DAYS:
            return Deadline(amount, Unit[unit.name]).due(self.calendar, start)
        opens = self.next_working(start)
        key = (opens.astimezone(self.calendar.zone).date(), amount)
        if key not in self._ends:
            self._ends[key] = self.calendar.add_working_days(opens, amount)
        return self._ends[key]

    def next_working(self, at: datetime) -> datetime:
        """Return `at` from the first opening to the last closing of a working day, else the next opening."""
        day = at.astimezone(self.calendar.zone).date()
        while True:
            span = self._span(day)
            if span is not None and at <= span[1]:
                return max(at, span[0])
            day += DAY

    def last_working(self, at: datetime) -> datetime:
        """Return `at` in working time, else the last closing before it."""
        day = at.astimezone(self.calendar.zone).date()
        while True:
            span = self._span(day)
            if span is not None and span[0] <= at:
                return min(at, span[1])
            day -= DAY

    def staff_time(self, wanted: datetime, *, after: datetime, now: datetime, rng: random.Random) -> datetime:
        """Return when staff act that ought to at `wanted`: in working time, where there is any by now."""
        wanted = max(wanted, after + MINUTE)
        at = self.next_working(wanted)
        if at > wanted:  # they come to it in the course of the day, not all at nine
            at += (self._closing(at) - at) * (rng.random() * 0.9)
        if at > now:
            at = self.last_working(now)
        return at if at > after else min(wanted, now)

    def _closing(self, at: datetime) -> datetime:
        span = self._span(at.astimezone(self.calendar.zone).date())
        return span[1] if span else at

    def _span(self, day: date) -> tuple[datetime, datetime] | None:
        if day not in self._spans:
            midnight = datetime.combine(day, time(0), self.calendar.zone).astimezone(UTC)
            opens = self.calendar.next_opening(midnight)
            works = opens.astimezone(self.calendar.zone).date() == day
            self._spans[day] = (opens, self.calendar.add_working_days(opens, 0)) if works else None
        return self._spans[day]


def filing_time(latest: datetime, days: WorkDays, rng: random.Random) -> datetime:
    """Return a moment of the day or evening at `latest` or up to a day and a half before it."""
    zone = days.calendar.zone
    local = latest.astimezone(zone)
    hour = rng.choice(HOURS)
    at = datetime.combine(local.date(), time(hour, rng.randrange(60), rng.randrange(60)), zone).astimezone(
        UTC
    )
    return at if at <= latest else at - DAY


def step_times(
    steps: Sequence[Step], received: datetime, now: datetime, days: WorkDays, rng: random.Random
) -> list[datetime]:
    """Return a moment for each step of a course, in order, none after `now`."""
    times: list[datetime] = []
    last = received
    for step in steps:
        wanted = received + timedelta(hours=step.after_hours, minutes=rng.randrange(45))
        if step.kind in BY_RESIDENT:
            last = min(max(wanted, last + MINUTE), now)
        else:
            last = days.staff_time(wanted, after=last, now=now, rng=rng)
        times.append(last)
    return times
