"""Enums of departments and categories, and how answers to their questions are read; no Flask, no database."""

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

LONGEST_LINE_ANSWER = 300
LONGEST_TEXT_ANSWER = 2_000


class CategoryKind(StrEnum):
    """Which kind of case a category is for."""

    COMPLAINT = "complaint"
    PROPOSAL = "proposal"


class TimeUnit(StrEnum):
    """How a service time is counted."""

    HOURS = "hours"
    WORKING_HOURS = "working_hours"
    WORKING_DAYS = "working_days"


class Datatype(StrEnum):
    """The type of an answer to a category's question, as in Open311 GeoReport v2."""

    STRING = "string"
    NUMBER = "number"
    DATETIME = "datetime"
    TEXT = "text"
    SINGLE = "singlevaluelist"
    MULTIPLE = "multivaluelist"


@dataclass(frozen=True, slots=True)
class Needs:
    """What moves of a category's cases ask for besides what all do.

    Each holds the statuses and outcomes, by value, that a case cannot reach without: words for the public,
    a photo or the reason why there is none, somebody else than who has the case.
    """

    message: frozenset[str] = frozenset()
    photo: frozenset[str] = frozenset()
    second: frozenset[str] = frozenset()

    @classmethod
    def of(cls, written: Mapping[str, Sequence[str]]) -> "Needs":
        """Return what a row keeps."""
        return cls(*(frozenset(written.get(name, ())) for name in ("message", "photo", "second")))

    def written(self) -> dict[str, list[str]]:
        """Return it as a row keeps it: only what is needed somewhere."""
        return {name: sorted(getattr(self, name)) for name in ("message", "photo", "second")
                if getattr(self, name)}  # fmt: skip


class NotAnAnswer(ValueError):
    """The text is no number, or no date and time."""


_NUMBER = re.compile(r"-?\d{1,12}(?:\.\d{1,6})?")
_WRITTEN_OTHERWISE = str.maketrans({",": ".", "\u066b": ".", "\u2212": "-"})


def read_number(text: str) -> str:
    """Return a number as it is kept, such as "3.5"; decimal commas and digits of any script count.

    Raises NotAnAnswer.
    """
    written = "".join(
        str(unicodedata.decimal(sign, sign)) for sign in text.strip().translate(_WRITTEN_OTHERWISE)
    )
    if not _NUMBER.fullmatch(written) or not math.isfinite(float(written)):
        raise NotAnAnswer(text[:40])
    return written


def read_moment(day: str, hour: str) -> str:
    """Return a day with or without a time of day as ISO 8601 of the city's clock; raises NotAnAnswer."""
    try:
        read = date.fromisoformat(day.strip())
        if not hour.strip():
            return read.isoformat()
        return f"{read.isoformat()}T{time.fromisoformat(hour.strip()).strftime('%H:%M')}"
    except ValueError:
        raise NotAnAnswer(day[:40]) from None


def stopped_by(stops: Mapping[str, Mapping[str, str]], given: Sequence[str]) -> Mapping[str, str] | None:
    """Return the text with which an answer stops the filing; None where it does not."""
    return next((stops[key] for key in given if stops.get(key)), None)
