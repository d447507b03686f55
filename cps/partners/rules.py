"""What a partner is shown, how long its link opens, and how that ends; no Flask, no database."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

LINK_FOR = timedelta(days=30)
"""So long after it was sent the link of a partner opens a case."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What administrators say of a partner."""

    name: str
    email: str
    language: str
    is_active: bool


class Share(StrEnum):
    """What an officer may add to the public parts of a case that a partner sees."""

    TEXTS = "texts"
    """The words as they were written, with numbers and names."""
    CONTACT = "contact"
    """Name, phone and mail of who reported it."""


class Ending(StrEnum):
    """How the errand of a partner ended."""

    ANSWERED = "answered"
    RETURNED = "returned"
    REVOKED = "revoked"


class LinkState(StrEnum):
    """What a link does when it is opened."""

    OPEN = "open"
    ANSWERED = "answered"
    RETURNED = "returned"
    REVOKED = "revoked"
    EXPIRED = "expired"
    CLOSED = "closed"
    """The case has ended without the partner."""


class Sent(Protocol):
    """What the rules ask of a link."""

    ending: Ending | None
    expires_at: datetime


def state_of(link: Sent, now: datetime, *, case_is_open: bool) -> LinkState:
    """Return what a link does now; what ended says how, also when its time is over."""
    if link.ending is not None:
        return LinkState(link.ending.value)
    if not case_is_open:
        return LinkState.CLOSED
    return LinkState.OPEN if now < link.expires_at else LinkState.EXPIRED
