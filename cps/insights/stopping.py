"""The addresses under which somebody stops getting the morning report, without signing in."""

import hmac
from enum import StrEnum

from cps.core.keys import app_key, keyed_tag

TAG_LENGTH = 40


class Whom(StrEnum):
    """Who gets a report: a head of department by account, or an address on the list by its row."""

    HEAD = "h"
    READER = "r"


def stop_path(whom: Whom, key: int) -> str:
    """Return the path that stops the report of one account or one address."""
    return f"/morning/stop/{_token(whom, key)}"


def read_token(token: str) -> tuple[Whom, int] | None:
    """Return for whom a token was made here; None for any other text."""
    letter, _dash, rest = token.partition("-")
    try:
        whom, key = Whom(letter), int(rest.partition("-")[0], 16)
    except ValueError:
        return None
    return (whom, key) if hmac.compare_digest(_token(whom, key).encode(), token.encode()) else None


def _token(whom: Whom, key: int) -> str:
    return f"{whom}-{key:x}-{keyed_tag(app_key('morning-stop'), whom, str(key))[:TAG_LENGTH]}"
