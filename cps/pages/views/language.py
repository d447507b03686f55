"""Choosing the language of all pages."""

from flask import current_app, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.utils import redirect

from cps.accounts import queries as accounts
from cps.accounts import services
from cps.core.db import transaction
from cps.core.i18n import LANGUAGE_COOKIE
from cps.core.own_path import own_path
from cps.core.security import public
from cps.pages.forms import LanguageForm
from cps.pages.views.base import YEAR, bp


@bp.get("/language")
@public
def language() -> ResponseReturnValue:
    """Show the languages, each by its own name."""
    return render_template("pages/language.html", next=own_path(request.args.get("next")))


@bp.post("/language")
@public
def submit_language() -> ResponseReturnValue:
    """Remember the language in a cookie and, signed in, in the account; then lead back."""
    form = LanguageForm()
    chosen = form.language.data or ""
    if chosen not in g.choices:
        return redirect(url_for("pages.language", next=form.next.data or None), 303)
    if current_user.is_authenticated:
        with transaction():
            services.set_language(accounts.lock_account(current_user.id), chosen)
    answer = redirect(form.next.data or url_for("pages.home"), 303)
    answer.set_cookie(
        LANGUAGE_COOKIE,
        chosen,
        max_age=YEAR,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
    return answer
