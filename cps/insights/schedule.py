"""When figures become public: until when a new city keeps them internal, which months are due."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from cps.core.city import CityFacts
from cps.departments import queries as departments
from cps.departments.calendar import NoWorkingTime
from cps.insights import queries
from cps.insights.rules import Month

SETTING = "promises"
"""Under this name the settings of the city keep what it chose for its figures."""

MOST_AT_ONCE = 24
"""Months that are caught up with where no worker ran for long."""


def internal_until(city: CityFacts, at: datetime) -> date | None:
    """Return the day on which the figures become public, while it lies ahead; None where they are public."""
    written = city.settings.get(SETTING, {}).get("internal_until")
    if not written:
        return None
    until = date.fromisoformat(written)
    return until if at.astimezone(city.zone).date() < until else None


def due_months(city: CityFacts, at: datetime) -> list[Month]:
    """Return the months that are to be published: each from the first working day of the next one on.

    Before the first one is published it is only the last month, where the city had cases by its end.
    """
    last = Month.of(at, city.zone).before
    if at < _opens(last.after, city.zone):
        last = last.before
    newest = queries.newest_editions(limit=1)
    if not newest:
        return [last] if queries.had_cases(before=last.ends(city.zone)) else []
    months = [Month.parse(newest[0].month).after]
    while months[-1] < last and len(months) < MOST_AT_ONCE:
        months.append(months[-1].after)
    return [month for month in months if month <= last]


def _opens(month: Month, zone: ZoneInfo) -> datetime:
    """Return when the city first opens in a month; its beginning where the city never opens."""
    start = month.begins(zone)
    try:
        return departments.working_calendar(zone).next_opening(start)
    except NoWorkingTime:
        return start
