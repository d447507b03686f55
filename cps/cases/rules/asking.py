"""Questions to the reporter of a case: what can be tapped, how long they wait, how they end.

No Flask, no database.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cps.cases.rules.clock import PAUSE_DAYS
from cps.departments.calendar import WorkingCalendar

MOST_CHOICES = 4
"""Short answers that a question offers."""

LONGEST_CHOICE = 60

MOST_REPLY_DAYS = PAUSE_DAYS
"""Working days that a question waits at most: no longer than the clock waits for its answer."""


class QuestionEnding(StrEnum):
    """How a question to a reporter ended; a case that is closed meanwhile went on without an answer."""

    ANSWERED = "answered"
    LAPSED = "lapsed"
    REPLACED = "replaced"
    WENT_ON = "went-on"


@dataclass(frozen=True, slots=True)
class ToAsk:
    """What a question offers to tap, and how many working days it waits; without one as the city chose."""

    choices: tuple[str, ...] = ()
    days: int | None = None


PLAINLY = ToAsk()
"""In words alone, for as long as the city chose."""


@dataclass(frozen=True, slots=True)
class Tapped:
    """The question that the reporter saw, and the place of the answer that was tapped, from 0."""

    question_id: int
    choice: int


def choices_of(typed: str) -> list[str]:
    """Return the short answers that somebody typed, one a line; empty lines and repetitions are left out."""
    lines = (" ".join(line.split()) for line in typed.splitlines())
    return list(dict.fromkeys(line for line in lines if line))


def are_choices(choices: Sequence[str]) -> bool:
    """Return whether these can be offered: none, or from two to four, each short enough for a button."""
    fits = all(0 < len(choice) <= LONGEST_CHOICE for choice in choices)
    return fits and (not choices or 2 <= len(choices) <= MOST_CHOICES)


def ends_at(asked_at: datetime, days: int, calendar: WorkingCalendar) -> datetime:
    """Return until when a question waits: the end of so many working days after it was asked."""
    return calendar.add_working_days(asked_at, days)


def reminds_at(asked_at: datetime, ends_at: datetime, calendar: WorkingCalendar) -> datetime:
    """Return when the reporter is reminded, once: half way through the working time of the question."""
    return calendar.add_working_time(asked_at, calendar.working_time(asked_at, ends_at) / 2)


def words_of(choice: str, message: str) -> str:
    """Return the reply as it stands in the story: what was tapped, then what was written, if anything."""
    return "\n\n".join(part for part in (choice, message.strip()) if part)
