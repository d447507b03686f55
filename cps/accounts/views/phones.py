"""One's own phone number: added, changed, kept, removed; each time with a code by text message."""

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.utils import redirect

from cps.accounts import queries, services
from cps.accounts.forms import PhoneForm
from cps.accounts.rules import CodePurpose
from cps.accounts.services import PhoneProof
from cps.accounts.views import own_proofs
from cps.accounts.views.base import bp
from cps.accounts.views.own_codes import OwnCode
from cps.accounts.views.own_proofs import OwnProof
from cps.core import clock
from cps.core.db import transaction
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.security import Can, requires

PURPOSE = CodePurpose.VERIFY_PHONE
CODE = OwnCode(
    PURPOSE,
    page="accounts.phone_code",
    again="accounts.phone_code_again",
    home=lambda: url_for("accounts.phone"),
)


@bp.get("/me/phone")
@requires(Can.USE_OWN_ACCOUNT)
def phone() -> ResponseReturnValue:
    """Show the number, what is going on about it, and the form for another one."""
    return _show(PhoneForm())


@bp.post("/me/phone")
@requires(Can.USE_OWN_ACCOUNT)
def submit_phone() -> ResponseReturnValue:
    """Send a code to a number."""
    form = PhoneForm()
    return CODE.begin(form, lambda: form.number, lambda: _show(form))


@bp.get("/me/phone/code")
@requires(Can.USE_OWN_ACCOUNT)
def phone_code() -> ResponseReturnValue:
    """Ask for the code that was sent."""
    return CODE.ask()


@bp.post("/me/phone/code")
@requires(Can.USE_OWN_ACCOUNT)
def submit_phone_code() -> ResponseReturnValue:
    """Take the code; a right one makes the number this account's, at once or later."""
    return CODE.take(_prove, _proven)


def _prove(proof: OwnProof) -> PhoneProof:
    account = queries.lock_account(current_user.id)
    return services.prove_phone(account, proof.address, at=clock.now())


def _proven(result: PhoneProof) -> ResponseReturnValue:
    own_proofs.forget_own()
    flash(*_told(result))
    return redirect(url_for("accounts.phone"), 303)


def _told(result: PhoneProof) -> tuple[str, str]:
    if result is PhoneProof.CLAIMED:
        return _("Your code was right. Another account has this number, so it comes to you later."), "info"
    if result is PhoneProof.OWN:
        return _("Confirmed: the number stays with you."), "success"
    return _("Your phone number is confirmed."), "success"


@bp.post("/me/phone/code/again")
@requires(Can.USE_OWN_ACCOUNT)
def phone_code_again() -> ResponseReturnValue:
    """Send another code to the same number."""
    return CODE.send_again()


@bp.post("/me/phone/keep")
@requires(Can.USE_OWN_ACCOUNT)
def keep_phone() -> ResponseReturnValue:
    """Send a code to the number one has, to show that it is still one's own."""
    form = PhoneForm(formdata=None)
    if not current_user.phone:
        return redirect(url_for("accounts.phone"), 303)
    return CODE.send(form, current_user.phone, lambda: _show(form))


@bp.post("/me/phone/remove")
@requires(Can.USE_OWN_ACCOUNT)
def remove_phone() -> ResponseReturnValue:
    """Have no number any more."""
    form = PhoneForm(formdata=None)
    try:
        with transaction():
            services.remove_phone(queries.lock_account(current_user.id))
    except RuleViolation as refused:
        form.form_errors.append(refused.message)
        return _show(form), 422
    flash(_("Your number is removed."), "success")
    return redirect(url_for("accounts.phone"), 303)


@bp.post("/me/phone/stop-waiting")
@requires(Can.USE_OWN_ACCOUNT)
def stop_waiting() -> ResponseReturnValue:
    """Wait no more for a number of another account."""
    with transaction():
        services.stop_waiting(queries.lock_account(current_user.id))
    flash(_("You do not wait for that number any more."), "success")
    return redirect(url_for("accounts.phone"), 303)


def _show(form: PhoneForm) -> str:
    return render_template(
        "accounts/phone.html",
        form=form,
        waits_for=queries.claim_by(current_user.id),
        claimed=queries.claim_on(current_user.id),
    )
