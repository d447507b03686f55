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
from cps.accounts.rules import CodePurpose
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
from cps.core import city as cities
from cps.core import clock, sms_budget, tries
from cps.core.db import transaction
from cps.core.errors import TooMany
from cps.core.i18n import current_language
from cps.core.i18n import gettext as _
from cps.core.phone import is_phone
from cps.core.security import public
from cps.core.sms_budget import BudgetSpent, SmsPurpose

NOBODY = ""


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
    to = _where_to(purpose, address)
    make = services.registration_code if registers else services.new_code
    if to != NOBODY:
        with transaction():
            make(
                purpose,
                address,
                asked_by=browser_key(),
                language=current_language(),
                at=clock.now(),
                sent_to=to,
            )
    keep_proof(Proof(address, purpose, wanted or "", hashed, registers))
    return redirect(url_for("accounts.code"), 303)


def count_sending(address: str) -> None:
    """Count a code to be sent to a normal address or number; raises TooMany."""
    limiting.count(limiting.SMS if is_phone(address) else limiting.MAIL, address)


def take_budget(phone: str) -> None:
    """Count a code in the budget of text messages; raises BudgetSpent."""
    sms_budget.take(SmsPurpose.CODE, phone, city=cities.get(), at=clock.now())


def _where_to(purpose: CodePurpose, address: str) -> str:
    """Return where the code goes: a new password of who has an address of mail is never a number's affair.

    Where no text message can be paid, it goes to the address of mail of the number's account, or to nobody;
    known and unknown numbers are answered alike. Raises BudgetSpent where only the number itself would do.
    """
    if not is_phone(address):
        return address
    account = queries.account_by_address(address)
    own_mail = account.email if account is not None and account.email_verified_at is not None else NOBODY
    try:
        take_budget(address)  # also for what goes by mail, so that known and unknown are answered alike
    except BudgetSpent:
        if purpose not in {CodePurpose.SIGN_IN, CodePurpose.RESET_PASSWORD}:
            raise
        flash(
            _("We cannot send text messages now. If your account has an e-mail address, the code is there."),
            "info",
        )
        return own_mail
    return own_mail if purpose is CodePurpose.RESET_PASSWORD and own_mail else address


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
        if not services.check_code(proof.purpose, proof.address, digits, asked_by=browser_key(), at=at):
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
        may_be_mail=proof.purpose is CodePurpose.RESET_PASSWORD,
    )


def wrong_code() -> str:
    """Return what a page says of a code that is not right."""
    return _("This code is not right, or it is too old. Look at the newest message from us.")


def show_code(
    form: CodeForm, address: str, action: str, *, again: str, other: str, may_be_mail: bool = False
) -> str:
    """Return the page that asks for a code sent to an address; `again` sends another, `other` leads back."""
    return render_template(
        "accounts/code.html",
        form=form,
        address=address,
        is_text=is_phone(address),
        may_be_mail=may_be_mail,
        action=action,
        again=again,
        other=other,
    )


def begin_again() -> ResponseReturnValue:
    """Lead to the beginning where nothing is being proven."""
    session.pop(PROOF, None)
    flash(_("That took too long. Please begin again."), "info")
    return redirect(url_for("accounts.sign_in"), 303)
