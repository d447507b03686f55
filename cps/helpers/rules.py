"""What a helper may see of somebody's cases, and codes by which one is named; no Flask, no database."""

import secrets
from datetime import timedelta
from enum import StrEnum

from cps.core import crockford


class HelperScope(StrEnum):
    """Which complaints of a resident their helper sees and speaks in."""

    FILED = "filed"
    """Those that the helper filed for them."""

    ALL = "all"
    """All, but for those that were filed as about staff or corruption by somebody else than the helper."""


class ConsentHow(StrEnum):
    """How a helper was named."""

    CODE = "code"
    ADDRESS = "address"
    COUNTER = "counter"


class HelpTurn(StrEnum):
    """What one of two people did of which the other hears."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    LEFT = "left"
    """The helper ended it."""
    ENDED = "ended"
    """The resident did."""


CODE_SIGNS = 12
ASKED_FOR = timedelta(days=7)
"""So long somebody may say yes to being a helper."""

MOST_WAITING = 5
KEPT_AFTER_END = timedelta(days=365)


def covers(scope: HelperScope, *, is_complaint: bool, is_integrity: bool, is_own_filing: bool) -> bool:
    """Return whether a helper sees a case of the resident; `queries._COVERED` is the same rule in SQL.

    `is_integrity` is true of what was filed as a complaint about staff, also since it is an ordinary one.
    """
    if not is_complaint:
        return False
    return is_own_filing or (scope is HelperScope.ALL and not is_integrity)


def new_code() -> str:
    """Return twelve signs of Crockford's base 32, 60 random bits."""
    return crockford.write(secrets.randbits(CODE_SIGNS * crockford.BITS), CODE_SIGNS)


def read_code(text: str) -> str | None:
    """Return the twelve signs of a typed code, whatever case, spaces or hyphens; else None."""
    code = crockford.read(text)
    return code if code and len(code) == CODE_SIGNS else None
