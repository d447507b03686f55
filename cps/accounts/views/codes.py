"""The code by mail or text message: sent, asked for, sent again.

Every way in that proves an address or a number comes through here.
"""

from collections.abc import Callable
from dataclasses import replace

from flask import flash, render_template, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from cps.accounts import queries, services
from cps.accounts.forms import CodeForm
from cps.accounts.models import Account
from cps.accounts.rules import CODE_TRIES, CodePurpose
from cps.accounts.views import limiting, second_step
from cps.accounts.views.base import (
    PROOF,
    Proof,
    Stage,
    bp,
    browser_key,
    enter,
    go_on,
    keep_proof,
    kept_proof,
)
from cps.accounts.views.sending import NOBODY, Goes, count_sending, where_to
from cps.core import clock, tries
from cps.core.db import transaction
from cps.core.errors import TooMany
from cps.core.i18n import current_language
from cps.core.i18n import gettext as _
from cps.core.phone import is_phone
from cps.core.security import public


def send(
    purpose: CodePurpose,
    address: str,
    *,
    wanted: str | None = None,
    password_hash: Callable[[], str] = str,
    registers: bool = False,
) -> ResponseReturnValue:
    """Send a code to a normal address or number and lead to the page that asks for it; raises TooMany.

    `wanted` is the own path to go on to, `password_hash` makes what a new account shall have, which is asked
    only within the limits because it takes long; who `registers` an address that has an account gets the same
    code with other words.
    """
    count_sending(address)
    hashed = password_hash()
    to = where_to(purpose, address, number_only=registers)
    make = services.registration_code if registers else services.new_code
    proof = Proof(address, purpose, wanted or "", hashed, registers)
    if to != NOBODY:
        with transaction():
            make(
                purpose,
                address,
                asked_by=_asked_by(proof),
                language=current_language(),
                at=clock.now(),
                sent_to=to,
            )
    keep_proof(proof)
    return redirect(url_for("accounts.code"), 303)


def _asked_by(proof: Proof) -> str:
    """Return who asks: a code that was sent to a number for registering is good for nothing else."""
    return f"{browser_key()}:registers" if proof.registers else browser_key()


@bp.get("/code")
@public
def code() -> ResponseReturnValue:
    """Ask for the code that was sent."""
    proof = kept_proof()
    return _show(proof, CodeForm()) if proof else begin_again()


@bp.post("/code")
@public
def submit_code() -> ResponseReturnValue:
    """Take the code; a right one signs in, and makes the account where there is none."""
    proof, form = kept_proof(), CodeForm()
    if proof is None:
        return begin_again()
    if not form.validate():
        return _show(proof, form), 422
    try:
        limiting.count(limiting.CODE, proof.address)
    except TooMany as error:
        return tries.refuse(error, form, lambda: _show(proof, form))
    return _use_code(proof, form.digits) or _wrong(proof, form)


def _use_code(proof: Proof, digits: str) -> ResponseReturnValue | None:
    """Use up the code and go on; None for a wrong one, which is counted all the same."""
    at = clock.now()
    with transaction():
        if not services.check_code(proof.purpose, proof.address, digits, asked_by=_asked_by(proof), at=at):
            return None
        known = queries.account_by_address(proof.address)
        stage = _next_stage(proof, known)
        if stage is Stage.CODE:
            account, token = begin_session(proof)
    if stage is not Stage.CODE:
        keep_proof(replace(proof, stage=stage))
        return redirect(url_for(f"accounts.code_{stage.value}"), 303)
    return come_in(proof, account, token, is_new=known is None)


def _next_stage(proof: Proof, known: Account | None) -> Stage:
    """Return what else is asked of somebody whose code was right.

    Numbers get new owners, so that a code alone opens no account with a password, and who registers a number
    that has an account says whose it is.
    """
    if known is None or not is_phone(proof.address) or proof.purpose is CodePurpose.RESET_PASSWORD:
        return Stage.CODE
    if proof.registers:
        return Stage.NUMBER
    return Stage.PASSWORD if known.password_hash else Stage.CODE


def begin_session(proof: Proof) -> tuple[Account, str]:
    """Return the account of a proven address and the token of its new session, in the running transaction.

    The token is "" where a second step is asked.
    """
    account = services.account_for_address(
        proof.address, language=current_language(), at=clock.now(), password_hash=proof.password_hash
    )
    return account, second_step.begin_unless_asked(account)


def come_in(proof: Proof, account: Account, token: str, *, is_new: bool) -> ResponseReturnValue:
    """Make this browser that of the session, greet, and go on; without a token, ask for the second step."""
    if not token:
        new_password = url_for("accounts.password", next=proof.next or None)
        is_reset = proof.purpose is CodePurpose.RESET_PASSWORD
        return second_step.ask(account, new_password if is_reset else proof.next)
    enter(account, token)
    if is_new:
        flash(_("Welcome. Your account is ready."), "success")
    elif proof.password_hash:
        flash(_("You had an account already. You are signed in, and its password is as it was."), "info")
    if proof.purpose is CodePurpose.RESET_PASSWORD:
        return redirect(url_for("accounts.password", next=proof.next or None), 303)
    return go_on(account, proof.next)


@bp.post("/code/again")
@public
def send_again() -> ResponseReturnValue:
    """Send a new code; the ones before are no longer good."""
    proof = kept_proof()
    if proof is None:
        return begin_again()
    try:
        answer = send(
            proof.purpose,
            proof.address,
            wanted=proof.next,
            password_hash=lambda: proof.password_hash,
            registers=proof.registers,
        )
    except TooMany as error:
        form = CodeForm(formdata=None)
        return tries.refuse(error, form, lambda: _show(proof, form))
    flash(_("We sent a new code. The ones before do not work any more."), "success")
    return answer


def _wrong(proof: Proof, form: CodeForm) -> ResponseReturnValue:
    form.code.errors = [wrong_code()]
    return _show(proof, form), 422


def _show(proof: Proof, form: CodeForm) -> str:
    return show_code(
        form,
        proof.address,
        url_for("accounts.code"),
        again=url_for("accounts.send_again"),
        other=url_for("accounts.sign_in"),
        goes=Goes.of(proof.purpose, proof.address, number_only=proof.registers),
    )


def wrong_code() -> str:
    """Return what a page says of a code that is not right."""
    return _(
        "This code is not right, or it is too old. Look at the newest message from us. "
        "After %(tries)s tries, ask for a new code.",
        tries=CODE_TRIES,
    )


def show_code(form: CodeForm, address: str, action: str, *, again: str, other: str, goes: Goes) -> str:
    """Return the page that asks for a code sent to an address; `again` sends another, `other` leads back.

    `goes` is all that the page says of where it went: it tells nobody whether there is an account.
    """
    return render_template(
        "accounts/code.html",
        form=form,
        address=address,
        goes=goes,
        action=action,
        again=again,
        other=other,
    )


def begin_again() -> ResponseReturnValue:
    """Lead to the beginning where nothing is being proven."""
    session.pop(PROOF, None)
    flash(_("That took too long. Please begin again."), "info")
    return redirect(url_for("accounts.sign_in"), 303)
