"""Deleting one's account: what goes, what stays, a last question, and then at once."""

from flask import flash, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, logout_user
from werkzeug.utils import redirect

from cps.accounts import partings, services
from cps.accounts.step_up import confirmed
from cps.accounts.views.base import bp
from cps.core import clock
from cps.core.db import transaction
from cps.core.i18n import gettext as _
from cps.core.security import Can, requires
from cps.core.storage import delete_files


@bp.get("/me/delete")
@requires(Can.USE_OWN_ACCOUNT)
def delete() -> ResponseReturnValue:
    """Say what goes and what stays."""
    return render_template("accounts/delete.html", warnings=partings.warnings(current_user.id))


@bp.post("/me/delete")
@requires(Can.USE_OWN_ACCOUNT)
@confirmed(back="accounts.delete")
def submit_delete() -> ResponseReturnValue:
    """Delete the account, then the files that were only its."""
    with transaction():
        files = services.delete_account(current_user.id, at=clock.now())
    delete_files(files)
    logout_user()
    session.clear()
    flash(_("Your account is deleted. Thank you for what you told the city."), "success")
    return redirect(url_for("accounts.sign_out"), 303)
