"""For administrators: turning off the second step of somebody who has lost phone and recovery codes."""

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.utils import redirect

from cps.accounts import queries, services
from cps.accounts.forms import ResetTwoStepForm
from cps.accounts.step_up import confirmed
from cps.accounts.views.base import readable_address
from cps.core import clock
from cps.core.db import transaction
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.security import Can, allows, requires

bp = Blueprint("admin_accounts", __name__, url_prefix="/admin/accounts")


@bp.app_context_processor
def who_may_reset() -> dict[str, object]:
    """Give pages what they need to lead administrators on."""
    return {
        "may_reset_two_step": lambda: current_user.is_authenticated and allows(current_user, Can.MANAGE_CITY)
    }


@bp.get("/two-step")
@requires(Can.MANAGE_CITY)
@confirmed(back="admin_accounts.reset_two_step")
def reset_two_step() -> ResponseReturnValue:
    """Ask whose second step, why, and how it was checked who asks."""
    return _show(ResetTwoStepForm())


@bp.post("/two-step")
@requires(Can.MANAGE_CITY)
@confirmed(back="admin_accounts.reset_two_step")
def submit_reset_two_step() -> ResponseReturnValue:
    """Turn it off, sign the account out everywhere, and tell its owner."""
    form = ResetTwoStepForm()
    if not form.validate():
        return _show(form), 422
    known = queries.account_by_address(form.address)
    if known is None:
        form.email.errors = [_("There is no account with this address.")]
        return _show(form), 422
    try:
        with transaction():
            account = queries.lock_account(known.id)
            services.reset_two_step(account, form.grounds, by=current_user.id, at=clock.now())
    except RuleViolation as refused:
        form.form_errors.append(refused.message)
        return _show(form), 422
    flash(
        _("The second step of %(address)s is off. They are told.", address=readable_address(form.address)),
        "success",
    )
    return redirect(url_for(".reset_two_step"), 303)


def _show(form: ResetTwoStepForm) -> str:
    return render_template("accounts/reset_two_step.html", form=form)
