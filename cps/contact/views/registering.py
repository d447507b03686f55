"""Registering somebody at the counter: written down, read back with a code, then a slip to take along."""

from contextlib import suppress
from datetime import date, timedelta
from http import HTTPStatus
from typing import Any

from flask import flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.accounts import queries as accounts
from cps.accounts import services as identities
from cps.accounts.models import Account
from cps.accounts.rules import proving
from cps.contact import services
from cps.contact.counter_words import consent, slip
from cps.contact.register_forms import AgreedForm, NewcomerForm
from cps.contact.rules import Newcomer
from cps.contact.views.base import bp, frame
from cps.core import audit, clock, sealed, sms_budget, tries
from cps.core.db import db, transaction
from cps.core.errors import AlreadyDone, CpsError, TooMany
from cps.core.forms import spend_key, used_key
from cps.core.i18n import direction, html_language, localized
from cps.core.i18n import gettext as _
from cps.core.limits import Limit
from cps.core.outbox import Fact
from cps.core.phone import is_phone
from cps.core.security import Can, requires
from cps.core.sms_budget import SmsPurpose
from cps.residents import queries as residents
from cps.wards import queries as wards

REGISTERED = "contact_registered"
SLIP_SECONDS = 3600
OF_CLERK = Limit("register-of", 120, timedelta(hours=1))
TO_ADDRESS = Limit("register-to", 5, timedelta(hours=1))


@bp.get("/register")
@requires(Can.VERIFY_IDENTITY)
def new_account() -> ResponseReturnValue:
    """Ask who somebody is who stands at the counter."""
    return _page(_filled(NewcomerForm, formdata=None))


@bp.post("/register")
@requires(Can.VERIFY_IDENTITY)
def read_back() -> ResponseReturnValue:
    """Read back what was typed and send the code; nothing is kept before the person has agreed."""
    form = _filled(NewcomerForm)
    if "change" in request.form:
        return _page(form)
    if not form.validate():
        return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        tries.count(OF_CLERK, f"account {current_user.id}")
        newcomer = _newcomer(form)
        _try_out(newcomer)
        _send_code(newcomer, form)
    except TooMany as error:
        return tries.refuse(error, form, lambda: _page(form))
    except CpsError as refused:
        form.form_errors.append(refused.message)
        return _page(form), refused.status
    return _ask_consent(_filled(AgreedForm, formdata=None, data=form.data))


