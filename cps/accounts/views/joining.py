"""Joining another account of one's own: prove it with a code, look what will happen, join."""

from dataclasses import replace

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.utils import redirect

from cps.accounts import queries, services
from cps.accounts.forms import AddressForm, IdentityForm, OtherPasswordForm
from cps.accounts.models import Account
from cps.accounts.rules import CodePurpose, IdentityKind
from cps.accounts.views import limiting, own_proofs
from cps.accounts.views.base import bp
from cps.accounts.views.numbers import is_password_of
from cps.accounts.views.own_codes import OwnCode
from cps.accounts.views.own_proofs import OwnProof
from cps.accounts.wording import IDENTITY_NAMES
from cps.core import clock, tries
from cps.core.db import transaction
from cps.core.errors import RuleViolation, TooMany
from cps.core.i18n import gettext as _
from cps.core.phone import is_phone
from cps.core.security import Can, requires

PURPOSE = CodePurpose.JOIN
CODE = OwnCode(
    PURPOSE,
    page="accounts.join_code",
    again="accounts.join_code_again",
    home=lambda: url_for("accounts.join"),
)


@bp.get("/me/join")
@requires(Can.USE_OWN_ACCOUNT)
def join() -> ResponseReturnValue:
    """Show what is proven, which accounts were joined, and ask for another one's address."""
    return _show(AddressForm())


@bp.post("/me/join")
@requires(Can.USE_OWN_ACCOUNT)
def submit_join() -> ResponseReturnValue:
    """Send a code to the other account's address; whether there is an account is told to nobody."""
    form = AddressForm()
    return CODE.begin(form, lambda: form.address, lambda: _show(form))


@bp.get("/me/join/code")
@requires(Can.USE_OWN_ACCOUNT)
def join_code() -> ResponseReturnValue:
    """Ask for the code that was sent."""
    return CODE.ask()


@bp.post("/me/join/code")
@requires(Can.USE_OWN_ACCOUNT)
def submit_join_code() -> ResponseReturnValue:
    """Take the code and lead to the page that says what will happen."""
    return CODE.take(lambda proof: replace(proof, is_proven=True), _look_first)


def _look_first(proof: OwnProof) -> ResponseReturnValue:
    own_proofs.keep_own(proof)
    return redirect(url_for("accounts.join_check"), 303)


@bp.post("/me/join/code/again")
@requires(Can.USE_OWN_ACCOUNT)
def join_code_again() -> ResponseReturnValue:
    """Send another code to the same address."""
    return CODE.send_again()


@bp.get("/me/join/check")
@requires(Can.USE_OWN_ACCOUNT)
def join_check() -> ResponseReturnValue:
    """Say what joining does, before it is done."""
    proof = own_proofs.kept_own(PURPOSE, is_proven=True)
    return _show_check(proof, OtherPasswordForm()) if proof else CODE.begin_again()


@bp.post("/me/join/check")
@requires(Can.USE_OWN_ACCOUNT)
def submit_join_check() -> ResponseReturnValue:
    """Join the proven account to this one."""
    proof, form = own_proofs.kept_own(PURPOSE, is_proven=True), OtherPasswordForm()
    if proof is None:
        return CODE.begin_again()
    other = queries.account_by_address(proof.address)
    if other is None:
        return _show_check(proof, form), 422
    try:
        if _asks_password(proof, other) and not _password_is_right(proof, other, form):
            return _show_check(proof, form), 422
        with transaction():
            services.join_accounts(current_user.id, other.id, at=clock.now())
    except TooMany as error:
        return tries.refuse(error, form, lambda: _show_check(proof, form))
    except RuleViolation as refused:
        form.form_errors.append(refused.message)
        return _show_check(proof, form), 422
    own_proofs.forget_own()
    flash(_("Your two accounts are one now."), "success")
    return redirect(url_for("accounts.join"), 303)


@bp.post("/me/join/remove")
@requires(Can.USE_OWN_ACCOUNT)
def remove_identity() -> ResponseReturnValue:
    """Let go of an address or number that came with a joined account."""
    form = IdentityForm()
    if not form.validate():
        return redirect(url_for("accounts.join"), 303)
    with transaction():
        account = queries.lock_account(current_user.id)
        services.give_up_address(account, IdentityKind(form.kind.data or ""), form.tag.data or "")
    flash(_("Removed. It does not open your account any more."), "success")
    return redirect(url_for("accounts.join"), 303)


def _asks_password(proof: OwnProof, other: Account) -> bool:
    """Say whether the other account's password is asked too: numbers get new owners."""
    return is_phone(proof.address) and bool(other.password_hash)


def _password_is_right(proof: OwnProof, other: Account, form: OtherPasswordForm) -> bool:
    limiting.count(limiting.PASSWORD, proof.address)
    if is_password_of(other, form.password.data or ""):
        return True
    form.password.errors = [_("This is not the password of the other account.")]
    return False


def _show(form: AddressForm) -> str:
    own = {queries.address_tag(one) for one in (current_user.email, current_user.phone) if one}
    proven = [
        (one, IDENTITY_NAMES[one.kind], one.kind in {IdentityKind.EMAIL, IdentityKind.PHONE})
        for one in queries.identities_of(current_user.id)
        if one.tag not in own
    ]
    joined = queries.joins_into(current_user.id)
    return render_template("accounts/join.html", form=form, proven=proven, joined=joined)


def _show_check(proof: OwnProof, form: OtherPasswordForm) -> str:
    other = queries.account_by_address(proof.address)
    is_own = other is not None and other.id == current_user.id
    return render_template(
        "accounts/join_check.html",
        form=form,
        address=proof.address,
        other=None if is_own else other,
        is_own=is_own,
        asks_password=other is not None and _asks_password(proof, other),
    )
