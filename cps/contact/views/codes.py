"""The words by which the city names what contacts are about."""

import re
from http import HTTPStatus

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.contact import queries, services
from cps.contact.forms import CodeForm
from cps.contact.views.base import bp, frame
from cps.core import clock
from cps.core.db import transaction
from cps.core.errors import RuleViolation
from cps.core.forms import add_error
from cps.core.i18n import current_language, html_language
from cps.core.i18n import gettext as _
from cps.core.security import Can, requires

CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)


@bp.get("/codes")
@requires(Can.MANAGE_CALLS)
def codes() -> ResponseReturnValue:
    """Show what contacts can be about."""
    return _page(CodeForm(formdata=None, is_active=True))


def _page(form: CodeForm) -> str:
    return render_template("contact/codes.html", form=form, rows=queries.codes(every=True), **frame("codes"))


@bp.post("/codes")
@requires(Can.MANAGE_CALLS)
def save_code() -> ResponseReturnValue:
    """Add a word, or change the one with this short name in the page's language."""
    form = CodeForm()
    code, name = form.code.data or "", form.name.data or ""
    if form.validate() and not CODE.fullmatch(code):
        add_error(form.code, _("Use small letters, digits and hyphens, such as waste-days."))
    if form.code.errors or form.name.errors:
        return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        with transaction():
            _save(code, name, is_active=bool(form.is_active.data))
    except RuleViolation as refused:
        add_error(form.name, refused.message)
        return _page(form), refused.status
    flash(_("Kept."))
    return redirect(url_for(".codes"), HTTPStatus.SEE_OTHER)


def _save(code: str, name: str, *, is_active: bool) -> None:
    """Keep a word in the page's language, in the running transaction; other languages stay."""
    every = queries.codes(every=True)
    found = next((one for one in every if one.code == code), None)
    language = html_language(current_language())
    default = g.city.default_language
    names = {**(found.name if found else {default: name}), **({language: name} if name else {})}
    order = found.ord if found else 10 * (len(every) + 1)
    services.save_code(code, names, order=order, is_active=is_active, by=current_user, at=clock.now())
