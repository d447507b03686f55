"""What a list of the desk can be asked for: a box, filters, an order; no Flask, no database."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from cps.cases.rules import CLOSED, CaseKind, Channel, Outcome, Priority, Status
from cps.cases.rules.boxes import Box as Area
from cps.triage.rules import AT_DESK, Box

Place = tuple[float, float]
"""Latitude and longitude in degrees."""


class Sort(StrEnum):
    """In what order a list stands; the first is that of open cases, of closed ones it is the last two."""

    DUE = "due"
    NEWEST = "newest"
    OLDEST = "oldest"
    BACKED = "backed"
    NEAREST = "nearest"
    CLOSED_LAST = "closed-last"
    CLOSED_FIRST = "closed-first"


SORTS_OF_CLOSED = (Sort.CLOSED_LAST, Sort.CLOSED_FIRST)
"""One index holds this order, and every filter, however many cases were closed."""

SORTS_OF_OPEN = tuple(sort for sort in Sort if sort not in SORTS_OF_CLOSED)


class Due(StrEnum):
    """How near its date an open case is; what took three times as long as was promised is THRICE."""

    LATE = "late"
    TODAY = "today"
    WEEK = "week"
    THRICE = "three-times"


class Who(StrEnum):
    """Whose cases, besides those of one account."""

    ME = "me"
    NOBODY = "nobody"


class Within(StrEnum):
    """Since when closed cases were closed."""

    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    EVER = "ever"


DAYS_WITHIN = {Within.WEEK: 7, Within.MONTH: 30, Within.YEAR: 365}


@dataclass(frozen=True, slots=True)
class Queue:
    """What the list shows: a box narrowed by filters, in an order. Empty fields do not filter.

    `place` is where "nearest" is measured from. `received_from` and `received_before` bound when the city got
    a case; `older_than` is a number of days. `within` is for closed cases alone.
    """

    box: Box = Box.NEW
    words: str = ""
    kind: CaseKind | None = None
    status: Status | None = None
    outcome: Outcome | None = None
    category_id: int | None = None
    department_id: int | None = None
    ward_id: int | None = None
    area: Area | None = None
    assignee: Who | int | None = None
    priority: Priority | None = None
    due: Due | None = None
    older_than: int | None = None
    received_from: datetime | None = None
    received_before: datetime | None = None
    channel: Channel | None = None
    has_photo: bool | None = None
    is_unwritten: bool | None = None
    is_unclear: bool | None = None
    backed: int | None = None
    has_reply: bool | None = None
    language: str | None = None
    within: Within = Within.YEAR
    sort: Sort = Sort.DUE
    place: Place | None = None

    @property
    def is_closed(self) -> bool:
        """Whether it shows closed cases."""
        return self.box is Box.CLOSED

    @property
    def reads_cases(self) -> bool:
        """Whether words or a place are asked for, which no index of the desk holds: each case is read."""
        return bool(self.words or self.area)

    @property
    def days_back(self) -> list[int]:
        """The numbers of days that it looks back from now."""
        closed = DAYS_WITHIN.get(self.within) if self.is_closed else None
        return [days for days in (self.older_than, closed) if days is not None]


@dataclass(frozen=True, slots=True)
class Moment:
    """Now, and the midnights with which the city's day and its week, on Sunday, end."""

    now: datetime
    end_of_day: datetime
    end_of_week: datetime

    def days_back(self, queues: Iterable[Queue]) -> dict[int, datetime]:
        """Return the moment as many days ago as each of these looks back, by the number of days."""
        days = {days for queue in queues for days in queue.days_back}
        return {one: self.now - timedelta(days=one) for one in days}


def sorts_of(box: Box) -> tuple[Sort, ...]:
    """Return the orders in which a box can stand, the usual one first."""
    return SORTS_OF_CLOSED if box is Box.CLOSED else SORTS_OF_OPEN


def statuses_of(box: Box) -> tuple[Status, ...]:
    """Return the statuses that a case of a box may have, in the order of the filter."""
    return tuple(status for status in Status if status in CLOSED) if box is Box.CLOSED else AT_DESK
