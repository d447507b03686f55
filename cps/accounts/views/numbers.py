"""What is asked after a code by text message: the account's password, or whose the account of a number is."""

from dataclasses import replace

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from cps.accounts import passwords, queries, services
from cps.accounts.forms import KnownNumberForm, OtherPasswordForm
from cps.accounts.models import Account
from cps.accounts.rules import CodePurpose
from cps.accounts.services import PhoneProof
from cps.accounts.views import limiting
from cps.accounts.views.base import (
    Proof,
    Stage,
    bp,
    enter,
    go_on,
    keep_proof,
    kept_proof,
    own_token,
    this_device,
)
from cps.accounts.views.codes import begin_again, begin_session, come_in, send
from cps.core import clock, tries
from cps.core.db import transaction
from cps.core.errors import TooMany
from cps.core.i18n import current_language
from cps.core.i18n import gettext as _
from cps.core.security import public


@bp.get("/code/password")
@public
def code_password() -> ResponseReturnValue:
    """Ask for the password of the account whose number was proven."""
    proof = kept_proof(Stage.PASSWORD)
    return _show_password(OtherPasswordForm()) if proof else begin_again()


@bp.post("/code/password")
@public
def submit_code_password() -> ResponseReturnValue:
    """Take the password and sign in."""
    proof, form = kept_proof(Stage.PASSWORD), OtherPasswordForm()
    if proof is None:
        return begin_again()
    try:
        limiting.count(limiting.PASSWORD, proof.address)
    except TooMany as error:
        return tries.refuse(error, form, lambda: _show_password(form))
    if not is_password_of(queries.account_by_address(proof.address), form.password.data or ""):
        form.password.errors = [_("This is not the password of this account.")]
        return _show_password(form), 422
    with transaction():
        account, token = begin_session(proof)
    return come_in(proof, account, token, is_new=False)


def is_password_of(account: Account | None, password: str) -> bool:
    """Say whether a password is that of an account; outside of any transaction, for it takes long."""
    return passwords.is_password(password, account.password_hash if account else "")


@bp.get("/code/number")
@public
def code_number() -> ResponseReturnValue:
    """Ask whose the account is that the number has already."""
    proof = kept_proof(Stage.NUMBER)
    return _show_number(proof, KnownNumberForm()) if proof else begin_again()


@bp.post("/code/number")
@public
def submit_code_number() -> ResponseReturnValue:
    """Open the account, or make a new one that gets the number later."""
    proof, form = kept_proof(Stage.NUMBER), KnownNumberForm()
    if proof is None:
        return begin_again()
    if not form.validate():
        return _show_number(proof, form), 422
    if form.whose.data == "new":
        return _begin_new(proof)
    try:
        return _open_known(proof)
    except TooMany as error:
        return tries.refuse(error, form, lambda: _show_number(proof, form))


def _open_known(proof: Proof) -> ResponseReturnValue:
    """Open the account of a number; where it has a password or an address of mail, that is asked too.

    Raises TooMany.
    """
    if queries.mail_instead_of(proof.address):
        return send(CodePurpose.SIGN_IN, proof.address, wanted=proof.next)
    known = queries.account_by_address(proof.address)
    if known is not None and known.password_hash:
        keep_proof(replace(proof, stage=Stage.PASSWORD))
        return redirect(url_for("accounts.code_password"), 303)
    with transaction():
        account, token = begin_session(proof)
    return come_in(proof, account, token, is_new=known is None)


def _begin_new(proof: Proof) -> ResponseReturnValue:
    """Make an account of its own for a new owner of a number; who has it so far is told first.

    Who waits for the number already, with an account that has nothing else, goes on with that one.
    """
    at = clock.now()
    with transaction():
        account = services.account_that_waits(
            proof.address, language=current_language(), at=at, password_hash=proof.password_hash
        )
        result = services.prove_phone(account, proof.address, at=at)
        token = services.sign_in(account, device=this_device(), at=at, instead_of=own_token())
    enter(account, token)
    if result is PhoneProof.CLAIMED:
        words = _("Your account is ready. The number comes to it in a week: who has it so far is told first.")
        flash(words, "info")
    return go_on(account, proof.next)


def _show_password(form: OtherPasswordForm) -> str:
    return render_template("accounts/code_password.html", form=form)


def _show_number(proof: Proof, form: KnownNumberForm) -> str:
    known = queries.account_by_address(proof.address)
    since = known.created_at if known else None
    return render_template("accounts/code_number.html", form=form, address=proof.address, since=since)
