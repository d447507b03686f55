"""What text messages cost and what is left of their budgets, as pages show it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import groupby

from cps.core import i18n, sms_budget
from cps.core.city import CityFacts
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.core.limits import Limit, window_of
from cps.core.sms_budget import SmsPurpose, SmsSettings
from cps.notifications import queries
from cps.notifications.models import SmsDay

THOUSANDTHS = 1000
NOON = time(12)
PURPOSES = {
    SmsPurpose.CODE: _l("Codes"),
    SmsPurpose.NEWS: _l("News of cases"),
    SmsPurpose.NOTICE: _l("Notices about accounts"),
}

Windows = Mapping[tuple[str, datetime], int]
"""How many were counted: by bucket and the beginning of its window."""


@dataclass(frozen=True, slots=True)
class Sum:
    """What messages came to; `cost` is written in the city's currency."""

    name: str
    messages: int
    segments: int
    cost: str


@dataclass(frozen=True, slots=True)
class Left:
    """One budget: how much of it is used in the running window."""

    name: str
    used: int
    of: int
    ranges_spent: int

    @property
    def is_spent(self) -> bool:
        """Whether nothing more can leave, in all or to some ranges of numbers."""
        return self.used >= self.of or self.ranges_spent > 0


def of_day(rows: Sequence[SmsDay], day: date, currency: str) -> list[Sum]:
    """Return the sums of one day for each purpose, and of all of them last."""
    own = [row for row in rows if row.day == day]
    sums = [
        _sum(str(name), [row for row in own if row.purpose is purpose], currency)
        for purpose, name in PURPOSES.items()
    ]
    return [*sums, _sum(_("All"), own, currency)]


def by_day(rows: Sequence[SmsDay], currency: str) -> list[Sum]:
    """Return the sums of each day, the newest first."""
    ordered = sorted(rows, key=lambda row: row.day, reverse=True)
    return [
        _sum(i18n.short_date(datetime.combine(day, NOON, i18n.zone())), list(own), currency)
        for day, own in groupby(ordered, key=lambda row: row.day)
    ]


def now(city: CityFacts, at: datetime) -> list[Left]:
    """Return each budget of a city with what is used of it at a moment."""
    return budgets(sms_budget.settings_of(city), queries.sms_windows(at), at)


def budgets(settings: SmsSettings, windows: Windows, now: datetime) -> list[Left]:
    """Return each budget with what is used of it now, those of an hour before those of a day."""
    found = []
    for purpose, name in PURPOSES.items():
        for limit, numbers, span in _pairs(settings, purpose):
            start = window_of(limit, now)
            spent = sum(
                count >= numbers.times
                for (bucket, at), count in windows.items()
                if at == window_of(numbers, now) and bucket.startswith(f"{numbers.name}:")
            )
            used = windows.get((f"{limit.name}:{sms_budget.EVERYBODY}", start), 0)
            found.append(Left(f"{name}, {span}", min(used, limit.times), limit.times, spent))
    return found


def _pairs(settings: SmsSettings, purpose: SmsPurpose) -> list[tuple[Limit, Limit, str]]:
    """Return the budgets of a purpose, each with that of a range of numbers and the name of its window."""
    range_hourly, range_daily, hourly, daily = sms_budget.limits_of(purpose, settings.budgets[purpose])
    return [(hourly, range_hourly, _("this hour")), (daily, range_daily, _("today (UTC)"))]


def _sum(name: str, rows: Sequence[SmsDay], currency: str) -> Sum:
    cost = sum(row.cost_thousandths for row in rows) / THOUSANDTHS
    return Sum(
        name,
        sum(row.messages for row in rows),
        sum(row.segments for row in rows),
        i18n.exact_money(cost, currency),
    )
