"""The addresses under which somebody stops getting the morning report, without signing in."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cps.core.signed_numbers import read_signed, signed


class Whom(StrEnum):
    """Who gets a report: a head of department by account, or an address on the list by its row."""

    HEAD = "h"
    READER = "r"


@dataclass(frozen=True, slots=True)
class Stop:
    """Whose report is stopped. `since` is the second in which an address came onto the list, 0 for a head.

    SQLite gives the number of a row that is gone to the next one: an old link must not stop the report of
    another address.
    """

    whom: Whom
    key: int
    since: int = 0

    @classmethod
    def reader(cls, key: int, added_at: datetime) -> "Stop":
        """Return the stop of an address on the list."""
        return cls(Whom.READER, key, int(added_at.timestamp()))

    @property
    def path(self) -> str:
        """The path that stops this report."""
        return f"/morning/stop/{self.whom}-{signed(_purpose(self.whom), self.key, self.since)}"


def read_token(token: str) -> Stop | None:
    """Return what a token stops that was made here; None for any other text."""
    letter, _dash, rest = token.partition("-")
    if letter not in list(Whom):
        return None
    numbers = read_signed(_purpose(Whom(letter)), rest, 2)
    return Stop(Whom(letter), *numbers) if numbers else None


def _purpose(whom: Whom) -> str:
    return f"morning-stop-{whom}"
