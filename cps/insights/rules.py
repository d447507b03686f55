"""What is counted for the figures of a month, and what is told of it; no Flask, no database.

Whole days are calendar days of the city. Everything is counted over all cases, listed or not; what is told
of those that are on no public list, private or hidden, is told so that none of them can be singled out.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Self
from zoneinfo import ZoneInfo

FEWEST_FOR_SHARE = 10
"""Of fewer answers neither a share nor a median is told: one more or less would change it too much."""

FEWEST_UNLISTED = 3
"""Of fewer cases that are on no public list, only that there are a few."""

LONGEST_INTERNAL = timedelta(days=56)
"""So long a new city may keep its figures to itself, once."""

_MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])", re.ASCII)


class Why(StrEnum):
    """Why something about published figures is refused; pages and commands have a sentence for each."""

    NOT_A_MONTH = "not-a-month"
    NOT_OVER = "not-over"
    PUBLISHED_ALREADY = "published-already"
    NOT_PUBLISHED = "not-published"
    NOTHING_CHANGED = "nothing-changed"
    REASON_MISSING = "reason-missing"
    DECIDED_ALREADY = "decided-already"
    TOO_LONG = "too-long"
    IN_THE_PAST = "in-the-past"
    FIGURES_ARE_OUT = "figures-are-out"


class FiguresRefused(Exception):
    """Something about published figures that the rules do not allow; `reason` says which rule."""

    def __init__(self, reason: Why) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month of the city's calendar."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the month of a text such as `2026-10`; raises FiguresRefused for any other."""
        found = _MONTH.fullmatch(text)
        if found is None:
            raise FiguresRefused(Why.NOT_A_MONTH)
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def of(cls, at: datetime, zone: ZoneInfo) -> Self:
        """Return the month in which a moment lies."""
        local = at.astimezone(zone)
        return cls(local.year, local.month)

    @property
    def first_day(self) -> date:
        """The first day."""
        return date(self.year, self.number, 1)

    @property
    def last_day(self) -> date:
        """The last day."""
        return self.after.first_day - timedelta(days=1)

    @property
    def after(self) -> "Month":
        """The next month."""
        return Month(self.year + self.number // 12, self.number % 12 + 1)

    @property
    def before(self) -> "Month":
        """The month before."""
        return Month(self.year - (self.number == 1), (self.number - 2) % 12 + 1)

    def begins(self, zone: ZoneInfo) -> datetime:
        """Return the moment at which it begins, in UTC."""
        return datetime.combine(self.first_day, time(), zone).astimezone(UTC)

    def ends(self, zone: ZoneInfo) -> datetime:
        """Return the moment at which it is over, which is the first of the next month."""
        return self.after.begins(zone)

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02}"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer that stands: when the case came, what was promised, when the city answered."""

    received_at: datetime
    promised_at: datetime
    due_at: datetime
    answered_at: datetime
    is_listed: bool = True


@dataclass(slots=True)
class Pair:
    """A number of cases, those on the public list and the others."""

    listed: int = 0
    unlisted: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.listed + self.unlisted

    def add(self, *, is_listed: bool, number: int = 1) -> None:
        """Count some more."""
        if is_listed:
            self.listed += number
        else:
            self.unlisted += number

    def __add__(self, other: "Pair") -> "Pair":
        return Pair(self.listed + other.listed, self.unlisted + other.unlisted)


@dataclass(slots=True)
class Tally:
    """What is counted of one department and kind, or of all of a kind.

    `in_time` is by the date that stood, `by_first_date` by the date that was promised first. `days` holds how
    many answers took how many days, `listed_days` the same of those on the public list.
    """

    received: Pair = field(default_factory=Pair)
    answered: Pair = field(default_factory=Pair)
    in_time: Pair = field(default_factory=Pair)
    by_first_date: Pair = field(default_factory=Pair)
    days: Counter[int] = field(default_factory=Counter)
    listed_days: Counter[int] = field(default_factory=Counter)

    def add(self, answer: Answer, zone: ZoneInfo) -> None:
        """Count one answer."""
        self.answered.add(is_listed=answer.is_listed)
        if answer.answered_at <= answer.due_at:
            self.in_time.add(is_listed=answer.is_listed)
        if answer.answered_at <= answer.promised_at:
            self.by_first_date.add(is_listed=answer.is_listed)
        taken = days_taken(answer, zone)
        self.days[taken] += 1
        self.listed_days[taken] += answer.is_listed

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.received + other.received,
            self.answered + other.answered,
            self.in_time + other.in_time,
            self.by_first_date + other.by_first_date,
            self.days + other.days,
            self.listed_days + other.listed_days,
        )


def days_taken(answer: Answer, zone: ZoneInfo) -> int:
    """Return the calendar days from the day a case was received to that of its answer; 0 is the same day."""
    first, last = (at.astimezone(zone).date() for at in (answer.received_at, answer.answered_at))
    return max(0, (last - first).days)


def median_days(days: Mapping[int, int]) -> int | None:
    """Return the smallest number of days within which half of the answers were given, or more.

    None where there are fewer than `FEWEST_FOR_SHARE`. Always a number that an answer took: of an even
    number of answers the lower of the two in the middle.
    """
    number = sum(days.values())
    if number < FEWEST_FOR_SHARE:
        return None
    so_far = 0
    for taken in sorted(days):
        so_far += days[taken]
        if 2 * so_far >= number:
            return taken
    return None


def percent(part: int, whole: int) -> int | None:
    """Return a share in whole percent, cut and not rounded up; None for fewer than `FEWEST_FOR_SHARE`.

    Cut, so that 100 stands only where all of them are meant.
    """
    return part * 100 // whole if whole >= FEWEST_FOR_SHARE else None


def check_internal(until: date, *, today: date, decided: bool, has_published: bool) -> None:
    """Raise FiguresRefused unless figures may be kept internal until this day: once, eight weeks at most.

    Where figures have been public they stay so.
    """
    if decided:
        raise FiguresRefused(Why.DECIDED_ALREADY)
    if has_published:
        raise FiguresRefused(Why.FIGURES_ARE_OUT)
    if until <= today:
        raise FiguresRefused(Why.IN_THE_PAST)
    if until - today > LONGEST_INTERNAL:
        raise FiguresRefused(Why.TOO_LONG)
