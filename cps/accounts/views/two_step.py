"""One's own second step: turned on with a code of the app, its recovery codes shown once, turned off."""

from flask import Response, abort, current_app, flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.utils import redirect

from cps.accounts import queries, services
from cps.accounts.forms import EnrolForm, RecoveryFileForm
from cps.accounts.step_up import confirmed
from cps.accounts.views import limiting
from cps.accounts.views.base import bp, own_token, readable_address
from cps.core import clock, sealed, totp, tries
from cps.core.db import transaction
from cps.core.errors import TooMany
from cps.core.http import SAFE
from cps.core.i18n import gettext as _
from cps.core.i18n import localized
from cps.core.security import Can, requires
from cps.core.square_code import square_code

NEW_SECRET = "new-second-step"  # noqa: S105 - the purpose of a key
SECRET_SECONDS = 1800
CODES_FILE = "recovery-codes"

OPEN_WITHOUT = frozenset(
    {
        *("two_step", "submit_two_step", "recovery_file", "sign_out", "submit_sign_out"),
        *("confirm", "submit_confirm", "send_confirm_code", "confirm_code", "submit_confirm_code"),
    }
)
"""What staff reach who must have a second step and have none."""


@bp.before_app_request
def keep_to_enrolment() -> ResponseReturnValue | None:
    """Lead staff without a second step to its page, and nowhere else, where the installation wants one."""
    if not current_app.extensions["cps_config"].staff_two_step or not current_user.is_staff:
        return None
    name = (request.endpoint or "").removeprefix(f"{bp.name}.")
    if name in OPEN_WITHOUT or queries.two_step_of(current_user.id) is not None:
        return None
    if request.method not in SAFE:
        abort(403)
    return redirect(url_for("accounts.two_step"), 303)


@bp.get("/me/two-step")
@requires(Can.USE_OWN_ACCOUNT)
@confirmed(back="accounts.two_step", fresh_is_enough=True)
def two_step() -> ResponseReturnValue:
    """Show the secret for an app, or that the second step is on."""
    found = queries.two_step_of(current_user.id)
    if found is None:
        return _show_enrolment(EnrolForm(formdata=None), totp.new_secret())
    return render_template(
        "accounts/two_step_on.html",
        since=found.since,
        left=queries.count_recovery_codes(current_user.id),
        is_required=_is_required(),
    )


@bp.post("/me/two-step")
@requires(Can.USE_OWN_ACCOUNT)
@confirmed(back="accounts.two_step", fresh_is_enough=True)
def submit_two_step() -> ResponseReturnValue:
    """Take the first code of the app, and show the recovery codes."""
    form = EnrolForm()
    secret = _kept_secret(form.secret.data)
    if secret is None:
        flash(_("That took too long. Please begin again."), "info")
        return redirect(url_for("accounts.two_step"), 303)
    if not form.validate():
        return _show_enrolment(form, secret), 422
    try:
        limiting.count(limiting.SECOND_STEP, f"account {current_user.id}")
    except TooMany as error:
        return tries.refuse(error, form, lambda: _show_enrolment(form, secret))
    with transaction():
        account = queries.lock_account(current_user.id)
        codes = services.turn_on(account, secret, form.digits, at=clock.now(), keep=own_token())
    if codes is None:
        form.code.errors = [_("This code is not right. Wait for the next one in your app.")]
        return _show_enrolment(form, secret), 422
    return _show_codes(codes)


@bp.post("/me/two-step/codes")
@requires(Can.USE_OWN_ACCOUNT)
@confirmed(back="accounts.two_step")
def new_codes() -> ResponseReturnValue:
    """Make new recovery codes and show them."""
    with transaction():
        account = queries.lock_account(current_user.id)
        if queries.two_step_of(account.id) is None:
            return redirect(url_for("accounts.two_step"), 303)
        codes = services.new_recovery_codes(account)
    return _show_codes(codes)


@bp.post("/me/two-step/file")
@requires(Can.USE_OWN_ACCOUNT)
def recovery_file() -> ResponseReturnValue:
    """Give the recovery codes as a file; only the page that has just shown them can ask for it."""
    kept = sealed.read(CODES_FILE, RecoveryFileForm().codes.data or "", seconds=SECRET_SECONDS)
    if not kept or kept["account"] != current_user.id:
        abort(400)
    lines = [_("Recovery codes of %(city)s", city=_issuer()), readable_address(_account_name()), ""]
    answer = Response("\r\n".join([*lines, *kept["codes"], ""]), mimetype="text/plain")
    answer.headers["Content-Disposition"] = 'attachment; filename="recovery-codes.txt"'
    return answer


@bp.post("/me/two-step/off")
@requires(Can.USE_OWN_ACCOUNT)
@confirmed(back="accounts.two_step")
def turn_off_two_step() -> ResponseReturnValue:
    """Ask for one step only from now on; the account is told by mail."""
    with transaction():
        account = queries.lock_account(current_user.id)
        services.turn_off(account, by=account.id, at=clock.now())
    flash(_("The second step is off. You sign in with your password or a code."), "success")
    return redirect(url_for("accounts.me"), 303)


def _show_enrolment(form: EnrolForm, secret: str) -> str:
    form.secret.data = sealed.write(NEW_SECRET, [current_user.id, secret])
    address = totp.app_address(secret, account=_account_name(), issuer=_issuer())
    return render_template(
        "accounts/two_step.html",
        form=form,
        secret=" ".join(secret[place : place + 4] for place in range(0, len(secret), 4)),
        drawing=square_code(address, title=_("The secret, drawn for your app")),
        is_required=_is_required(),
    )


def _kept_secret(text: str | None) -> str | None:
    kept = sealed.read(NEW_SECRET, text or "", seconds=SECRET_SECONDS)
    account_id, secret = kept or (None, "")
    return secret if account_id == current_user.id else None


def _show_codes(codes: list[str]) -> str:
    kept = sealed.write(CODES_FILE, {"account": current_user.id, "codes": codes})
    return render_template("accounts/recovery_codes.html", codes=codes, kept=kept)


def _account_name() -> str:
    name: str = current_user.email or current_user.phone or str(current_user.id)
    return name


def _issuer() -> str:
    return localized(g.city.name) if g.get("city") else "City"


def _is_required() -> bool:
    return bool(current_user.is_staff and current_app.extensions["cps_config"].staff_two_step)
