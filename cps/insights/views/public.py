"""The page of promises: what is late now, how the last month was, month by month; and one department's."""

from datetime import date, datetime, time, timedelta

from flask import abort, g, render_template
from flask.typing import ResponseReturnValue

from cps.cases import overdue
from cps.cases import queries as cases
from cps.cases.rules import CaseKind
from cps.core import clock, i18n
from cps.core.i18n import localized
from cps.core.rendering import cacheable
from cps.core.security import public
from cps.departments import queries as departments
from cps.insights import presenting, queries, wording
from cps.insights.files import MonthFigures
from cps.insights.rules import Month
from cps.insights.schedule import internal_until
from cps.insights.views.base import bp, closed_until, last_months

SUSPENSIONS_SHOWN = timedelta(days=92)


def _tag(name: str) -> str:
    return f"promises-{name}-{cases.list_tag(clock.now())}-{queries.count_files()}-{clock.now():%Y%m%d%H}"


@bp.get("/promises")
@public
def promises() -> ResponseReturnValue:
    """Show what is late now, by department, and how the last months were; with what each figure means."""
    if (until := closed_until()) is not None:
        return render_template("insights/internal.html", until=_day(until))
    if (answer := cacheable(_tag("all"))) is not None:
        return answer
    at, zone = clock.now(), g.city.zone
    months = last_months()
    kinds = [kind for kind in CaseKind if any(one.line(kind) for one in months)]
    return render_template(
        "insights/promises.html",
        late=presenting.late_parts(queries.late_now(overdue.due_before(at)), at=at, zone=zone),
        last=months[0] if months else None,
        last_name=_name(months[0]) if months else "",
        kinds=kinds,
        months=months,
        acts=presenting.act_tiles(months[0]) if months else [],
        suspensions=queries.suspensions(at, since=at - SUSPENSIONS_SHOWN),
        preview_until=_day(hidden) if (hidden := internal_until(g.city, at)) else "",
        presenting=presenting,
        wording=wording,
        days_after=overdue.days_after(),
    )


@bp.get("/promises/departments/<code:department>")
@public
def promises_of(department: str) -> ResponseReturnValue:
    """Show the same of one department, month by month."""
    known = departments.catalogue().department(department)
    if known is None or closed_until() is not None:
        abort(404)
    if (answer := cacheable(_tag(known.code))) is not None:
        return answer
    at = clock.now()
    months = last_months()
    counts = [one for one in queries.late_now(overdue.due_before(at)) if one.department_id == known.id]
    return render_template(
        "insights/department.html",
        department=known,
        name=localized(known.name),
        late=presenting.late_parts(counts, at=at, zone=g.city.zone),
        kinds=[kind for kind in CaseKind if any(one.line(kind, known.code) for one in months)],
        months=months,
        presenting=presenting,
        wording=wording,
        days_after=overdue.days_after(),
    )


def _day(day: date) -> str:
    return i18n.long_date(datetime.combine(day, time(12), g.city.zone))


def _name(figures: MonthFigures) -> str:
    return wording.month_name(Month.parse(figures.frame.month))
