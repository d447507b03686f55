"""What is asked of somebody who has just signed in, before they go on: each feature says it."""

from collections.abc import Callable

from cps.accounts.models import Account

Asker = Callable[[Account, str], str | None]
"""Returns the path of a question for an account that goes on to a path afterwards; None asks nothing."""

_askers: list[Asker] = []


def asks(asker: Asker) -> Asker:
    """Register a question, in the order of features; the first that is to be asked is."""
    _askers.append(asker)
    return asker


def first_stop(account: Account, goes_on: str) -> str:
    """Return where to lead somebody who has signed in and wants to go on to a path."""
    return next((path for asker in _askers if (path := asker(account, goes_on))), goes_on)
