"""The addresses under which somebody stops getting the morning report, without signing in."""

from enum import StrEnum

from cps.core.signed_numbers import read_signed, signed


class Whom(StrEnum):
    """Who gets a report: a head of department by account, or an address on the list by its row."""

    HEAD = "h"
    READER = "r"


def stop_path(whom: Whom, key: int) -> str:
    """Return the path that stops the report of one account or one address."""
    return f"/morning/stop/{whom}-{signed(_purpose(whom), key)}"


def read_token(token: str) -> tuple[Whom, int] | None:
    """Return for whom a token was made here; None for any other text."""
    letter, _dash, rest = token.partition("-")
    if letter not in list(Whom):
        return None
    numbers = read_signed(_purpose(Whom(letter)), rest, 1)
    return (Whom(letter), numbers[0]) if numbers else None


def _purpose(whom: Whom) -> str:
    return f"morning-stop-{whom}"
