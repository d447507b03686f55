"""Reasons with which the city says no: the list in its order, and one reason."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.admin import history, queries
from cps.admin.forms.reasons import ReasonForm, reason_form
from cps.admin.views.categories import languages
from cps.admin.views.saving import code_for, save
from cps.cases.wording import DECLINED_AS, decline_words
from cps.core import clock
from cps.core.db import transaction
from cps.core.errors import NotVisible
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.core.security import Can, requires
from cps.departments import queries as departments
from cps.departments import services
from cps.departments.models import DeclineReason
from cps.departments.specs import ReasonSpec

bp = Blueprint("reasons", __name__, url_prefix="/admin/reasons")

LABELS = {"text": _l("Reason"), "endings": _l("With which endings?"), "is_active": _l("In use")}


@bp.get("")
@requires(Can.MANAGE_CITY)
def index() -> ResponseReturnValue:
    """Show every reason in its order, and with which endings it is offered."""
    rows = [(row, _endings(row.endings)) for row in departments.decline_reasons()]
    return render_template("admin/reasons.html", rows=rows, in_use=sum(row.is_active for row, _words in rows))


@bp.get("/new")
@requires(Can.MANAGE_CITY)
def new() -> ResponseReturnValue:
    """Ask for a new reason."""
    return _page(_offered(reason_form(languages())(formdata=None)), None)


@bp.post("/new")
@requires(Can.MANAGE_CITY)
def create() -> ResponseReturnValue:
    """Make a reason."""
    return _save(None)


@bp.get("/<int:reason_id>")
@requires(Can.MANAGE_CITY)
def reason(reason_id: int) -> ResponseReturnValue:
    """Show a reason to change it."""
    row = _get(reason_id)
    form = _offered(reason_form(languages())(formdata=None, version=row.version))
    form.show(ReasonSpec(row.code, row.text, frozenset(row.endings), row.is_active))
    return _page(form, row)


@bp.post("/<int:reason_id>")
@requires(Can.MANAGE_CITY)
def change(reason_id: int) -> ResponseReturnValue:
    """Change a reason; what was told with it stays as it was."""
    return _save(reason_id)


@bp.post("/<int:reason_id>/move")
@requires(Can.MANAGE_CITY)
def move(reason_id: int) -> ResponseReturnValue:
    """Offer a reason one place earlier, or later where the button says so."""
    step = 1 if request.form.get("to") == "down" else -1
    with transaction():
        services.move_reason(reason_id, step, by=current_user.id, at=clock.now())
    flash(_("The order is changed."), "success")
    return redirect(f"{url_for('.index')}#reason-{reason_id}", HTTPStatus.SEE_OTHER)


def _save(reason_id: int | None) -> ResponseReturnValue:
    form = _offered(reason_form(languages())())

    def write() -> None:
        row = _get(reason_id) if reason_id else None
        words = str(form[f"text_{languages()[0]}"].data)
        code = code_for(form, row, words=words, others=departments.decline_reasons, kind="reason")
        services.save_reason(form.spec(code), by=current_user.id, at=clock.now())

    return save(
        form,
        write,
        again=lambda: _page(form, _get(reason_id) if reason_id else None),
        leads_to=url_for(".index"),
        done=_("Saved. Officers can choose it from now on."),
    )


def _page(form: ReasonForm, row: DeclineReason | None) -> str:
    changed = queries.history(["reason"], row.code) if row else ()
    return render_template(
        "admin/reason.html",
        form=form,
        spoken=languages(),
        row=row,
        history=history.in_words(changed, LABELS, show=_value),
    )


def _offered(form: ReasonForm) -> ReasonForm:
    form.offer([(ending.value, str(decline_words(ending))) for ending in DECLINED_AS])
    return form


def _endings(values: list[str]) -> str:
    return " · ".join(str(decline_words(one)) for one in DECLINED_AS if one.value in values)


def _value(field: str, value: Any) -> Any:
    return _endings(value) if field == "endings" and value else value


def _get(reason_id: int) -> DeclineReason:
    row = departments.decline_reason(reason_id)
    if row is None:
        raise NotVisible(_("There is no such reason."))
    return row
