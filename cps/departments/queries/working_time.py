"""Reads of the working week, of holidays and of suspensions of work."""

from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, cast, func, null, select, union_all

from cps.core.db import Model, db
from cps.core.errors import ConfigurationError
from cps.departments.calendar import Span, WorkingCalendar
from cps.departments.models import Holiday, OpeningHours, WorkSuspension
from cps.departments.suspensions import CityCalendar, Entry


def opening_hours() -> list[OpeningHours]:
    """Return the stretches of working time, in the order of the week."""
    return list(db.session.scalars(select(OpeningHours).order_by(OpeningHours.weekday, OpeningHours.opens)))


def holidays() -> list[Holiday]:
    """Return the days on which the city does not work, in order."""
    return list(db.session.scalars(select(Holiday).order_by(Holiday.day)))


def city_calendar(zone: ZoneInfo) -> CityCalendar:
    """Return the city's working week, holidays and suspensions, read in one statement.

    Raises ConfigurationError without a week.
    """
    week: dict[int, tuple[Span, ...]] = {}
    holidays, entries = set(), []
    for row in db.session.execute(_WORKING_TIME):
        if row.weekday is not None:
            week[row.weekday] = (*week.get(row.weekday, ()), (row.opens, row.closes))
        elif row.day is not None:
            holidays.add(row.day)
        else:
            entries.append(Entry(row.id, row.starts_at, row.ends_at, row.corrects_id))
    if not week:
        raise ConfigurationError("The city has no working hours. Set them in the settings of the calendar.")
    usual = WorkingCalendar(zone, {day: tuple(sorted(week[day])) for day in week}, frozenset(holidays))
    return CityCalendar(usual, sorted(entries, key=lambda entry: entry.id))


_TIMES = (
    *(OpeningHours.weekday, OpeningHours.opens, OpeningHours.closes, Holiday.day),
    *(WorkSuspension.id, WorkSuspension.starts_at, WorkSuspension.ends_at, WorkSuspension.corrects_id),
)


def _rows_of(table: type[Model]) -> Select[*tuple[Any, ...]]:
    """Select what a table holds of the working time; what is of other tables is null."""
    columns = (
        column if column.class_ is table else cast(null(), column.type).label(column.key) for column in _TIMES
    )
    return select(*columns)


_WORKING_TIME = union_all(_rows_of(OpeningHours), _rows_of(Holiday), _rows_of(WorkSuspension))


def working_calendar(zone: ZoneInfo) -> WorkingCalendar:
    """Return the city's working time as it is known now; raises ConfigurationError without a week."""
    return city_calendar(zone).now


def newest_suspension() -> int:
    """Return the newest suspension of work that was entered; 0 where there is none."""
    return db.session.scalar(select(func.max(WorkSuspension.id))) or 0


def suspensions() -> list[WorkSuspension]:
    """Return every suspension of work that was entered, the newest first."""
    return list(db.session.scalars(select(WorkSuspension).order_by(WorkSuspension.id.desc())))


def suspension(suspension_id: int) -> WorkSuspension | None:
    """Return one entry of a suspension of work."""
    return db.session.get(WorkSuspension, suspension_id)
