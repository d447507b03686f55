"""Limits that matter, as rows in the database: so many times in a window of time, for a bucket."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, cast

from sqlalchemy import Executable, Table, bindparam, delete

from cps.core.db import db, transaction
from cps.core.errors import TooMany
from cps.core.i18n import ago
from cps.core.i18n import gettext as _
from cps.core.models import LimitWindow
from cps.core.upsert import insert_for


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
    count_each([(limit, who)], at=at, enabled=enabled)


def count_each(uses: Iterable[tuple[Limit, str]], *, at: datetime, enabled: bool = True) -> None:
    """Count one use of each limit, as `count` does, all in one transaction.

    It ends at the first whose uses are spent: whoever has none left of one spends nothing of the next, which
    may be somebody else's.
    """
    if not enabled:
        return
    with transaction():
        spent = next((limit for limit, who in uses if _add(limit, who, at) > limit.times), None)
    if spent is not None:
        raise _spent(window_of(spent, at) + spent.per, at)


def _spent(until: datetime, at: datetime) -> TooMany:
    """Say when there are new tries; under a minute counts as one."""
    when = ago(max(until, at + timedelta(minutes=1)), at)
    return TooMany(
        _("That was too many tries. You can try again %(when)s.", when=when),
        retry_after=max(1, int((until - at).total_seconds())),
    )


def window_of(limit: Limit, at: datetime) -> datetime:
    """Return when the window that a moment lies in began."""
    seconds = int(limit.per.total_seconds())
    return datetime.fromtimestamp(int(at.timestamp()) // seconds * seconds, UTC)


def _add(limit: Limit, who: str, at: datetime) -> int:
    row = {"bucket": f"{limit.name}:{who}"[:160], "window_start": window_of(limit, at)}
    return int(db.session.execute(_adding(db.engine.dialect.name), row).scalar_one())


@cache
def _adding(dialect: str) -> Executable:
    """Build the statement once: it stands before everything that is limited."""
    table = cast("Table", LimitWindow.__table__)
    row: dict[str, Any] = {name: bindparam(name) for name in ("bucket", "window_start")}
    statement = insert_for(dialect, table).values(**row, count=1)
    return statement.on_conflict_do_update(
        index_elements=["bucket", "window_start"], set_={"count": table.c.count + 1}
    ).returning(table.c.count)


def forget_before(moment: datetime) -> int:
    """Delete windows that began before the moment; returns how many."""
    result = db.session.execute(delete(LimitWindow).where(LimitWindow.window_start < moment))
    return int(getattr(result, "rowcount", 0))