@bp.post("/register/agreed")
@requires(Can.VERIFY_IDENTITY)
def register() -> ResponseReturnValue:
    """Make the account of somebody who agrees and has read the code; pressed twice it is one."""
    first, form = _filled(NewcomerForm), _filled(AgreedForm)
    if not first.validate():
        return _page(first), HTTPStatus.UNPROCESSABLE_ENTITY
    if not form.validate():
        return _ask_consent(form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        tries.count(OF_CLERK, f"account {current_user.id}")
        made = _register(form)
    except TooMany as error:
        return tries.refuse(error, form, lambda: _ask_consent(form))
    except CpsError as refused:
        first.form_errors.append(refused.message)
        return _page(first), refused.status
    if made is None:
        form.code.errors = [_("This code is not right, or it is too old. Look at the newest message.")]
        return _ask_consent(form), HTTPStatus.UNPROCESSABLE_ENTITY
    session[REGISTERED] = sealed.write(REGISTERED, made)
    return redirect(url_for(".registered"), HTTPStatus.SEE_OTHER)


@bp.get("/registered")
@requires(Can.VERIFY_IDENTITY)
def registered() -> ResponseReturnValue:
    """Show the slip for the person; for an hour, to the clerk who registered them."""
    kept = sealed.read(REGISTERED, session.get(REGISTERED, ""), seconds=SLIP_SECONDS)
    account = db.session.get(Account, kept[1]) if kept and kept[0] == current_user.id else None
    if account is None or not account.is_active:
        flash(_("The slip can be printed for an hour after somebody was registered."), "warning")
        return redirect(url_for(".new_account"), HTTPStatus.SEE_OTHER)
    spoken = _spoken(account.language)
    words = slip(account, kept[2], g.city)
    return render_template("contact/registered.html", slip=words, **spoken, **frame("register"))


def _filled(form: Any, **values: Any) -> Any:
    """Return a form of this page; the ward is asked only where the city has brought in no register."""
    areas = [] if residents.has_register() else wards.areas().wards.values()
    named = [(ward.code, localized(ward.name)) for ward in areas]
    return form(today=_today(), wards=named, **values)


def _today() -> date:
    day: date = clock.now().astimezone(g.city.zone).date()
    return day


def _newcomer(form: NewcomerForm) -> Newcomer:
    """Return whom a valid form describes."""
    chosen = form.ward.data if "ward" in form else None
    ward = wards.areas().wards.get(chosen or "")
    return form.newcomer(ward.id if ward else None)


class _TakenBack(Exception):
    """Nothing stood against it; and nothing is kept."""


def _try_out(newcomer: Newcomer) -> None:
    """Raise what registering would raise now, before a message is sent and paid for; keep nothing of it."""
    known, at = accounts.account_by_address(newcomer.address), clock.now()
    if known is not None:
        known_id = known.id
        with transaction():
            audit.record_access("identity-check", by=current_user.id, at=at, subject_id=known_id)
        raise AlreadyDone(
            _(
                "There is an account with this address or number. The person signs in with it: a code comes"
                " there. Then check who they are on the page for that."
                " A helper they name themselves, under Me, Helpers."
            )
        )
    with suppress(_TakenBack), transaction():
        services.register(newcomer, by=current_user, at=at)
        raise _TakenBack


def _send_code(newcomer: Newcomer, form: NewcomerForm) -> None:
    """Send the code that shows that the address is this person's; raises TooMany."""
    address, at = newcomer.address, clock.now()
    tries.count(TO_ADDRESS, address)
    if is_phone(address):
        sms_budget.take(SmsPurpose.CODE, address, city=g.city, at=at)
    with transaction():
        identities.new_code(
            proving(address),
            address,
            asked_by=_key_of(form),
            language=newcomer.language,
            at=at,
            fact=Fact.COUNTER_CODE_WANTED,
        )


def _register(form: AgreedForm) -> list[Any] | None:
    """Return the clerk, the account and the code for a helper, for the slip; None where the code is wrong."""
    newcomer, at = _newcomer(form), clock.now()
    with transaction():
        if identities.check_code(
            proving(newcomer.address), newcomer.address, form.digits, asked_by=_key_of(form), at=at
        ):
            account, code = services.register(newcomer, by=current_user, at=at)
            spend_key(_key_of(form), purpose="register", leads_to=str(account.id), at=at)
            return [current_user.id, account.id, code]
    known = used_key(_key_of(form))  # this form was sent before: its code is used up
    return [current_user.id, int(known), ""] if known else None


def _key_of(form: NewcomerForm) -> str:
    """Return the key of this clerk's form: for it alone the code is good, and it makes one account."""
    return f"register:{current_user.id}:{form.form_key.data}"


def _page(form: NewcomerForm) -> str:
    return render_template("contact/register.html", form=form, **frame("register"))


def _ask_consent(form: AgreedForm) -> str:
    newcomer = _newcomer(form)
    return render_template(
        "contact/register_agreed.html",
        form=form,
        told=[(item.name, "y" if item.data is True else item.data) for item in _filled(NewcomerForm)],
        address=newcomer.address,
        words=consent(newcomer, g.city),
        **_spoken(newcomer.language),
        **frame("register"),
    )


def _spoken(language: str) -> dict[str, str]:
    """Return how a part of the page is marked that is in the person's language."""
    return {"language": html_language(language), "direction": direction(language)}
