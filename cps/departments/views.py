"""Suspensions of work: the public list, and the administrator's page that enters and corrects them."""

from http import HTTPStatus

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.core import clock
from cps.core.db import transaction
from cps.core.errors import NotVisible, RuleViolation
from cps.core.forms import spend_key
from cps.core.i18n import gettext as _
from cps.core.rendering import cacheable
from cps.core.security import Can, allows, public, requires
from cps.departments import queries, services
from cps.departments.forms import CorrectionForm, SuspensionForm, correction_form, suspension_form
from cps.departments.models import WorkSuspension
from cps.departments.presenting import shown

bp = Blueprint("suspensions", __name__)
BLUEPRINTS = (bp,)


@bp.get("/suspensions")
@public
def index() -> ResponseReturnValue:
    """Show when the city did not work, why, and what was corrected; the newest entry first."""
    entries = queries.suspensions()
    newest = max((entry.id for entry in entries), default=0)
    if (answer := cacheable(f"suspensions-{newest}")) is not None:
        return answer
    return render_template(
        "departments/suspensions.html",
        entries=shown(entries, g.city.zone),
        may_enter=allows(current_user, Can.MANAGE_CITY),
    )


@bp.get("/admin/suspensions")
@requires(Can.MANAGE_CITY)
def manage() -> ResponseReturnValue:
    """Show the form of a new suspension, and every entry with its correction."""
    return _page(_form()(formdata=None))


@bp.post("/admin/suspensions")
@requires(Can.MANAGE_CITY)
def enter() -> ResponseReturnValue:
    """Enter a suspension once, for all."""
    form = _form()()
    if not form.validate():
        return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    spec = form.spec(g.city.zone)
    try:
        with transaction():
            if spend_key(form.key, purpose="suspension", leads_to="", at=clock.now()):
                services.suspend_work(spec, by=current_user.id, at=clock.now())
    except RuleViolation as refused:
        form.form_errors.append(refused.message)
        return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(_("Entered. Due dates follow within a minute."), "success")
    return redirect(url_for(".manage"), HTTPStatus.SEE_OTHER)


@bp.get("/admin/suspensions/<int:suspension_id>/correct")
@requires(Can.MANAGE_CITY)
def correct_page(suspension_id: int) -> ResponseReturnValue:
    """Ask what stands in place of an entry."""
    wrong = _get(suspension_id)
    form = _correction_form()(formdata=None)
    form.fill(wrong, g.city.zone)
    return _correction_page(wrong, form)


@bp.post("/admin/suspensions/<int:suspension_id>/correct")
@requires(Can.MANAGE_CITY)
def correct(suspension_id: int) -> ResponseReturnValue:
    """Undo an entry by one that stands in its place."""
    form = _correction_form()()
    if not form.validate():
        return _correction_page(_get(suspension_id), form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        with transaction():
            wrong = _get(suspension_id)
            if spend_key(form.key, purpose="suspension", leads_to="", at=clock.now()):
                spec = form.correction(wrong, g.city.zone)
                services.correct_suspension(wrong, spec, by=current_user.id, at=clock.now())
    except RuleViolation as refused:
        form.form_errors.append(refused.message)
        return _correction_page(_get(suspension_id), form), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(_("Corrected. Due dates follow within a minute."), "success")
    return redirect(url_for(".manage"), HTTPStatus.SEE_OTHER)


def _form() -> type[SuspensionForm]:
    return suspension_form(g.city.languages, g.city.default_language)


def _correction_form() -> type[CorrectionForm]:
    return correction_form(g.city.languages, g.city.default_language)


def _get(suspension_id: int) -> WorkSuspension:
    entry = queries.suspension(suspension_id)
    if entry is None:
        raise NotVisible(_("There is no such entry."))
    return entry


def _page(form: SuspensionForm) -> str:
    entries = shown(queries.suspensions(), g.city.zone)
    return render_template("departments/manage_suspensions.html", form=form, entries=entries)


def _correction_page(wrong: WorkSuspension, form: CorrectionForm) -> str:
    entry = next(one for one in shown(queries.suspensions(), g.city.zone) if one.id == wrong.id)
    return render_template("departments/correct_suspension.html", form=form, entry=entry)
