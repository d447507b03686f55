"""Once more whether it is really them, before a grave act: the password, or a code sent to the account.

`cps.accounts.step_up` guards the views of such acts.
"""

from flask import render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.utils import redirect

from cps.accounts import passwords, step_up
from cps.accounts.forms import ConfirmForm, NextForm
from cps.accounts.rules import CodePurpose
from cps.accounts.views import limiting, own_proofs
from cps.accounts.views.base import bp
from cps.accounts.views.own_codes import OwnCode
from cps.accounts.views.own_proofs import OwnProof
from cps.core import tries
from cps.core.errors import TooMany
from cps.core.i18n import gettext as _
from cps.core.own_path import own_path
from cps.core.security import Can, requires

NEXT = "confirm-next"
PURPOSE = CodePurpose.CONFIRM
CODE = OwnCode(
    PURPOSE,
    page="accounts.confirm_code",
    again="accounts.send_confirm_code",
    home=lambda: url_for("accounts.confirm", next=session.get(NEXT) or None),
)


def _confirm(wanted: str) -> ResponseReturnValue:
    step_up.keep_confirmed()
    session.pop(NEXT, None)
    return redirect(own_path(wanted) or url_for("accounts.me"), 303)


@bp.get("/me/confirm")
@requires(Can.USE_OWN_ACCOUNT)
def confirm() -> ResponseReturnValue:
    """Ask for the password, or offer a code."""
    return _show(ConfirmForm(next=own_path(request.args.get("next"))))


@bp.post("/me/confirm")
@requires(Can.USE_OWN_ACCOUNT)
def submit_confirm() -> ResponseReturnValue:
    """Take the password."""
    form = ConfirmForm()
    if not current_user.password_hash:
        return redirect(url_for("accounts.confirm", next=form.next.data or None), 303)
    try:
        limiting.count(limiting.PASSWORD, _address())
    except TooMany as error:
        return tries.refuse(error, form, lambda: _show(form))
    if passwords.is_password(form.password.data or "", current_user.password_hash):
        return _confirm(form.next.data or "")
    form.password.errors = [_("This is not your password.")]
    return _show(form), 422


@bp.post("/me/confirm/send")
@requires(Can.USE_OWN_ACCOUNT)
def send_confirm_code() -> ResponseReturnValue:
    """Send a code to one's own address or number, anew where one was sent."""
    form = NextForm()
    wanted = form.next.data or session.get(NEXT) or ""
    try:
        own_proofs.send_own(_address(), PURPOSE)
    except TooMany as error:
        asked = ConfirmForm(formdata=None, next=wanted)
        return tries.refuse(error, asked, lambda: _show(asked))
    session[NEXT] = wanted
    return redirect(url_for("accounts.confirm_code"), 303)


@bp.get("/me/confirm/code")
@requires(Can.USE_OWN_ACCOUNT)
def confirm_code() -> ResponseReturnValue:
    """Ask for the code that was sent."""
    return CODE.ask()


@bp.post("/me/confirm/code")
@requires(Can.USE_OWN_ACCOUNT)
def submit_confirm_code() -> ResponseReturnValue:
    """Take the code."""
    return CODE.take(lambda proof: proof, _is_them)


def _is_them(_proof: OwnProof) -> ResponseReturnValue:
    own_proofs.forget_own()
    return _confirm(str(session.get(NEXT) or ""))


def _address() -> str:
    address: str = current_user.email or current_user.phone
    return address


def _show(form: ConfirmForm) -> str:
    return render_template("accounts/confirm.html", form=form, address=_address())
