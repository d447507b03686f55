"""Signing out: here, everywhere, or on one other device."""

from flask import flash, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, logout_user
from werkzeug.utils import redirect

from cps.accounts import queries, services
from cps.accounts.forms import DeviceForm, SignOutForm
from cps.accounts.views.base import bp, own_token
from cps.core.db import transaction
from cps.core.i18n import gettext as _
from cps.core.security import Can, public, requires


@bp.get("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """Show the button that signs out, or that nobody is signed in."""
    return render_template("accounts/sign_out.html")


@bp.post("/sign-out")
@public
def submit_sign_out() -> ResponseReturnValue:
    """End this session, or all of the account; pressing twice does no harm."""
    form = SignOutForm()
    if current_user.is_authenticated:
        with transaction():
            if form.everywhere.data:
                services.sign_out_everywhere(queries.lock_account(current_user.id))
            else:
                services.sign_out(own_token())
    logout_user()
    session.clear()
    return redirect(url_for("accounts.sign_out"), 303)


@bp.post("/me/sign-out-others")
@requires(Can.USE_OWN_ACCOUNT)
def sign_out_others() -> ResponseReturnValue:
    """End all sessions of one's account but this one."""
    with transaction():
        services.sign_out_everywhere(queries.lock_account(current_user.id), but=own_token())
    flash(_("All other devices are signed out."), "success")
    return redirect(url_for("accounts.devices"), 303)


@bp.post("/me/sign-out-device")
@requires(Can.USE_OWN_ACCOUNT)
def sign_out_device() -> ResponseReturnValue:
    """End the session of one of one's own devices."""
    form = DeviceForm()
    if form.validate():
        with transaction():
            services.sign_out_device(current_user, form.device.data or "")
        flash(_("That device is signed out."), "success")
    return redirect(url_for("accounts.devices"), 303)
