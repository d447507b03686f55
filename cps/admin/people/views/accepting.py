"""What the link of an invitation opens: a page on which one chooses a password, and begins."""

from http import HTTPStatus

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from cps.accounts import passwords
from cps.accounts import queries as accounts
from cps.accounts.rules import Role
from cps.accounts.wording import ROLE_NAMES
from cps.admin.models import Invitation
from cps.admin.people import services
from cps.admin.people.forms import AcceptForm
from cps.core import clock
from cps.core.db import db, transaction
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.security import public

bp = Blueprint("invited", __name__, url_prefix="/invited")


@bp.get("/<token:token>")
@public
def show(token: str) -> ResponseReturnValue:
    """Ask for a password; nothing is changed by opening the link."""
    row = services.open_invitation(token, at=clock.now())
    return _page(_form(row), row, token)


@bp.post("/<token:token>")
@public
def accept(token: str) -> ResponseReturnValue:
    """Make the account, and lead to signing in: there a second step is set up where the city wants one."""
    row = services.open_invitation(token, at=clock.now())
    form = _form(row)
    if not form.validate():
        return _page(form, row, token), HTTPStatus.UNPROCESSABLE_ENTITY
    password_hash = passwords.hash_password(form.password.data or "") if "password" in form else ""
    try:
        with transaction():
            services.accept(token, password_hash=password_hash, at=clock.now())
    except RuleViolation as refused:
        db.session.rollback()
        form.form_errors.append(refused.message)
        return _page(form, row, token), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(_("Your account is ready. Sign in with your address and your password."), "success")
    return redirect(url_for("accounts.sign_in"), HTTPStatus.SEE_OTHER)


def _form(row: Invitation) -> AcceptForm:
    return AcceptForm(email=row.email, has_account=accounts.account_by_email(row.email) is not None)


def _page(form: AcceptForm, row: Invitation, token: str) -> str:
    roles = [str(ROLE_NAMES[Role(role)]) for role in row.roles]
    return render_template("admin/invited.html", form=form, row=row, token=token, roles=roles)
