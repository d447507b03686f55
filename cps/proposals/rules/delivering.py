"""How late and how far a delivery is; pure."""

from dataclasses import dataclass
from datetime import date

from cps.cases.rules import Outcome

YES = frozenset({Outcome.ACCEPTED, Outcome.PARTLY})
"""Answers after which something is delivered."""

ANSWERS = frozenset(
    {Outcome.ACCEPTED, Outcome.PARTLY, Outcome.DECLINED, Outcome.ALREADY_DONE, Outcome.NOT_OURS}
)

NO = (Outcome.DECLINED, Outcome.NOT_OURS)
"""Answers for which an officer may choose one of the city's reasons."""

ALMOST = 99
"""Percent that a unit may say before it is delivered."""


@dataclass(frozen=True, slots=True)
class Part:
    """A milestone as it is judged: first promised, now due, done."""

    promised_on: date
    due_on: date
    done_on: date | None


def days_late(part: Part, today: date) -> int:
    """Return how many days a milestone is or was late, by the day that was promised first."""
    return max(0, ((part.done_on or today) - part.promised_on).days)


def is_late(part: Part, today: date) -> bool:
    """Whether a milestone that is not done is past the day that was promised first."""
    return part.done_on is None and today > part.promised_on
