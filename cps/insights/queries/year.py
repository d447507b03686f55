"""A year of what came to the city, counted from the cases: by the worker, once a day."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select

from cps.cases.models import Case
from cps.cases.queries.promises import is_answered
from cps.cases.rules import CaseKind, Status
from cps.core.db import db
from cps.insights.models import YearFigures
from cps.insights.rules import Month
from cps.insights.year import MonthCount, Year, months_until


def newest_year() -> YearFigures | None:
    """Return the year that was counted last."""
    return db.session.scalar(select(YearFigures).order_by(YearFigures.day.desc()).limit(1))


def count_year(last_day: date, zone: ZoneInfo) -> Year:
    """Count the twelve months up to a day, that day counted whole."""
    months = months_until(last_day)
    ends = datetime.combine(last_day + timedelta(days=1), time(), zone).astimezone(UTC)
    came = _came(CaseKind.COMPLAINT, months[0].begins(zone), ends)
    return Year(
        since=months[0].first_day,
        until=last_day,
        months=tuple(_month(month, zone, ends) for month in months),
        categories=_by(Case.category_id, came),
        wards=_by(Case.ward_id, came),
        channels=_by(Case.channel, came),
    )


def _month(month: Month, zone: ZoneInfo, ends: datetime) -> MonthCount:
    start, end = month.begins(zone), min(month.ends(zone), ends)
    is_complaint = Case.kind == CaseKind.COMPLAINT
    answered = Case.is_listed.is_(True), Case.answered_at >= start, Case.answered_at < end, *is_answered()
    return MonthCount(
        month,
        complaints=_count(*_came(CaseKind.COMPLAINT, start, end)),
        answered=_count(*answered, is_complaint),
        proposals=_count(*_came(CaseKind.PROPOSAL, start, end)),
    )


def _came(kind: CaseKind, start: datetime, end: datetime) -> tuple[ColumnElement[bool], ...]:
    window = Case.is_listed.is_(True), Case.received_at >= start, Case.received_at < end
    return *window, Case.kind == kind, Case.status != Status.DRAFT


def _count(*which: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count()).select_from(Case).where(*which)) or 0


def _by(column: Any, which: tuple[ColumnElement[bool], ...]) -> dict[Any, int]:
    number = func.count()
    rows = db.session.execute(
        select(column, number).where(*which).group_by(column).order_by(number.desc(), column)
    )
    return {row[0]: row[1] for row in rows}
