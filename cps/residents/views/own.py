"""One's own proof: the code of a letter, or the digits to show at a counter."""

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.utils import redirect

from cps.accounts import queries as accounts
from cps.accounts.rules import grouped_code
from cps.core import clock, tries
from cps.core.db import transaction
from cps.core.errors import TooMany
from cps.core.i18n import gettext as _
from cps.core.own_path import own_path
from cps.core.security import Can, requires
from cps.residents import queries, services
from cps.residents.forms import LetterForm
from cps.residents.rules import COUNTER_FOR, Claim
from cps.residents.views.base import bp, count_letter, today
from cps.residents.wording import CLAIMS
from cps.wards import queries as wards


@bp.get("/accounts/me/register")
@requires(Can.USE_OWN_ACCOUNT)
def own() -> ResponseReturnValue:
    """Show whether one is known to be in the register, and how to show it."""
    return _show(LetterForm(today=today(), next=_wanted()))


@bp.post("/accounts/me/register")
@requires(Can.USE_OWN_ACCOUNT)
def prove() -> ResponseReturnValue:
    """Take the code of a letter with a birth date; tries are limited and counted."""
    form = LetterForm(today=today())
    if not form.validate():
        return _show(form), 422
    try:
        count_letter()
    except TooMany as error:
        return tries.refuse(error, form, lambda: _show(form))
    with transaction():
        account = accounts.lock_account(current_user.id)
        outcome = services.claim(account, form.letter_code, form.birth_date, at=clock.now())
    if outcome is Claim.TAKEN:
        return render_template("residents/taken.html"), 409
    if outcome is Claim.DONE:
        flash(_("It is proven: you are in the register."), "success")
    elif outcome is not Claim.HAS_ANOTHER:
        form.form_errors.append(str(CLAIMS[outcome]))
        return _show(form), 422
    return redirect(url_for("residents.own", next=form.next.data or None), 303)


@bp.post("/accounts/me/register/code")
@requires(Can.USE_OWN_ACCOUNT)
def show_code() -> ResponseReturnValue:
    """Show six digits for the clerk, from this same answer: only their hash is kept."""
    with transaction():
        account = accounts.lock_account(current_user.id)
        code = services.new_counter_code(account, at=clock.now())
    until = clock.now() + COUNTER_FOR
    return render_template(
        "residents/code.html", code=grouped_code(code), until=until, wanted=_wanted() or None
    )


def _wanted() -> str:
    """Return the page of this site from which somebody came to prove themselves, or ""."""
    return own_path(request.args.get("next"))


def _show(form: LetterForm) -> str:
    proof = queries.proof_of(current_user.id)
    ward = wards.areas().names[proof.ward_id] if proof else None
    return render_template(
        "residents/own.html", form=form, proof=proof, ward=ward, wanted=own_path(form.next.data) or None
    )
