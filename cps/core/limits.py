"""Limits that matter, as rows in the database: so many times in a window of time, for a bucket."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete

from cps.core.db import db, transaction
from cps.core.errors import TooMany
from cps.core.i18n import gettext as _
from cps.core.models import LimitWindow
from cps.core.upsert import insert_into


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `times` within each window of `per`, counted from the epoch."""

    name: str
    times: int
    per: timedelta


def count(limit: Limit, who: str, *, at: datetime, enabled: bool = True) -> None:
    """Count one use in its own transaction; raises TooMany when the window's uses are spent.

    Call it before the transaction of the act itself: a refused or failed act counts too.
    """
    if not enabled:
        return
    with transaction():
        used = _add(limit, who, at)
    if used > limit.times:
        raise TooMany(
            _("That was too many tries. Please wait a little and try again."),
            retry_after=max(1, int((window_of(limit, at) + limit.per - at).total_seconds())),
        )


def window_of(limit: Limit, at: datetime) -> datetime:
    """Return when the window that a moment lies in began."""
    seconds = int(limit.per.total_seconds())
    return datetime.fromtimestamp(int(at.timestamp()) // seconds * seconds, UTC)


def _add(limit: Limit, who: str, at: datetime) -> int:
    row = {"bucket": f"{limit.name}:{who}"[:160], "window_start": window_of(limit, at), "count": 1}
    statement = insert_into(LimitWindow).values(row)
    statement = statement.on_conflict_do_update(
        index_elements=["bucket", "window_start"], set_={"count": LimitWindow.count + 1}
    )
    return int(db.session.execute(statement.returning(LimitWindow.count)).scalar_one())


def forget_before(moment: datetime) -> int:
    """Delete windows that began before the moment; returns how many."""
    result = db.session.execute(delete(LimitWindow).where(LimitWindow.window_start < moment))
    return int(getattr(result, "rowcount", 0))
