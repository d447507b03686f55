"""References of demo cases: they look as random as real ones, and the same seed gives the same."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from cps.cases.reference import new_reference

STRIDE: Final = 7_368_787
"""Shares no factor with ten million, so that ten million cases in a row get different digits."""

OFFSET: Final = 1_048_583


def reference_of(number: int, received: datetime, zone: ZoneInfo, *, seed: int) -> str:
    """Return the reference of the n-th case of a demo city; different for each n below ten million."""
    return new_reference(received, zone, lambda most: (number * STRIDE + seed * OFFSET) % most)
