"""Keeping the year of what came to the city, counted once a day."""

from datetime import datetime

from sqlalchemy import delete

from cps.core.city import CityFacts
from cps.core.city import lock as lock_city
from cps.core.db import db
from cps.insights import queries
from cps.insights.models import YearFigures
from cps.insights.year import day_before


def is_counted(city: CityFacts, at: datetime) -> bool:
    """Return whether the year up to yesterday has been counted."""
    newest = queries.newest_year()
    return newest is not None and newest.day >= day_before(at.astimezone(city.zone).date())


def keep_year(city: CityFacts, at: datetime) -> None:
    """Count the year up to yesterday and keep it in the place of the one before; once, whoever else does."""
    figures = queries.count_year(day_before(at.astimezone(city.zone).date()), city.zone)
    lock_city()  # two workers take turns
    if is_counted(city, at):
        return
    db.session.execute(delete(YearFigures))
    db.session.add(YearFigures(day=figures.until, counted_at=at, figures=figures.written()))
    db.session.flush()
