"""What the worker clears away or works out anew once an hour, so that passing things do not grow for ever."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from cps.core import leases, limits, retention
from cps.core.db import db, transaction
from cps.core.models import FormKey, Job, LimitWindow, OutboxFact

DONE_WORK_KEPT = timedelta(days=30)
FORM_KEYS_KEPT = timedelta(days=30)
LIMITS_KEPT = timedelta(days=2)

BREATH_SECONDS = 0.02
"""Between two pieces of the same work, so that those who wait to write on SQLite find their turn."""

Upkeep = Callable[[datetime], object]
"""Clears something away in the running transaction; takes the time, returns True where more waits."""

_hourly: list[Upkeep] = []
_alone: list[Upkeep] = []


def each_hour(work: Upkeep) -> Upkeep:
    """Register what is cleared away every hour; each runs in short transactions of its own."""
    _hourly.append(work)
    return work


def each_hour_alone(work: Upkeep) -> Upkeep:
    """Register what reads for longer than others should wait to write: it opens its own transactions."""
    _alone.append(work)
    return work


def run(at: datetime, stop: threading.Event | None = None) -> None:
    """Do all of it, or as much as is done when `stop` is set; the rest waits for the next hour."""
    asked = stop or threading.Event()
    for work in _hourly:
        while not asked.is_set() and _once(work, at) is True:
            asked.wait(BREATH_SECONDS)
    for work in _alone:
        if not asked.is_set():
            work(at)


def _once(work: Upkeep, at: datetime) -> object:
    with transaction():
        return work(at)


@each_hour
def forget_done_work(at: datetime) -> None:
    """Forget facts and jobs that were done a month ago."""
    for table in (OutboxFact, Job):
        leases.lay_aside_vanished(table, at)
        leases.forget_done(table, at - DONE_WORK_KEPT)


@each_hour
def forget_limits(at: datetime) -> None:
    """Forget how often somebody tried something two days ago."""
    limits.forget_before(at - LIMITS_KEPT)


@each_hour
def forget_form_keys(at: datetime) -> None:
    """Forget the one-time keys of forms that were sent a month ago."""
    db.session.execute(delete(FormKey).where(FormKey.used_at < at - FORM_KEYS_KEPT))


def _done_work(at: datetime) -> int:
    return sum(
        db.session.scalar(select(func.count()).where(table.done_at < at - DONE_WORK_KEPT)) or 0
        for table in (OutboxFact, Job)
    )


def _old_limits(at: datetime) -> int:
    old = LimitWindow.window_start < at - LIMITS_KEPT
    return db.session.scalar(select(func.count()).where(old)) or 0


def _old_form_keys(at: datetime) -> int:
    return db.session.scalar(select(func.count()).where(FormKey.used_at < at - FORM_KEYS_KEPT)) or 0


retention.step("facts and jobs that were done", count=_done_work, clear=forget_done_work)
retention.step("counts of tries", count=_old_limits, clear=forget_limits)
retention.step("keys of forms that were sent", count=_old_form_keys, clear=forget_form_keys)
