"""The partners of the city, for administrators: a new one, a changed one, one that is no longer used."""

from http import HTTPStatus

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.core import clock
from cps.core.db import db, transaction
from cps.core.errors import RuleViolation, StaleVersion
from cps.core.i18n import OWN_NAMES
from cps.core.i18n import gettext as _
from cps.core.security import Can, requires
from cps.partners import queries, services
from cps.partners.forms import PartnerForm
from cps.partners.models import Partner

bp = Blueprint("partners", __name__, url_prefix="/admin/partners")


@bp.get("")
@requires(Can.MANAGE_CITY)
def index() -> ResponseReturnValue:
    """Show every partner, and the form of a new one."""
    return _page(_form(formdata=None))


@bp.post("")
@requires(Can.MANAGE_CITY)
def add() -> ResponseReturnValue:
    """Add a partner."""
    return _save(_form(), None)


@bp.get("/<int:partner_id>")
@requires(Can.MANAGE_CITY)
def show(partner_id: int) -> ResponseReturnValue:
    """Show a partner with the form that changes it."""
    partner, form = queries.get(partner_id), _form(formdata=None)
    form.fill(partner)
    return _page(form, partner)


@bp.post("/<int:partner_id>")
@requires(Can.MANAGE_CITY)
def change(partner_id: int) -> ResponseReturnValue:
    """Change a partner."""
    return _save(_form(), partner_id)


def _save(form: PartnerForm, partner_id: int | None) -> ResponseReturnValue:
    if not form.validate():
        return _page(form, _known(partner_id)), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        with transaction():
            partner = Partner() if partner_id is None else queries.lock(partner_id, version=form.seen)
            services.save(partner, form.facts, by=current_user.id, at=clock.now())
    except (RuleViolation, StaleVersion) as refused:
        db.session.rollback()
        form.form_errors.append(refused.message)
        known = _known(partner_id)
        form.version.data = str(known.version) if known else ""
        return _page(form, known), refused.status
    flash(_("Saved."), "success")
    return redirect(url_for(".index"), HTTPStatus.SEE_OTHER)


def _known(partner_id: int | None) -> Partner | None:
    return queries.get(partner_id) if partner_id is not None else None


def _form(**options: object) -> PartnerForm:
    form = PartnerForm(**options)
    form.language.choices = [(code, OWN_NAMES.get(code, code)) for code in g.city.languages]
    return form


def _page(form: PartnerForm, partner: Partner | None = None) -> str:
    return render_template(
        "partners/manage.html", form=form, partner=partner, partners=queries.all_partners()
    )
