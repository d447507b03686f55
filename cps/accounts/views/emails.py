"""An address of mail for who came in by phone number: asked for, proven with a code."""

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.utils import redirect

from cps.accounts import queries, services
from cps.accounts.forms import EmailForm
from cps.accounts.rules import CodePurpose
from cps.accounts.step_up import confirmed
from cps.accounts.views import own_proofs
from cps.accounts.views.base import bp
from cps.accounts.views.own_codes import OwnCode
from cps.accounts.views.own_proofs import OwnProof
from cps.core import clock
from cps.core.i18n import gettext as _
from cps.core.security import Can, requires

PURPOSE = CodePurpose.VERIFY_EMAIL
CODE = OwnCode(
    PURPOSE,
    page="accounts.email_code",
    again="accounts.email_code_again",
    home=lambda: url_for("accounts.email"),
)


@bp.get("/me/email")
@requires(Can.USE_OWN_ACCOUNT)
@confirmed(back="accounts.email", fresh_is_enough=True)
def email() -> ResponseReturnValue:
    """Show the address, or ask for one: whoever adds one can choose a new password by it."""
    return _show(EmailForm())


@bp.post("/me/email")
@requires(Can.USE_OWN_ACCOUNT)
@confirmed(back="accounts.email", fresh_is_enough=True)
def submit_email() -> ResponseReturnValue:
    """Send a code to the address; whether another account has it is told to nobody."""
    form = EmailForm()
    if current_user.email:
        return redirect(url_for("accounts.email"), 303)
    return CODE.begin(form, lambda: form.address, lambda: _show(form))


@bp.get("/me/email/code")
@requires(Can.USE_OWN_ACCOUNT)
def email_code() -> ResponseReturnValue:
    """Ask for the code that was sent."""
    return CODE.ask()


@bp.post("/me/email/code")
@requires(Can.USE_OWN_ACCOUNT)
def submit_email_code() -> ResponseReturnValue:
    """Take the code; a right one makes the address this account's."""
    return CODE.take(_add, _added)


@bp.post("/me/email/code/again")
@requires(Can.USE_OWN_ACCOUNT)
def email_code_again() -> ResponseReturnValue:
    """Send another code to the same address."""
    return CODE.send_again()


def _add(proof: OwnProof) -> bool:
    account = queries.lock_account(current_user.id)
    return services.add_email(account, proof.address, at=clock.now())


def _added(is_ours: bool) -> ResponseReturnValue:
    own_proofs.forget_own()
    if is_ours:
        flash(_("Your e-mail address is confirmed."), "success")
        return redirect(url_for("accounts.email"), 303)
    flash(_("Another account has this address. If it is yours too, join the two."), "info")
    return redirect(url_for("accounts.join"), 303)


def _show(form: EmailForm) -> str:
    return render_template("accounts/email.html", form=form)
