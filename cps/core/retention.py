"""What is kept only for a time: each feature registers a step, `cps retention` counts and clears all of them.

The worker does the same by itself every hour (`cps.core.upkeep`), so that the command is for looking, and for
after a change of the settings.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app

from cps.core.db import transaction

Count = Callable[[datetime], int]
Clear = Callable[[datetime], object]
"""Clears some in the running transaction; returns True where more waits, for whoever calls to go on."""


@dataclass(frozen=True, slots=True)
class Step:
    """One kind of thing that is kept only for a time."""

    what: str
    count: Count
    clear: Clear


_steps: list[Step] = []


def step(what: str, *, count: Count, clear: Clear) -> None:
    """Register a step; `what` names in English, for operators, what is cleared."""
    _steps.append(Step(what, count, clear))


def run(at: datetime, *, dry_run: bool) -> Iterator[tuple[str, int]]:
    """Yield (what, how many) of each step, having cleared them unless it is a dry run.

    A second run at the same moment finds nothing.
    """
    for one in _steps:
        found = left = one.count(at)
        while left and not dry_run:
            while _cleared(one, at) is True:
                pass
            before, left = left, one.count(at)
            if left >= before:
                raise RuntimeError(f"{one.what}: {left} could not be cleared")
        yield one.what, found


def _cleared(one: Step, at: datetime) -> object:
    with transaction():
        return one.clear(at)


def reporters_kept() -> timedelta | None:
    """Return how long after a case was closed its reporter is known; None for as long as the case stands."""
    days: int = current_app.extensions["cps_config"].keep_reporters_days
    return timedelta(days=days) if days else None
