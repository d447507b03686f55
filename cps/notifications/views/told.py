"""One's own messages: the list, how one wants to hear, an address that sends back, stopping the digest."""

from datetime import datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.accounts import arrivals
from cps.accounts.models import Account
from cps.core import city as cities
from cps.core import clock
from cps.core.db import transaction
from cps.core.http import machine
from cps.core.i18n import gettext as _
from cps.core.own_path import own_path
from cps.core.quiet_hours import hours_of
from cps.core.security import Can, public, requires
from cps.notifications import queries
from cps.notifications.told import queries as told
from cps.notifications.told import services
from cps.notifications.told.forms import ChoicesForm
from cps.notifications.told.stopping import read_token

bp = Blueprint("messages", __name__)

ONE_CLICK = ("List-Unsubscribe", "One-Click")


@bp.app_template_global()
def unread_messages() -> int:
    """Return how many messages whoever is signed in has not read."""
    return told.count_unread(current_user.id)


@arrivals.asks
def ask_for_address(account: Account, goes_on: str) -> str | None:
    """Ask somebody whose mail comes back whether the address is still right."""
    if not account.email or told.bounced(account.id) is None:
        return None
    return url_for("messages.address", next=goes_on)


@bp.get("/accounts/me/messages")
@requires(Can.USE_OWN_ACCOUNT)
def index() -> ResponseReturnValue:
    """Show what the city has told somebody, the newest first; looking marks nothing as read."""
    page = told.newest(current_user.id, request.args.get("after"))
    newest = page.rows[0].told.told_at if page.rows else None
    unread = told.count_unread(current_user.id)
    return render_template("notifications/messages.html", page=page, unread=unread, newest=newest)


@bp.post("/accounts/me/messages/read")
@requires(Can.USE_OWN_ACCOUNT)
def read() -> ResponseReturnValue:
    """Mark everything as read that was there when the page was made."""
    try:
        until = datetime.fromisoformat(request.form.get("until", ""))
    except ValueError:
        abort(400)
    if until.tzinfo is None:
        abort(400)
    with transaction():
        services.mark_all_read(current_user.id, until=until, at=clock.now())
    return redirect(url_for(".index"), 303)


@bp.get("/accounts/me/messages/choices")
@requires(Can.USE_OWN_ACCOUNT)
def choices() -> ResponseReturnValue:
    """Ask how somebody wants to hear of what."""
    return _show_choices(ChoicesForm.of(told.own_paces(current_user.id)))


@bp.post("/accounts/me/messages/choices")
@requires(Can.USE_OWN_ACCOUNT)
def submit_choices() -> ResponseReturnValue:
    """Keep it."""
    form = ChoicesForm()
    if not form.validate():
        return _show_choices(form), 422
    with transaction():
        services.choose(current_user.id, form.paces)
    flash(_("Saved."), "success")
    return redirect(url_for(".index"), 303)


@bp.get("/accounts/me/messages/address")
@requires(Can.USE_OWN_ACCOUNT)
def address() -> ResponseReturnValue:
    """Ask whether an address that sends mail back is still right."""
    goes_on = own_path(request.args.get("next")) or url_for("accounts.me")
    comes_back = told.bounced(current_user.id)
    if comes_back is None or not current_user.email:
        return redirect(goes_on, 303)
    return render_template("notifications/address.html", since=comes_back.at, goes_on=goes_on)


@bp.post("/accounts/me/messages/address")
@requires(Can.USE_OWN_ACCOUNT)
def address_works() -> ResponseReturnValue:
    """Write to the address again."""
    with transaction():
        services.address_works(current_user.id)
    flash(_("We write to this address again."), "success")
    return redirect(own_path(request.form.get("next")) or url_for("accounts.me"), 303)


@bp.get("/notifications/digest/<token:token>")
@public
def digest_page(token: str) -> ResponseReturnValue:
    """Ask with one button whether to stop the digest; opening the link alone changes nothing."""
    account = _account_of(token)
    return render_template(
        "notifications/digest.html", token=token, gets_digest=services.gets_digest(account.id)
    )


@bp.post("/notifications/digest/<token:token>")
@machine
@public
def stop_digest(token: str) -> ResponseReturnValue:
    """Stop the digest; mail programs send this by themselves (RFC 8058)."""
    account = _account_of(token)
    with transaction():
        services.stop_digest(account.id)
    if request.form.get(ONE_CLICK[0]) == ONE_CLICK[1]:
        return "", 200
    return redirect(url_for(".digest_page", token=token), 303)


def _account_of(token: str) -> Account:
    account_id = read_token(token)
    account = queries.account_of(account_id) if account_id is not None else None
    if account is None:
        abort(404)
    return account


def _show_choices(form: ChoicesForm) -> str:
    is_phone_only = current_user.email_verified_at is None
    return render_template(
        "notifications/choices.html", form=form, hours=hours_of(cities.get()), is_phone_only=is_phone_only
    )
