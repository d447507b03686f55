"""Suspensions of work in the words of the page's language."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from cps.core.i18n import date_time, localized, long_date
from cps.core.i18n import gettext as _
from cps.departments.models import WorkSuspension


@dataclass(frozen=True, slots=True)
class Shown:
    """One entry as pages show it: `is_void` where a later one stands in its place."""

    id: int
    when: str
    reason: str
    entered_at: datetime
    is_void: bool
    corrects: str


def shown(entries: Sequence[WorkSuspension], zone: ZoneInfo) -> list[Shown]:
    """Return the entries in words, in their order."""
    corrected = {entry.corrects_id for entry in entries}
    times = {entry.id: _when(entry, zone) for entry in entries}
    return [
        Shown(
            id=entry.id,
            when=times[entry.id],
            reason=localized(entry.reason),
            entered_at=entry.entered_at,
            is_void=entry.id in corrected,
            corrects=times.get(entry.corrects_id or 0, ""),
        )
        for entry in entries
    ]


def _when(entry: WorkSuspension, zone: ZoneInfo) -> str:
    if entry.starts_at == entry.ends_at:
        return _("No suspension")
    if not entry.whole_days:
        return _("%(start)s to %(end)s", start=date_time(entry.starts_at), end=date_time(entry.ends_at))
    last = entry.ends_at.astimezone(zone) - timedelta(seconds=1)
    if last.date() == entry.starts_at.astimezone(zone).date():
        return long_date(entry.starts_at)
    return _("%(start)s to %(end)s", start=long_date(entry.starts_at), end=long_date(last))
