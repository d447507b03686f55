"""The blueprint of the contact centre, and what its pages share: the call that is going on."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, g, request
from flask_login import current_user

from cps.accounts import queries as accounts
from cps.accounts.rules import Role
from cps.cases.policy import reach_of
from cps.cases.rules import Channel
from cps.contact import queries
from cps.contact.forms import LONGEST_CALL, SPOKEN, CallForm, number_of
from cps.contact.models import Caller
from cps.contact.rules import AGENT_CHANNELS, Call
from cps.contact.wording import KEYS
from cps.core import clock, looks
from cps.core.errors import RuleViolation
from cps.core.forms import OnceForm, spend_key, used_key
from cps.core.i18n import current_language, html_language, localized
from cps.core.i18n import gettext as _
from cps.core.phone import BadPhone, any_phone, readable_phone
from cps.core.rendering import address, nav_item
from cps.core.security import Can, allows
from cps.core.text import one_line
from cps.departments import queries as departments

bp = Blueprint("contact", __name__, url_prefix="/contact")

LOOKED_UP = "caller"
"""In the trace that the person concerned reads: an agent looked up who calls from their number."""


@nav_item(6)
def _nav() -> tuple[str, str, str, bool] | None:
    """Lead agents here; supervisors have their way from the desk, and no seventh place on a phone."""
    if Role.AGENT not in getattr(current_user, "roles", frozenset()):
        return None
    return address("contact.index"), _("Calls"), "headset", (request.endpoint or "").startswith("contact.")


@bp.context_processor
def _shared() -> dict[str, Any]:
    return {
        "call_values": values_of,
        "keys": KEYS,
        "may_manage": allows(current_user, Can.MANAGE_CALLS),
        "own_language": lambda code: SPOKEN.get(code, code),
    }


@bp.app_context_processor
def who_calls_back() -> dict[str, object]:
    """Give the desk what it needs to lead officers to those they are to call."""
    return {"may_call_back": lambda: allows(current_user, Can.CALL_BACK)}


@bp.after_request
def _keep_out_of_caches(response: Response) -> Response:
    """Names and numbers of callers stay in no cache."""
    response.headers["Cache-Control"] = "no-store"
    return response


def asked_call(values: Mapping[str, str] | None = None) -> Call:
    """Return the call that an address tells of; what cannot be read is left out.

    A telephone system opens `/contact?phone=…&call=…&waited=…&channel=…&language=…`.
    """
    told = request.args if values is None else values
    channel, language = told.get("channel", ""), told.get("language", "")
    known = language in SPOKEN
    return Call(
        channel=Channel(channel) if channel in AGENT_CHANNELS else Channel.PHONE,
        language=language if known else html_language(current_language()),
        phone=_phone(told.get("phone", "")),
        name=one_line(told.get("name", "")[:500])[:120],
        caller_id=number_of(told.get("caller")),
        call_ref=one_line(told.get("call", "")[:500])[:LONGEST_CALL],
        waited_seconds=number_of(told.get("waited")),
    )


def _phone(text: str) -> str:
    try:
        return any_phone(text, g.city.country) if text else ""
    except BadPhone:
        return ""


def values_of(call: Call) -> dict[str, Any]:
    """Return the call as values of an address or hidden fields."""
    values = {
        "phone": call.phone,
        "name": call.name,
        "caller": str(call.caller_id or ""),
        "call": call.call_ref,
        "waited": "" if call.waited_seconds is None else str(call.waited_seconds),
        "channel": call.channel.value,
        "language": call.language,
    }
    return {name: value for name, value in values.items() if value}


def filled(form: CallForm, call: Call) -> CallForm:
    """Fill in what is known of the call."""
    for name, value in values_of(call).items():
        form[name].data = readable_phone(value, g.city.country) if name == "phone" else value
    return form


def caller_of(call: Call) -> Caller | None:
    """Return who calls, where they called before."""
    if call.caller_id is not None:
        return queries.caller(call.caller_id)
    return queries.caller_by_phone(call.phone) if call.phone else None


def of_caller(call: Call, caller: Caller | None) -> Call:
    """Return the call with what is known of the caller."""
    if caller is None:
        return replace(call, caller_id=None)
    asked = request.args.get("language") or caller.language or call.language
    language = asked if asked in SPOKEN else call.language
    return replace(
        call, caller_id=caller.id, phone=caller.phone, name=caller.name or call.name, language=language
    )


def account_of(phone: str) -> int | None:
    """Return the account that has proven a number."""
    return accounts.holder_of(accounts.kind_of(phone), accounts.address_tag(phone)) if phone else None


def trace_look(account_id: int | None, at: datetime) -> None:
    """Leave a row that an agent looked up the number of an account, once in half an hour."""
    if account_id is None or account_id == current_user.id:
        return
    looks.record_once(LOOKED_UP, by=current_user.id, at=at, subject_id=account_id)


def frame(current: str) -> dict[str, Any]:
    """Return what the head of each page shows: its parts, and how many call backs wait."""
    own = own_departments()
    waits, late = queries.count_waiting(clock.now(), departments=own)
    return {"current": current, "waiting_count": waits, "late_count": late, "is_agent": own is None}


def own_departments() -> Collection[int] | None:
    """Return whose call backs somebody sees and acts on: None, which is all, for agents."""
    return None if allows(current_user, Can.ANSWER_CALLS) else reach_of(current_user).departments


def code_id_of(form: CallForm) -> int | None:
    """Return which of the offered words for what it was about was chosen."""
    chosen = form.code.data
    return next((one.id for one in queries.codes() if one.code == chosen), None) if chosen else None


def department_choices() -> list[tuple[str, str]]:
    """Return the departments that are there, as (code, name)."""
    every = departments.catalogue().departments.values()
    return [(one.code, localized(one.name)) for one in every if one.is_active]


def department_id_of(code: str | None) -> int | None:
    """Return the department of this code."""
    found = departments.catalogue().department(code) if code else None
    return found.id if found else None


def spend(form: OnceForm, leads_to: str, at: datetime) -> bool:
    """Spend the key of a form in the running transaction; False where it was sent before.

    Raises RuleViolation for a form without a key.
    """
    if not form.form_key.data:
        raise RuleViolation(_("The page was not complete. Please send it again."))
    return spend_key(_key_of(form), purpose="contact", leads_to=leads_to, at=at)


def led_to(form: OnceForm) -> str | None:
    """Return what a form that was sent before led to; None where it was not."""
    return used_key(_key_of(form))


def _key_of(form: OnceForm) -> str:
    return f"contact:{form.form_key.data}"
