"""Inviting somebody to work for the city; an invitation sent again, or withdrawn."""

from http import HTTPStatus

from flask import flash, g, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.utils import redirect

from cps.accounts import queries as accounts
from cps.accounts.step_up import confirmed
from cps.admin.people import services
from cps.admin.people.forms import InviteForm
from cps.admin.people.rules import INVITED_FOR
from cps.admin.people.services import NewInvitation
from cps.admin.people.views.listing import bp
from cps.admin.people.wording import DUTIES
from cps.admin.views.saving import save
from cps.core import clock
from cps.core.db import transaction
from cps.core.i18n import OWN_NAMES, localized
from cps.core.i18n import gettext as _
from cps.core.security import Can, requires
from cps.departments import queries as departments


@bp.get("/invite")
@requires(Can.MANAGE_CITY)
@confirmed(back="people.invite")
def invite() -> ResponseReturnValue:
    """Ask whom to invite, and as what."""
    return _page(_offered(InviteForm(formdata=None, language=g.city.default_language)))


@bp.post("/invite")
@requires(Can.MANAGE_CITY)
@confirmed(back="people.invite")
def submit_invite() -> ResponseReturnValue:
    """Invite somebody by mail; an address that has an account leads to that account."""
    form = _offered(InviteForm())
    if form.validate() and accounts.account_by_email(form.address) is not None:
        return _show_known(form.address)

    def write() -> None:
        new = NewInvitation(form.address, form.name.data or "", form.language.data, form.access)
        services.invite(new, by=current_user, at=clock.now())

    return save(
        form,
        write,
        again=lambda: _page(form),
        leads_to=url_for(".index"),
        done=_("The invitation is on its way."),
    )


@bp.post("/invitations/<int:invitation_id>/again")
@requires(Can.MANAGE_CITY)
@confirmed(back="people.index")
def send_again(invitation_id: int) -> ResponseReturnValue:
    """Send an invitation with a new link, which opens the city's work as a new invitation does."""
    with transaction():
        services.send_again(invitation_id, by=current_user, at=clock.now())
    return _done(_("A new invitation is on its way. The link before opens nothing any more."))


@bp.post("/invitations/<int:invitation_id>/withdraw")
@requires(Can.MANAGE_CITY)
def withdraw(invitation_id: int) -> ResponseReturnValue:
    """Let an invitation and its link end."""
    with transaction():
        services.withdraw(invitation_id, by=current_user, at=clock.now())
    return _done(_("The invitation is withdrawn. Its link opens nothing any more."))


def _done(message: str) -> ResponseReturnValue:
    flash(message, "success")
    return redirect(url_for(".index"), HTTPStatus.SEE_OTHER)


def _show_known(address: str) -> ResponseReturnValue:
    with transaction():
        known = services.look_up(address, by=current_user.id, at=clock.now())
    flash(_("This address has an account already. Give it its roles here."), "info")
    return redirect(url_for(".show", account_id=known.id), HTTPStatus.SEE_OTHER)


def _offered(form: InviteForm) -> InviteForm:
    form.offer([(one.code, localized(one.name)) for one in departments.departments()])
    form.offer_languages([(code, OWN_NAMES.get(code, code)) for code in g.city.languages])
    return form


def _page(form: InviteForm) -> str:
    duties = {role.value: text for role, text in DUTIES.items()}
    return render_template("admin/invite.html", form=form, duties=duties, days=INVITED_FOR.days)
