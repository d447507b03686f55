"""Text messages for administrators: what they cost today, what is left of the budgets, and the settings."""

from datetime import timedelta

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.core import city as cities
from cps.core import clock, offline, sms_budget
from cps.core.db import transaction
from cps.core.i18n import gettext as _
from cps.core.security import Can, requires
from cps.notifications import costs, queries, services
from cps.notifications.forms import SmsSettingsForm

bp = Blueprint("sms", __name__, url_prefix="/admin/sms")

DAYS_SHOWN = 14


@bp.get("")
@requires(Can.MANAGE_CITY)
def show() -> ResponseReturnValue:
    """Show today's messages and their cost, what is left of each budget, and the last two weeks."""
    now, city = clock.now(), cities.get()
    today = now.astimezone(city.zone).date()
    days = queries.sms_days(today - timedelta(days=DAYS_SHOWN - 1))
    return render_template(
        "notifications/costs.html",
        today=costs.of_day(days, today, city.currency),
        days=costs.by_day(days, city.currency),
        budgets=costs.now(city, now),
        counts=queries.text_counts(now),
        has_gateway=offline.settings().sms_url is not None,
        settings=sms_budget.settings_of(city),
    )


@bp.get("/settings")
@requires(Can.MANAGE_CITY)
def settings() -> ResponseReturnValue:
    """Ask for countries, price and budgets."""
    return _show_settings(SmsSettingsForm.of(sms_budget.settings_of(cities.get())))


@bp.post("/settings")
@requires(Can.MANAGE_CITY)
def submit_settings() -> ResponseReturnValue:
    """Change them."""
    form = SmsSettingsForm()
    if not form.validate():
        return _show_settings(form), 422
    with transaction():
        services.set_sms_settings(form.chosen, by=current_user.id, at=clock.now())
    flash(_("Saved."), "success")
    return redirect(url_for(".show"), 303)


def _show_settings(form: SmsSettingsForm) -> str:
    return render_template("notifications/sms_settings.html", form=form, currency=g.city.currency)
