"""What is done to one account: roles and departments, blocked, let in again, signed out everywhere."""

from collections.abc import Callable

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.accounts.models import Account
from cps.accounts.step_up import confirmed
from cps.admin.people import services
from cps.admin.people.forms import AccessForm
from cps.admin.people.services import access_of
from cps.admin.people.views.listing import bp, get_account, open_cases, role_names
from cps.admin.people.wording import DUTIES
from cps.admin.views.saving import do, save
from cps.core import clock
from cps.core.i18n import gettext as _
from cps.core.i18n import localized
from cps.core.security import Can, requires
from cps.departments import queries as departments


@bp.get("/<int:account_id>/access")
@requires(Can.MANAGE_CITY)
@confirmed(back="people.access")
def access(account_id: int) -> ResponseReturnValue:
    """Ask what somebody is, and where they work."""
    row = get_account(account_id)
    form = _offered(AccessForm(formdata=None))
    form.show(access_of(row))
    return _page(form, row)


@bp.post("/<int:account_id>/access")
@requires(Can.MANAGE_CITY)
@confirmed(back="people.access")
def change_access(account_id: int) -> ResponseReturnValue:
    """Give and take roles and departments."""
    get_account(account_id)
    form = _offered(AccessForm())

    def write() -> None:
        services.change_access(account_id, form.access, by=current_user, at=clock.now())

    return save(
        form,
        write,
        again=lambda: _page(form, get_account(account_id)),
        leads_to=url_for(".show", account_id=account_id),
        done=_("Saved. Who has another role now signs in again."),
    )


@bp.get("/<int:account_id>/block")
@requires(Can.MANAGE_CITY)
@confirmed(back="people.block")
def block(account_id: int) -> ResponseReturnValue:
    """Show what blocking an account means, before it is done."""
    row = get_account(account_id)
    return render_template(
        "admin/person_block.html", row=row, roles=role_names(row), opened=open_cases(row.id)
    )


@bp.post("/<int:account_id>/block")
@requires(Can.MANAGE_CITY)
@confirmed(back="people.block")
def submit_block(account_id: int) -> ResponseReturnValue:
    """Keep an account from being used; its open cases go back to their departments."""
    return _act(account_id, services.block, _("The account is blocked, and signed out everywhere."))


@bp.post("/<int:account_id>/unblock")
@requires(Can.MANAGE_CITY)
@confirmed(back="people.show")
def unblock(account_id: int) -> ResponseReturnValue:
    """Let an account be used again."""
    return _act(account_id, services.unblock, _("The account can sign in again."))


@bp.post("/<int:account_id>/sign-out")
@requires(Can.MANAGE_CITY)
def sign_out(account_id: int) -> ResponseReturnValue:
    """End every session of an account."""
    return _act(account_id, services.sign_out, _("The account is signed out everywhere."))


def _act(account_id: int, act: Callable[..., object], said: str) -> ResponseReturnValue:
    """Do one act to an account; where it is refused, or was done before, its page says why."""
    get_account(account_id)
    return do(
        lambda: act(account_id, by=current_user, at=clock.now()),
        leads_to=url_for("people.show", account_id=account_id),
        done=said,
    )


def _offered(form: AccessForm) -> AccessForm:
    form.offer([(one.code, localized(one.name)) for one in departments.departments()])
    return form


def _page(form: AccessForm, row: Account) -> str:
    return render_template(
        "admin/person_access.html",
        form=form,
        row=row,
        duties={role.value: text for role, text in DUTIES.items()},
        opened=open_cases(row.id),
        is_own=row.id == current_user.id,
    )
