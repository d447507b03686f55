"""The keys of other programs, for administrators: a new one, shown once, and its end."""

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.core import clock
from cps.core.db import transaction
from cps.core.errors import AlreadyDone
from cps.core.forms import spend_key
from cps.core.i18n import gettext as _
from cps.core.security import Can, requires
from cps.open311 import queries, services
from cps.open311.forms import KeyForm
from cps.open311.services import Client

bp = Blueprint("open311_keys", __name__, url_prefix="/admin/open311")


@bp.get("")
@requires(Can.MANAGE_CITY)
def index() -> ResponseReturnValue:
    """Show every key, and the form of a new one."""
    return _page(KeyForm(formdata=None))


@bp.post("")
@requires(Can.MANAGE_CITY)
def make() -> ResponseReturnValue:
    """Make a key and show it: it cannot be shown again."""
    form, at = KeyForm(), clock.now()
    if not form.validate():
        return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    client = Client(form.client.data or "", form.contact.data or "", form.media_host.data or "")
    with transaction():
        if not spend_key(f"open311:{form.form_key.data}", purpose="open311-key", leads_to="", at=at):
            raise AlreadyDone(_("This key was made already. It is shown only once: make another one."))
        shown = services.make_key(client, by=current_user.id, at=at)
    return _page(KeyForm(formdata=None), shown=shown, client=client.name)


@bp.post("/<int:key_id>/revoke")
@requires(Can.MANAGE_CITY)
def revoke(key_id: int) -> ResponseReturnValue:
    """Let nobody file by a key any more."""
    with transaction():
        services.revoke_key(queries.lock_key(key_id), by=current_user.id, at=clock.now())
    flash(_("The key is revoked. Nobody can file by it any more."), "success")
    return redirect(url_for(".index"), HTTPStatus.SEE_OTHER)


def _page(form: KeyForm, *, shown: str = "", client: str = "") -> str:
    return render_template(
        "open311/keys.html", form=form, shown=shown, client=client, keys=queries.all_keys()
    )
