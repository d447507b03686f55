"""Coming in: register, sign in, a forgotten password, and proving an address for one act."""

from collections.abc import Callable

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.accounts import passwords, queries
from cps.accounts.forms import AddressForm, RegisterForm, SignInForm
from cps.accounts.models import Account
from cps.accounts.rules import CodePurpose, proving
from cps.accounts.views import limiting, second_step
from cps.accounts.views.base import bp, enter, go_on
from cps.accounts.views.codes import send
from cps.core import tries
from cps.core.db import transaction
from cps.core.errors import TooMany
from cps.core.i18n import gettext as _
from cps.core.own_path import own_path
from cps.core.security import public


def _wanted() -> str:
    return own_path(request.args.get("next"))


@bp.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """Ask for address and password, or offer a code."""
    if current_user.is_authenticated:
        return go_on(current_user, _wanted())
    return render_template("accounts/sign_in.html", form=SignInForm(next=_wanted()))


@bp.post("/sign-in")
@public
def submit_sign_in() -> ResponseReturnValue:
    """Sign in by password, or send a code; known and unknown addresses are answered alike."""
    form = SignInForm()
    if not form.validate():
        return render_template("accounts/sign_in.html", form=form), 422
    try:
        if form.by_code.data:
            return send(CodePurpose.SIGN_IN, form.address, wanted=form.next.data)
        limiting.count(limiting.PASSWORD, form.address)
    except TooMany as error:
        return tries.refuse(error, form, lambda: render_template("accounts/sign_in.html", form=form))
    account, token = _sign_in_by_password(form.address, form.password.data or "")
    if account is None:
        form.form_errors.append(_("The address or the password is not right."))
        return render_template("accounts/sign_in.html", form=form), 422
    return go_on(account, form.next.data) if token else second_step.ask(account, form.next.data)


def _sign_in_by_password(address: str, password: str) -> tuple[Account | None, str]:
    """Check a password outside of any transaction, for it takes long on purpose, then enter.

    Returns the account, and the token of its session, which is "" where a second step is asked.
    """
    known = queries.account_by_address(address)
    stored = known.password_hash if known else ""
    if not passwords.is_password(password, stored) or known is None:
        return None, ""
    renewed = passwords.hash_password(password) if passwords.is_outdated(stored) else ""
    known_id = known.id
    with transaction():
        account = queries.lock_account(known_id)
        if account.password_hash != stored:
            return None, ""
        account.password_hash = renewed or stored
        token = second_step.begin_unless_asked(account)
    if token:
        enter(account, token)
    return account, token


@bp.get("/register")
@public
def register() -> ResponseReturnValue:
    """Ask for an address and, for who wants one, a password."""
    if current_user.is_authenticated:
        return go_on(current_user, _wanted())
    return render_template("accounts/register.html", form=RegisterForm(next=_wanted()))


@bp.post("/register")
@public
def submit_register() -> ResponseReturnValue:
    """Send a code that proves the address or number; the account begins with it."""
    form = RegisterForm()
    if not form.validate():
        return render_template("accounts/register.html", form=form), 422
    password = form.password.data or ""
    try:
        return send(
            proving(form.address),
            form.address,
            wanted=form.next.data,
            password_hash=lambda: passwords.hash_password(password) if password else "",
            registers=True,
        )
    except TooMany as error:
        return tries.refuse(error, form, lambda: render_template("accounts/register.html", form=form))


@bp.get("/reset")
@public
def reset() -> ResponseReturnValue:
    """Ask for the address of an account whose password is forgotten."""
    return render_template("accounts/reset.html", form=AddressForm(next=_wanted()))


@bp.post("/reset")
@public
def submit_reset() -> ResponseReturnValue:
    """Send a code, after which a new password can be chosen."""
    return _send_code(lambda _address: CodePurpose.RESET_PASSWORD, "accounts/reset.html")


@bp.get("/prove")
@public
def prove() -> ResponseReturnValue:
    """Ask for an address that a code will prove, then lead on to `next`; the signed-in go on at once.

    Other features send visitors here before an act that needs one person, one account:
    `url_for("accounts.prove", next=<own path of a page with the button>)`.
    """
    if current_user.is_authenticated:
        return go_on(current_user, _wanted())
    return render_template("accounts/prove.html", form=AddressForm(next=_wanted()))


@bp.post("/prove")
@public
def submit_prove() -> ResponseReturnValue:
    """Send the code."""
    return _send_code(proving, "accounts/prove.html")


def _send_code(purpose: Callable[[str], CodePurpose], template: str) -> ResponseReturnValue:
    form = AddressForm()
    if not form.validate():
        return render_template(template, form=form), 422
    try:
        return send(purpose(form.address), form.address, wanted=form.next.data)
    except TooMany as error:
        return tries.refuse(error, form, lambda: render_template(template, form=form))
