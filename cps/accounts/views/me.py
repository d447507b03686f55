"""One's own account: what it is, name and language, password, signed-in devices."""

from flask import flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.utils import redirect

from cps.accounts import passwords, queries, services
from cps.accounts.forms import PasswordForm, ProfileForm
from cps.accounts.rules import STAFF_ROLES, CodePurpose, Role, is_fresh
from cps.accounts.views import limiting
from cps.accounts.views.base import bp, enter, go_on, own_token, this_device
from cps.accounts.views.codes import send
from cps.accounts.wording import ROLE_NAMES
from cps.core import clock, tries
from cps.core.db import transaction
from cps.core.errors import StaleVersion, TooMany
from cps.core.i18n import OWN_NAMES
from cps.core.i18n import gettext as _
from cps.core.keys import hashed_token
from cps.core.own_path import own_path
from cps.core.security import Can, requires


@bp.get("/me")
@requires(Can.USE_OWN_ACCOUNT)
def me() -> ResponseReturnValue:
    """Show who one is here, and everything one can change."""
    roles = [str(ROLE_NAMES[role]) for role in Role if role in current_user.roles & STAFF_ROLES]
    language = OWN_NAMES.get(g.language, g.language)
    return render_template("accounts/me.html", language_name=language, roles=roles)


@bp.get("/me/devices")
@requires(Can.USE_OWN_ACCOUNT)
def devices() -> ResponseReturnValue:
    """Show on which devices one is signed in."""
    rows = queries.sessions_of(current_user.id, at=clock.now())
    return render_template("accounts/devices.html", rows=rows, own=hashed_token(own_token()))


@bp.get("/me/profile")
@requires(Can.USE_OWN_ACCOUNT)
def profile() -> ResponseReturnValue:
    """Ask for name and language."""
    return render_template("accounts/profile.html", form=_profile_form())


@bp.post("/me/profile")
@requires(Can.USE_OWN_ACCOUNT)
def submit_profile() -> ResponseReturnValue:
    """Change name and language."""
    form = _profile_form()
    if not form.validate():
        return render_template("accounts/profile.html", form=form), 422
    with transaction():
        account = queries.lock_account(current_user.id)
        services.set_name(account, form.display_name.data or "")
        services.set_language(account, form.language.data)
    flash(_("Saved."), "success")
    return redirect(url_for("accounts.me"), 303)


def _profile_form() -> ProfileForm:
    form = ProfileForm(display_name=current_user.display_name, language=g.language)
    form.language.choices = [(code, OWN_NAMES.get(code, code)) for code in g.choices]
    return form


@bp.get("/me/password")
@requires(Can.USE_OWN_ACCOUNT)
def password() -> ResponseReturnValue:
    """Ask for a new password."""
    form = _password_form()
    form.next.data = own_path(request.args.get("next"))
    return _show_password(form)


@bp.post("/me/password")
@requires(Can.USE_OWN_ACCOUNT)
def submit_password() -> ResponseReturnValue:
    """Change the password, end every other session, and begin this one anew."""
    form = _password_form()
    if not _can_change(form):
        return redirect(url_for("accounts.password"), 303)
    try:
        if form.validate() and _current_is_right(form):
            return _change_password(form)
    except TooMany as error:
        return tries.refuse(error, form, lambda: _show_password(form))
    return _show_password(form), 422


def _password_form() -> PasswordForm:
    session = queries.session_of_token(own_token())
    fresh = session is not None and is_fresh(session.created_at, clock.now())
    return PasswordForm(email=current_user.email, asks_current=not fresh)


def _show_password(form: PasswordForm) -> str:
    return render_template("accounts/password.html", form=form, can_change=_can_change(form))


def _can_change(form: PasswordForm) -> bool:
    """Whether a password may be set now: after a fresh sign-in, else where there is an old one to ask for."""
    return "current" not in form or bool(current_user.password_hash)


def _current_is_right(form: PasswordForm) -> bool:
    if "current" not in form:
        return True
    limiting.count(limiting.PASSWORD, current_user.email or current_user.phone)
    if passwords.is_password(form.current.data or "", current_user.password_hash):
        return True
    form.current.errors = [_("This is not your password.")]
    return False


def _change_password(form: PasswordForm) -> ResponseReturnValue:
    before = current_user.password_hash
    password_hash = passwords.hash_password(form.password.data or "")
    with transaction():
        account = queries.lock_account(current_user.id)
        if account.password_hash != before:
            raise StaleVersion(_("Your password was changed a moment ago on another device."))
        services.set_password(account, password_hash)
        token = services.sign_in(account, device=this_device(), at=clock.now(), took_second_step=True)
    enter(account, token)
    flash(_("Your password is changed. All other devices are signed out."), "success")
    return go_on(account, form.next.data or url_for("accounts.me"))


@bp.post("/me/password/code")
@requires(Can.USE_OWN_ACCOUNT)
def mail_password_code() -> ResponseReturnValue:
    """Send a code to one's own address, for who does not know the password any more."""
    try:
        return send(CodePurpose.RESET_PASSWORD, current_user.email or current_user.phone)
    except TooMany as error:
        form = _password_form()
        return tries.refuse(error, form, lambda: _show_password(form))
