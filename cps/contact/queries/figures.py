"""What is counted of contacts: by hour, channel, language, ending; read from one index."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select

from cps.contact.models import Contact
from cps.contact.rules import AT_ONCE
from cps.core.db import db


@dataclass(slots=True)
class Figures:
    """Counts of contacts of a time; `hours` by hour of the day in the city's zone, `waited` in seconds."""

    total: int = 0
    at_once: int = 0
    hours: Counter[int] = field(default_factory=Counter)
    channels: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    endings: Counter[str] = field(default_factory=Counter)
    codes: Counter[int | None] = field(default_factory=Counter)
    waited: int = 0
    waited_known: int = 0

    @property
    def share_at_once(self) -> float | None:
        """The share of contacts that were answered at once; None where there were none."""
        return self.at_once / self.total if self.total else None

    @property
    def mean_wait(self) -> float | None:
        """How many seconds callers waited on average, where that is known."""
        return self.waited / self.waited_known if self.waited_known else None


def figures_between(start: datetime, end: datetime, zone: ZoneInfo) -> Figures:
    """Return what was counted from `start` on and before `end`: one row for each hour and kind."""
    columns = Contact.channel, Contact.language, Contact.ending, Contact.code_id
    hour = _hour()
    rows = db.session.execute(
        select(
            hour, *columns, func.count(), func.coalesce(func.sum(Contact.waited_seconds), 0),
            func.count(Contact.waited_seconds),
        )
        .where(Contact.received_at >= start, Contact.received_at < end)
        .group_by(hour, *columns)
    )  # fmt: skip
    found = Figures()
    for when, channel, language, ending, code_id, count, waited, known in rows:
        local = datetime.fromisoformat(f"{when}:00:00+00:00").astimezone(zone)
        found.total += count
        found.at_once += count if ending in AT_ONCE else 0
        found.hours[local.hour] += count
        found.channels[channel.value] += count
        found.languages[language] += count
        found.endings[ending.value] += count
        found.codes[code_id] += count
        found.waited += int(waited or 0)
        found.waited_known += known
    return found


def _hour() -> ColumnElement[str]:
    """Return the hour in UTC as a text, `2026-11-27T08`; a zone of half hours falls into the hour begun."""
    if db.engine.dialect.name == "postgresql":
        return func.to_char(func.timezone("UTC", Contact.received_at), 'YYYY-MM-DD"T"HH24')
    return func.strftime("%Y-%m-%dT%H", Contact.received_at)


def of_day_so_far(now: datetime, zone: ZoneInfo) -> Figures:
    """Return the figures of today in the city's zone."""
    today = now.astimezone(zone).date()
    start, end = (datetime.combine(day, time(), tzinfo=zone) for day in (today, today + timedelta(days=1)))
    return figures_between(start, end, zone)
