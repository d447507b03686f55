"""Abusive calls: recorded, warned, limited, looked at by somebody else (docs/contact-centre.md)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol

from cps.contact.rules.kinds import WarningStep

WARNED_FOR = timedelta(days=90)
"""So long a warning stands; calls can be limited only while one does."""

LIMITED_FOR = timedelta(days=14)
"""So long calls are limited, then by themselves no more."""


class Step(Protocol):
    """What the rules ask of one step."""

    step: WarningStep
    at: datetime
    until: datetime
    lifted_at: datetime | None


def standing(steps: Iterable[Step], now: datetime) -> Step | None:
    """Return the heaviest step that holds now; None where none does."""
    holding = [one for one in steps if one.lifted_at is None and one.at <= now < one.until]
    return max(holding, key=lambda one: (one.step is WarningStep.LIMITED, one.until), default=None)


def may_limit(steps: Iterable[Step], now: datetime) -> bool:
    """Return whether calls may be limited: there was a warning first, and it still holds."""
    found = standing(steps, now)
    return found is not None and found.step is WarningStep.WARNED
