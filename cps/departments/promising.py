"""Another service time or other working hours, tried on complaints of the past; no Flask, no database."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile


@dataclass(frozen=True, slots=True)
class PastPromise:
    """A complaint of the past: what it is about, when it came, when it had its first answer."""

    category_id: int
    came_at: datetime
    answered_at: datetime | None


MOST_SECONDS = 3.0
"""A trial ends then with the complaints it has got to: of hours in a week of minutes each takes long."""

Due = Callable[[PastPromise], datetime]
"""Returns by when a complaint is promised an answer."""


@dataclass(frozen=True, slots=True)
class PromiseTrial:
    """What a change would have made of promises: how many are sooner or later, how many answers in time.

    Dates that moved, and waiting for residents, are left out on both sides.
    """

    cases: int
    sooner: int
    later: int
    answered: int
    in_time_now: int
    in_time_then: int


def try_promises(
    cases: Iterable[PastPromise], now: Due, then: Due, *, seconds: float = MOST_SECONDS
) -> PromiseTrial:
    """Compare what complaints were promised by the rules of now and by those of then; nothing is changed.

    After so many seconds the rest is left out.
    """
    ends = time.monotonic() + seconds
    in_time = takewhile(lambda _case: time.monotonic() < ends, cases)
    tried = [(case.answered_at, now(case), then(case)) for case in in_time]
    answered = [(at, before, after) for at, before, after in tried if at is not None]
    return PromiseTrial(
        cases=len(tried),
        sooner=sum(after < before for _at, before, after in tried),
        later=sum(after > before for _at, before, after in tried),
        answered=len(answered),
        in_time_now=sum(at <= before for at, before, _after in answered),
        in_time_then=sum(at <= after for at, _before, after in answered),
    )
