"""The working calendar: the week and the days off, with what they make of a promise, and what was changed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from http import HTTPStatus
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.admin import history, queries
from cps.admin.forms.calendar import HolidayForm, WeekForm, holiday_form, version_of
from cps.admin.forms.routing import WEEKDAYS
from cps.admin.views.categories import languages
from cps.admin.views.saving import as_seen, save
from cps.core import clock
from cps.core.city import lock as lock_city
from cps.core.db import transaction
from cps.core.errors import RuleViolation
from cps.core.i18n import date_time, localized, long_date, ngettext
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.core.security import Can, requires
from cps.departments import queries as departments
from cps.departments import services
from cps.departments.calendar import WorkingCalendar
from cps.departments.promising import PromiseTrial, try_promises
from cps.departments.specs import Stretch

bp = Blueprint("calendar", __name__, url_prefix="/admin/calendar")

LABELS = {"week": _l("Working hours"), "name": _l("Name of the day"), "removed": _l("Taken away")}
PROMISED_DAYS = (1, 3, 5)
SHOWN = 10
FRIDAY, LATE_HOUR = 4, time(16)


@bp.get("")
@requires(Can.MANAGE_CITY)
def index() -> ResponseReturnValue:
    """Show the week, the days off, what a promise comes to, and what was changed."""
    form = WeekForm(formdata=None)
    form.show(departments.opening_hours())
    return _page(form, _holiday_form(empty=True))


@bp.post("/week")
@requires(Can.MANAGE_CITY)
def set_week() -> ResponseReturnValue:
    """Set the working hours, or only look at what they would make of a promise."""
    form = WeekForm()
    if form.look.data:
        right = form.validate()
        status = HTTPStatus.OK if right else HTTPStatus.UNPROCESSABLE_ENTITY
        return _page(form, _holiday_form(empty=True), form.week if right else None), status

    def write() -> None:
        lock_city()  # of two who save the week at once, the second looks at what the first made of it
        as_seen(form, version_of(departments.opening_hours()))
        services.save_opening_hours(form.week, by=current_user.id, at=clock.now())

    return save(
        form,
        write,
        again=lambda: _page(form, _holiday_form(empty=True)),
        leads_to=url_for(".index"),
        done=_("Saved. It holds for cases from now on; dates that were promised stay."),
    )


@bp.post("/holidays")
@requires(Can.MANAGE_CITY)
def add_holiday() -> ResponseReturnValue:
    """Enter a day on which the city is closed, or rename it."""
    form = _holiday_form()
    week = WeekForm(formdata=None)
    week.show(departments.opening_hours())

    def write() -> None:
        day, name = form.chosen
        if day < _today():
            raise RuleViolation(_("This day is over. Enter one that is still to come."))
        services.save_holiday(day, name, by=current_user.id, at=clock.now())

    return save(
        form,
        write,
        again=lambda: _page(week, form),
        leads_to=f"{url_for('.index')}#holidays",
        done=_("Saved. Cases that come from now on count without this day."),
    )


@bp.post("/holidays/remove")
@requires(Can.MANAGE_CITY)
def remove_holiday() -> ResponseReturnValue:
    """Let the city work on a day again."""
    with transaction():
        gone = services.remove_holiday(request.form.get("day", ""), by=current_user.id, at=clock.now())
    flash(_("The city works on this day again.") if gone else _("This day was no holiday."))
    return redirect(f"{url_for('.index')}#holidays", HTTPStatus.SEE_OTHER)


def _page(form: WeekForm, holiday: HolidayForm, looked_at: Sequence[Stretch] | None = None) -> str:
    now = departments.working_calendar(g.city.zone)
    shown = now if looked_at is None else replace(now, hours=_by_day(looked_at))
    tried = _tried(now, shown) if looked_at is not None else None
    today = _today()
    changed = queries.history(["holiday"]) + queries.history(["city"], action="change-opening-hours")
    rows = sorted(changed, key=lambda row: -row.id)[:SHOWN]
    return render_template(
        "admin/calendar.html",
        form=form,
        holiday=holiday,
        spoken=languages(),
        is_changed=looked_at is not None,
        trial=tried,
        days=queries.TRIED.days,
        promises=promises(shown, today),
        holidays=[(one, _in_words(one.day)) for one in departments.holidays() if one.day >= today],
        history=history.in_words(
            rows,
            LABELS,
            show=_value,
            name=lambda row: (
                _which_day(row.object_id) if row.object_kind == "holiday" else _("Working hours")
            ),
        ),
    )


def _tried(now: WorkingCalendar, then: WorkingCalendar) -> PromiseTrial:
    """Return what other working hours would have made of last month's promises."""
    known = departments.catalogue().categories
    return try_promises(
        queries.past_promises(clock.now() - queries.TRIED),
        lambda past: services.due_at(known[past.category_id], past.came_at, now),
        lambda past: services.due_at(known[past.category_id], past.came_at, then),
    )


def _today() -> date:
    return clock.now().astimezone(g.city.zone).date()


def _in_words(day: date) -> str:
    return long_date(datetime.combine(day, time(12), g.city.zone))


def _which_day(written: str) -> str:
    return _in_words(date.fromisoformat(written))


def promises(calendar: WorkingCalendar, today: date) -> list[tuple[str, str]]:
    """Return what a complaint of the next Friday at four is promised: (days, when it is due)."""
    friday = today + timedelta(days=(FRIDAY - today.weekday()) % 7)
    start = datetime.combine(friday, LATE_HOUR, g.city.zone)
    return [
        (
            ngettext("%(num)s working day", "%(num)s working days", days),
            date_time(calendar.add_working_days(start, days)),
        )
        for days in PROMISED_DAYS
    ]


def _by_day(week: Sequence[Stretch]) -> dict[int, tuple[tuple[time, time], ...]]:
    return {
        day: tuple((one.opens, one.closes) for one in sorted(week) if one.weekday == day) for day in range(7)
    }


def _holiday_form(*, empty: bool = False) -> HolidayForm:
    form = holiday_form(languages())
    return form(formdata=None) if empty else form()


def _value(field: str, value: Any) -> Any:
    """Return a value of an audit row as people know it: days of the week by their names."""
    if field == "name" and isinstance(value, dict):
        return localized(value)
    if field == "week" and isinstance(value, list):
        return [_of_week(str(one)) for one in value]
    return value


def _of_week(written: str) -> str:
    day, _space, hours = written.partition(" ")
    return f"{WEEKDAYS[int(day)][1]} {hours}" if day.isdecimal() and int(day) < len(WEEKDAYS) else written
