"""What becomes of the rest when somebody deletes their account: each feature says it of its own tables."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Parting:
    """Whose account is being deleted, and by what a trace of them would be known."""

    account_id: int
    name: str
    addresses: frozenset[str]
    at: datetime


Forgetter = Callable[[Parting], Iterable[str] | None]
"""Forgets somebody in the running transaction, which has the account locked.

Returns the storage keys of files to delete once it is committed.
"""

Warner = Callable[[int], str | None]
"""Tells the owner of an account what else deleting it means; None where it means nothing."""

_forgetters: list[Forgetter] = []
_warners: list[Warner] = []


def forgets(forgetter: Forgetter, *, first: bool = False) -> Forgetter:
    """Register what is to be forgotten, in the order of features; `first` reads what those below forget."""
    _forgetters.insert(0 if first else len(_forgetters), forgetter)
    return forgetter


def warns(warner: Warner) -> Warner:
    """Register what is told before."""
    _warners.append(warner)
    return warner


def forget_everywhere(parting: Parting) -> list[str]:
    """Forget somebody in every feature; returns the keys of files to delete."""
    return [key for forgetter in _forgetters for key in forgetter(parting) or ()]


def warnings(account_id: int) -> list[str]:
    """Return what somebody should know before they delete their account."""
    return [text for warner in _warners if (text := warner(account_id))]
