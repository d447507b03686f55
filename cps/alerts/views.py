"""Being told what is new: beginning, one's own alerts, and stopping them by their letters."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.accounts import queries as accounts
from cps.alerts import forms, presenting, queries, services
from cps.alerts.forms import AlertForm
from cps.alerts.models import Alert
from cps.alerts.rules import MOST_ALERTS, Wish
from cps.alerts.stopping import Stop, read_token
from cps.core import clock, tries, visit
from cps.core.db import transaction
from cps.core.errors import RuleViolation, TooMany
from cps.core.forms import add_error
from cps.core.http import machine
from cps.core.i18n import gettext as _
from cps.core.i18n import localized
from cps.core.limits import Limit
from cps.core.quiet_hours import hours_of
from cps.core.security import Can, public, requires
from cps.wards import queries as wards
from cps.wards import services as places
from cps.wards.geometry import PlaceKind

bp = Blueprint("alerts", __name__)
BLUEPRINTS = (bp,)

ONE_CLICK = ("List-Unsubscribe", "One-Click")
BEGUN = Limit("alert-begun", 30, timedelta(hours=1))
BEGUN_FROM = Limit("alert-begun-from", 100, timedelta(hours=1))


@bp.get("/alerts/new")
@public
def new() -> ResponseReturnValue:
    """Ask where and of what somebody wants to hear; the address may say it already."""
    return _show_new(forms.filled(request.args, request.args.getlist("what")))


@bp.post("/alerts/new")
@public
def begin() -> ResponseReturnValue:
    """Let somebody hear of it from now on; a visitor proves an address by mail first and comes back."""
    form = AlertForm()
    form.offer()
    wish = _settled(form)
    if wish is None:
        return _show_new(form), 422
    if not current_user.is_authenticated:
        return redirect(url_for("accounts.prove", next=url_for(".new", **form.typed())), 303)
    try:
        tries.count(BEGUN_FROM, visit.network())
        tries.count(BEGUN, str(current_user.id))
        with transaction():
            account = accounts.lock_account(current_user.id)
            _alert, is_new = services.begin(wish, by=account, at=clock.now())
    except TooMany as error:
        return tries.refuse(error, form, lambda: _show_new(form))
    except RuleViolation as error:
        form.form_errors.append(error.message)
        return _show_new(form), 422
    flash(_("We will tell you.") if is_new else _("You had this alert already. It is as you want it now."))
    return redirect(url_for(".index"), 303)


@bp.get("/accounts/me/alerts")
@requires(Can.USE_OWN_ACCOUNT)
def index() -> ResponseReturnValue:
    """Show one's own alerts."""
    cards = [presenting.card(alert) for alert in queries.of_account(current_user.id)]
    return render_template("alerts/index.html", cards=cards, most=MOST_ALERTS, address=_proven_address())


@bp.get("/accounts/me/alerts/<int:alert_id>")
@requires(Can.USE_OWN_ACCOUNT)
def change(alert_id: int) -> ResponseReturnValue:
    """Show an alert to be changed."""
    alert = queries.get(alert_id, current_user.id)
    return _show_change(alert, forms.of_wish(alert.wish))


@bp.post("/accounts/me/alerts/<int:alert_id>")
@requires(Can.USE_OWN_ACCOUNT)
def submit_change(alert_id: int) -> ResponseReturnValue:
    """Let an alert hear of something else."""
    alert = queries.get(alert_id, current_user.id)
    form = AlertForm()
    form.offer()
    wish = _settled(form)
    if wish is None:
        return _show_change(alert, form), 422
    try:
        with transaction():
            services.change(queries.lock(alert_id, current_user.id), wish)
    except RuleViolation as error:
        form.form_errors.append(error.message)
        return _show_change(queries.get(alert_id, current_user.id), form), 422
    flash(_("Saved."), "success")
    return redirect(url_for(".index"), 303)


@bp.post("/accounts/me/alerts/<int:alert_id>/pause")
@requires(Can.USE_OWN_ACCOUNT)
def pause(alert_id: int) -> ResponseReturnValue:
    """Tell nothing for a while."""
    return _act(alert_id, lambda alert: services.pause(alert, at=clock.now()))


@bp.post("/accounts/me/alerts/<int:alert_id>/resume")
@requires(Can.USE_OWN_ACCOUNT)
def resume(alert_id: int) -> ResponseReturnValue:
    """Tell again what is new."""
    return _act(alert_id, services.resume)


@bp.post("/accounts/me/alerts/<int:alert_id>/delete")
@requires(Can.USE_OWN_ACCOUNT)
def delete(alert_id: int) -> ResponseReturnValue:
    """Forget an alert."""
    return _act(alert_id, services.end)


@bp.get("/alerts/stop/<token:token>")
@public
def stop_page(token: str) -> ResponseReturnValue:
    """Ask with one button whether to stop the letters; opening the link alone changes nothing."""
    stop = _stop_of(token)
    told = [alert for alert in queries.of_account(stop.account_id) if stop.alert_id in {None, alert.id}]
    cards = [presenting.card(alert) for alert in told]
    return render_template(
        "alerts/stop.html", token=token, cards=cards, writes=any(not card.is_paused for card in cards)
    )


@bp.post("/alerts/stop/<token:token>")
@machine
@public
def stop(token: str) -> ResponseReturnValue:
    """Stop the letters; mail programs send this by themselves (RFC 8058)."""
    wanted = _stop_of(token)
    with transaction():
        services.stop(wanted.account_id, wanted.alert_id, at=clock.now())
    if request.form.get(ONE_CLICK[0]) == ONE_CLICK[1]:
        return "", 200
    return redirect(url_for(".stop_page", token=token), 303)


def _settled(form: AlertForm) -> Wish | None:
    """Return what a form asks for, a circle with the ward of its middle; None where something is wrong."""
    if not form.validate():
        return None
    wish = form.wish
    if wish.circle is None:
        return wish
    located = places.locate(wish.circle.lat, wish.circle.lon)
    if located is not None and located.kind is PlaceKind.OUTSIDE:
        add_error(form.lat, _("This place lies outside %(city)s.", city=localized(g.city.name)))
        return None
    return replace(wish, ward_id=located.ward.id if located is not None else None)


def _act(alert_id: int, act: Callable[[Alert], None]) -> ResponseReturnValue:
    with transaction():
        act(queries.lock(alert_id, current_user.id))
    return redirect(url_for(".index"), 303)


def _stop_of(token: str) -> Stop:
    found = read_token(token)
    if found is None:
        abort(404)
    return found


def _proven_address() -> str:
    """Return where alerts go: the proven address of mail of whoever is signed in, else ""."""
    has_one = current_user.is_authenticated and current_user.email_verified_at is not None
    return current_user.email if has_one else ""


def _show_new(form: AlertForm) -> str:
    return _show_form("alerts/new.html", form)


def _show_change(alert: Alert, form: AlertForm) -> str:
    return _show_form("alerts/change.html", form, card=presenting.card(alert))


def _show_form(template: str, form: AlertForm, **more: object) -> str:
    return render_template(
        template,
        form=form,
        has_map=bool(wards.areas().outlines),
        address=_proven_address(),
        hours=hours_of(g.city),
        **more,
    )
