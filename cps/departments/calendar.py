"""The city's working time: what "in three working days" means as a moment.

Opening hours are local times of the city's zone, so that a change of the clocks neither adds nor takes any;
what is returned is in UTC.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

Span = tuple[time, time]
Stretch = tuple[datetime, datetime]

_DAY = timedelta(days=1)
_NONE = timedelta()


class NoWorkingTime(ValueError):
    """The calendar has no opening hours in any week, so no promise can ever fall due."""


class Unit(StrEnum):
    """What a promise counts: plain hours (for what is urgent), opening hours, or working days."""

    HOURS = "hours"
    WORKING_HOURS = "working hours"
    WORKING_DAYS = "working days"


@dataclass(frozen=True)
class WorkingCalendar:
    """Opening hours by weekday (0 is Monday) and the days on which the city is closed nevertheless.

    Spans of a day are in order and do not overlap; an end of 00:00 is midnight after that day. Raises
    ValueError for spans that are not so. In a suspension, from one aware time to another, the city does not
    work; in which order they stand and whether they overlap does not matter.
    """

    zone: ZoneInfo
    hours: Mapping[int, tuple[Span, ...]]
    holidays: frozenset[date] = frozenset()
    suspensions: tuple[Stretch, ...] = ()

    def __post_init__(self) -> None:
        for weekday, spans in self.hours.items():
            _check_spans(weekday, spans)
        object.__setattr__(self, "suspensions", _joined(self.suspensions))

    def is_working(self, at: datetime) -> bool:
        """Say whether the city is open at an aware time; it no longer is at the very end of a span."""
        at = _utc(at)
        return any(start <= at < end for start, end in self._open(self._local(at)))

    def next_opening(self, at: datetime) -> datetime:
        """Return ``at`` while the city is open, up to the end of a span, else the next moment it opens."""
        at = _utc(at)
        start, end = next(self._open_from(at))
        return max(start, at) if at <= end else start

    def add_working_hours(self, start: datetime, hours: float) -> datetime:
        """Return the moment when the city has been open for so many hours since ``start``.

        Raises NoWorkingTime, and ValueError for a negative number.
        """
        return self.add_working_time(start, timedelta(hours=_positive(hours)))

    def add_working_time(self, start: datetime, amount: timedelta) -> datetime:
        """Return the moment when the city has been open for so long since ``start``; raises NoWorkingTime."""
        left = amount
        at = self.next_opening(start)
        if not left:
            return at
        for opens, closes in self._open_from(at):
            begun = max(opens, at)
            if left <= closes - begun:
                return begun + left
            left -= closes - begun
        raise NoWorkingTime

    def add_working_days(self, start: datetime, days: int) -> datetime:
        """Return the end of the ``days``-th working day after that of ``start``.

        What comes while the city is closed counts as come when it opens next. Working time that suspensions
        take until then is added. Raises NoWorkingTime, and ValueError for a negative number.
        """
        if self.suspensions:
            return self._with_what_is_lost(start, replace(self, suspensions=()), days)
        left = _positive(days)
        day = self._local(self.next_opening(start))
        while True:
            spans = self._open(day)
            if spans and left == 0:
                return spans[-1][1]
            left -= bool(spans)
            day += _DAY

    def opening_before(self, at: datetime, days: int) -> datetime:
        """Return when the city opens on the ``days``-th working day before the day of ``at``.

        Raises NoWorkingTime, and ValueError for a negative number.
        """
        self.next_opening(at)
        left, day = _positive(days), self._local(_utc(at))
        while left:
            day -= _DAY
            left -= bool(self._open(day))
        spans = self._open(day)
        return spans[0][0] if spans else _utc(at)

    def _with_what_is_lost(self, start: datetime, usual: "WorkingCalendar", days: int) -> datetime:
        due = usual.add_working_days(start, days)
        lost = usual.working_time(start, due) - self.working_time(start, due)
        return self.add_working_time(due, lost) if lost else due

    def working_time(self, a: datetime, b: datetime) -> timedelta:
        """Return how long the city is open from ``a`` to ``b``; nothing when ``b`` is first."""
        a, b = _utc(a), _utc(b)
        days = range((self._local(b) - self._local(a)).days + 2) if a < b else ()
        first = self._local(a) - _DAY
        spans = (span for n in days for span in self._open(first + _DAY * n))
        return sum((max(min(end, b) - max(start, a), _NONE) for start, end in spans), _NONE)

    def working_days_between(self, a: datetime, b: datetime) -> int:
        """Return how many working days began after that of ``a`` until ``b``; negative when ``b`` is first.

        From ``start`` to ``add_working_days(start, n)`` there are n. Raises NoWorkingTime.
        """
        if _utc(b) < _utc(a):
            return -self.working_days_between(b, a)
        first = self._local(self.next_opening(a))
        last = self._local(_utc(b))
        return sum(bool(self._open(first + _DAY * n)) for n in range(1, (last - first).days + 1))

    def _local(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def _open(self, day: date) -> list[tuple[datetime, datetime]]:
        """Return the day's spans in UTC, without the times that the clocks skip and those of suspensions."""
        spans: list[tuple[datetime, datetime]] = []
        for span in () if day in self.holidays else self.hours.get(day.weekday(), ()):
            start, end = self._span(day, *span)
            if spans:  # where clocks jump, a span may seem to end after the next has begun
                start = max(start, spans[-1][1])
            if start < end:
                spans.append((start, end))
        return list(_without(spans, self.suspensions)) if self.suspensions else spans

    def _span(self, day: date, start: time, end: time) -> tuple[datetime, datetime]:
        ends = day if end != time(0) else day + _DAY
        opens, closes = datetime.combine(day, start, self.zone), datetime.combine(ends, end, self.zone)
        return opens.astimezone(UTC), closes.astimezone(UTC)

    def _open_from(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield the spans that end at ``at`` or later, without end."""
        if not any(self.hours.values()):
            raise NoWorkingTime("The calendar has no opening hours.")
        day = self._local(at) - _DAY  # a span until midnight may end exactly at a time of the next day
        while True:
            for start, end in self._open(day):
                if end >= at:
                    yield start, end
            day += _DAY


@dataclass(frozen=True)
class Deadline:
    """A promise such as three working days; raises ValueError where the amount is not above zero."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.amount <= 0:
            raise ValueError("A deadline needs an amount above zero.")

    def due(self, calendar: WorkingCalendar, start: datetime) -> datetime:
        """Return the moment in UTC when a case that came at ``start`` falls due; raises NoWorkingTime."""
        if self.unit is Unit.HOURS:
            return _utc(start) + timedelta(hours=self.amount)
        if self.unit is Unit.WORKING_HOURS:
            return calendar.add_working_hours(start, self.amount)
        return calendar.add_working_days(start, self.amount)


def _joined(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """Return the same times in UTC, in order, those that touch as one."""
    joined: list[Stretch] = []
    for start, end in sorted((_utc(start), _utc(end)) for start, end in stretches):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        elif start < end:
            joined.append((start, end))
    return tuple(joined)


def _without(spans: Iterable[Stretch], taken: tuple[Stretch, ...]) -> Iterator[Stretch]:
    """Yield what is left of spans in order when times in order are taken from them."""
    for start, end in spans:
        at = start
        for first, last in taken:
            if first < end and last > at:
                if at < first:
                    yield at, first
                at = max(at, last)
        if at < end:
            yield at, end


def _check_spans(weekday: int, spans: tuple[Span, ...]) -> None:
    if weekday not in range(7):
        raise ValueError(f"Weekdays are counted from 0 to 6, not {weekday}.")
    if any(end != time(0) and start >= end for start, end in spans):
        raise ValueError(f"Weekday {weekday} has a span that ends before it starts.")
    if any(first[1] == time(0) or first[1] > second[0] for first, second in pairwise(spans)):
        raise ValueError(f"Weekday {weekday} has spans that overlap or are not in order.")


def _utc(at: datetime) -> datetime:
    if at.utcoffset() is None:
        raise ValueError("A time without a zone cannot be placed in the calendar.")
    return at.astimezone(UTC)


def _positive(amount: float) -> float:
    if amount < 0:
        raise ValueError("Working time can only be added.")
    return amount
