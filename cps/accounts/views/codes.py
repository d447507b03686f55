"""The code by mail: sent, asked for, sent again. Every way in that proves an address comes through here."""

from collections.abc import Callable

from flask import flash, render_template, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from cps.accounts import queries, services
from cps.accounts.forms import CodeForm
from cps.accounts.models import Account
from cps.accounts.rules import CodePurpose
from cps.accounts.views import limiting
from cps.accounts.views.base import (
    PROOF,
    Proof,
    bp,
    browser_key,
    enter,
    go_on,
    keep_proof,
    kept_proof,
    own_token,
    this_device,
)
from cps.core import clock, tries
from cps.core.db import transaction
from cps.core.errors import TooMany
from cps.core.i18n import current_language
from cps.core.i18n import gettext as _
from cps.core.security import public


def send(
    purpose: CodePurpose,
    email: str,
    *,
    wanted: str | None = None,
    password_hash: Callable[[], str] = str,
    registers: bool = False,
) -> ResponseReturnValue:
    """Mail a code to a normal address and lead to the page that asks for it; raises TooMany.

    `wanted` is the own path to go on to, `password_hash` makes what a new account shall have, which is asked
    only within the limits because it takes long; who `registers` an address that has an account gets the same
    code with other words.
    """
    limiting.count(limiting.MAIL, email)
    hashed = password_hash()
    mail = services.registration_code if registers else services.new_code
    with transaction():
        mail(purpose, email, asked_by=browser_key(), language=current_language(), at=clock.now())
    keep_proof(Proof(email, purpose, wanted or "", hashed))
    return redirect(url_for("accounts.code"), 303)


@bp.get("/code")
@public
def code() -> ResponseReturnValue:
    """Ask for the code that was mailed."""
    proof = kept_proof()
    return _show(proof, CodeForm()) if proof else _begin_again()


@bp.post("/code")
@public
def submit_code() -> ResponseReturnValue:
    """Take the code; a right one signs in, and makes the account where there is none."""
    proof, form = kept_proof(), CodeForm()
    if proof is None:
        return _begin_again()
    if not form.validate():
        return _show(proof, form), 422
    try:
        limiting.count(limiting.CODE, proof.email)
    except TooMany as error:
        return tries.refuse(error, form, lambda: _show(proof, form))
    account = _sign_in_by_code(proof, form.digits)
    if account is None:
        form.code.errors = [_("This code is not right, or it is too old. Look at the newest mail from us.")]
        return _show(proof, form), 422
    if proof.purpose is CodePurpose.RESET_PASSWORD:
        return redirect(url_for("accounts.password", next=proof.next or None), 303)
    return go_on(account, proof.next)


def _sign_in_by_code(proof: Proof, digits: str) -> Account | None:
    """Use up the code and enter; a wrong one is counted all the same."""
    at = clock.now()
    with transaction():
        if not services.check_code(proof.purpose, proof.email, digits, asked_by=browser_key(), at=at):
            return None
        is_new = queries.account_by_email(proof.email) is None
        account = services.account_for_email(
            proof.email, language=current_language(), at=at, password_hash=proof.password_hash
        )
        token = services.sign_in(account, device=this_device(), at=at, instead_of=own_token())
    enter(account, token)
    if is_new:
        flash(_("Welcome. Your account is ready."), "success")
    elif proof.password_hash:
        flash(_("You had an account already. You are signed in, and its password is as it was."), "info")
    return account


@bp.post("/code/again")
@public
def send_again() -> ResponseReturnValue:
    """Mail a new code; the ones before are no longer good."""
    proof = kept_proof()
    if proof is None:
        return _begin_again()
    try:
        answer = send(
            proof.purpose, proof.email, wanted=proof.next, password_hash=lambda: proof.password_hash
        )
    except TooMany as error:
        form = CodeForm(formdata=None)
        return tries.refuse(error, form, lambda: _show(proof, form))
    flash(_("We sent a new code. The ones before do not work any more."), "success")
    return answer


def _show(proof: Proof, form: CodeForm) -> str:
    return render_template("accounts/code.html", form=form, email=proof.email)


def _begin_again() -> ResponseReturnValue:
    session.pop(PROOF, None)
    flash(_("That took too long. Please begin again."), "info")
    return redirect(url_for("accounts.sign_in"), 303)
