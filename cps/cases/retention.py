"""Reporters are forgotten a set time after their case was closed; the case itself stays."""

from datetime import datetime

from cps.cases.queries import reporters
from cps.cases.services.forgetting import anonymise_reporters
from cps.core.retention import reporters_kept

AT_ONCE = 25
"""Cases in one transaction: others who write wait for a tenth of a second, and a worker stops soon."""


def count_known(at: datetime) -> int:
    """Count the closed cases whose reporter is known for longer than the city wants."""
    kept = reporters_kept()
    return 0 if kept is None else reporters.count_known(closed_until=at - kept)


def forget_reporters(at: datetime) -> bool:
    """Forget the reporters of some of them, in the running transaction; returns whether more may wait."""
    kept = reporters_kept()
    if kept is None:
        return False
    found = reporters.still_known(closed_until=at - kept, limit=AT_ONCE)
    anonymise_reporters(found, at=at)
    return len(found) == AT_ONCE
