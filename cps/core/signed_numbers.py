"""Numbers of rows in addresses that only this installation can make: links in messages, without sign-in."""

import hmac

from cps.core.keys import app_key, keyed_tag

TAG_LENGTH = 40
"""Hexadecimal digits of the tag: 160 bits."""


def signed(purpose: str, *numbers: int, length: int = TAG_LENGTH) -> str:
    """Return the numbers in hexadecimal, with a tag that holds for them, their order and this purpose."""
    parts = [f"{number:x}" for number in numbers]
    return "-".join((*parts, keyed_tag(app_key(purpose), *parts)[:length]))


def read_signed(purpose: str, token: str, count: int, *, length: int = TAG_LENGTH) -> tuple[int, ...] | None:
    """Return the `count` numbers of a token made here for this purpose; None for any other text."""
    try:
        numbers = tuple(int(part, 16) for part in token.split("-")[:count])
    except ValueError:
        return None
    own = signed(purpose, *numbers, length=length)
    return numbers if hmac.compare_digest(own.encode(), token.encode()) else None
