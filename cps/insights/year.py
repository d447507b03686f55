"""A year of what came to the city, as it is kept and told; no Flask, no database.

Everything is counted over what stands on the public lists, so each number is that of a list anybody can open.
Days are those of the city.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Self

from cps.cases.rules import Channel
from cps.insights.rules import Month

MONTHS = 12


@dataclass(frozen=True, slots=True)
class MonthCount:
    """What came in a month: complaints, proposals, and how many complaints were answered in it."""

    month: Month
    complaints: int
    answered: int
    proposals: int

    @property
    def is_empty(self) -> bool:
        """Whether nothing came and nothing was answered."""
        return not (self.complaints or self.answered or self.proposals)


@dataclass(frozen=True, slots=True)
class Year:
    """Twelve months, the last of which may still run; its complaints by category, ward and channel.

    Categories and wards go by their ids; no ward is None. `since` and `until` are the first and last day.
    """

    since: date
    until: date
    months: tuple[MonthCount, ...]
    categories: Mapping[int, int]
    wards: Mapping[int | None, int]
    channels: Mapping[Channel, int]

    @property
    def complaints(self) -> int:
        """How many complaints came."""
        return sum(one.complaints for one in self.months)

    @property
    def answered(self) -> int:
        """How many complaints were answered."""
        return sum(one.answered for one in self.months)

    @property
    def proposals(self) -> int:
        """How many proposals were made."""
        return sum(one.proposals for one in self.months)

    def written(self) -> dict[str, Any]:
        """Return it as JSON holds it; `read` is the way back."""
        return {
            "since": self.since.isoformat(),
            "until": self.until.isoformat(),
            "months": [[str(one.month), one.complaints, one.answered, one.proposals] for one in self.months],
            "categories": [[key, number] for key, number in self.categories.items()],
            "wards": [[key, number] for key, number in self.wards.items()],
            "channels": [[channel.value, number] for channel, number in self.channels.items()],
        }

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Self:
        """Return the year that `written` wrote."""
        return cls(
            date.fromisoformat(kept["since"]),
            date.fromisoformat(kept["until"]),
            tuple(MonthCount(Month.parse(name), *numbers) for name, *numbers in kept["months"]),
            dict(kept["categories"]),
            dict(kept["wards"]),
            {Channel(name): number for name, number in kept["channels"]},
        )


def months_until(last_day: date) -> tuple[Month, ...]:
    """Return the twelve months that end with the one of this day, the first of them first."""
    months = [Month(last_day.year, last_day.month)]
    while len(months) < MONTHS:
        months.append(months[-1].before)
    return tuple(reversed(months))


def day_before(today: date) -> date:
    """Return the last day that is over."""
    return today - timedelta(days=1)
