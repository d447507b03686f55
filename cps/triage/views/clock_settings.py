"""The clock's settings, for administrators: when a case is seen, how far a date may move, who hears when."""

from dataclasses import asdict
from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.cases.services import clock as clocks
from cps.cases.services.clock_settings import set_clock_settings
from cps.core import clock
from cps.core.db import transaction
from cps.core.i18n import gettext as _
from cps.core.security import Can, requires
from cps.triage.clock_forms import ClockSettingsForm

bp = Blueprint("clock", __name__, url_prefix="/admin/clock")


@bp.get("")
@requires(Can.MANAGE_CITY)
def settings() -> ResponseReturnValue:
    """Show what holds now."""
    return _page(ClockSettingsForm(formdata=None, data=asdict(clocks.settings())))


@bp.post("")
@requires(Can.MANAGE_CITY)
def submit() -> ResponseReturnValue:
    """Change it."""
    form = ClockSettingsForm()
    if not form.validate():
        return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    with transaction():
        set_clock_settings(form.chosen, by=current_user.id, at=clock.now())
    flash(_("Saved."), "success")
    return redirect(url_for(".settings"), HTTPStatus.SEE_OTHER)


def _page(form: ClockSettingsForm) -> str:
    return render_template("triage/clock_settings.html", form=form)
