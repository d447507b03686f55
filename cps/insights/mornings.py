"""The morning report, put together: for the page and for the letter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cps.cases.services.silence import silent
from cps.departments import queries as departments
from cps.departments.calendar import NoWorkingTime
from cps.insights import queries
from cps.insights.queries import MorningLine
from cps.insights.queries.morning import Departments

MOST_NAMED = 3
MOST_THANKS = 20


@dataclass(slots=True)
class OfDepartment:
    """What the head of one department reads: three counts, and the cases that matter most."""

    department_id: int
    code: str
    name: Mapping[str, str]
    late: int = 0
    today: int = 0
    reopened: int = 0
    longest: list[Any] = field(default_factory=list)
    backed: list[Any] = field(default_factory=list)
    thanks: list[Any] = field(default_factory=list)
    silent_since: datetime | None = None

    @property
    def is_quiet(self) -> bool:
        """Whether there is nothing to tell."""
        says = (self.late, self.today, self.reopened, self.backed, self.thanks, self.silent_since)
        return not any(says)


@dataclass(frozen=True, slots=True)
class Report:
    """The whole report: sums over the departments that it covers, and each of them."""

    since: datetime
    parts: Sequence[OfDepartment]

    @property
    def late(self) -> int:
        """How many cases are late."""
        return sum(part.late for part in self.parts)

    @property
    def today(self) -> int:
        """How many cases are due today."""
        return sum(part.today for part in self.parts)

    @property
    def reopened(self) -> int:
        """How many cases residents asked to be reopened."""
        return sum(part.reopened for part in self.parts)

    @property
    def thanks(self) -> int:
        """How many residents wrote that it is fixed."""
        return sum(len(part.thanks) for part in self.parts)


def report(of: Departments, *, now: datetime, zone: ZoneInfo) -> Report:
    """Return the report of these departments, None for every one; those with most that is late first.

    Five statements, however many departments there are. Thanks are those since the working day before.
    """
    since = day_before(now, zone)
    parts = {
        one.id: OfDepartment(one.id, one.code, one.name)
        for one in departments.catalogue().departments.values()
        if (of is None and one.is_active) or (of is not None and one.id in of)
    }
    for line in queries.morning_counts(of, now=now, end_of_day=_midnight_after(now, zone)):
        _count(parts, line)
    for silence in silent(now):
        if silence.department_id in parts:
            parts[silence.department_id].silent_since = silence.since
    for name, rows in (
        ("longest", queries.longest_late(of, now=now, most=MOST_NAMED)),
        ("backed", queries.backed(of, most=MOST_NAMED)),
        ("thanks", queries.thanks(of, since=since, most=MOST_THANKS)),
    ):
        for row in rows:
            if row.department_id in parts:
                getattr(parts[row.department_id], name).append(row)
    return Report(
        since, sorted(parts.values(), key=lambda part: (-part.late, -part.today, part.department_id))
    )


def _count(parts: dict[int, OfDepartment], line: MorningLine) -> None:
    part = parts.get(line.department_id)
    if part is not None:
        part.late, part.today, part.reopened = line.late, line.today, line.reopened


def day_before(now: datetime, zone: ZoneInfo) -> datetime:
    """Return the beginning of the working day before this one; a day before where the city never works."""
    day = now.astimezone(zone).date()
    try:
        calendar = departments.working_calendar(zone)
        for back in range(1, 15):
            before = datetime.combine(day - timedelta(days=back), time(), zone)
            if calendar.next_opening(before).astimezone(zone).date() == before.date():
                return before
    except NoWorkingTime:
        pass
    return datetime.combine(day - timedelta(days=1), time(), zone)


def _midnight_after(now: datetime, zone: ZoneInfo) -> datetime:
    local = now.astimezone(zone)
    return datetime.combine(local.date() + timedelta(days=1), time(), zone)
