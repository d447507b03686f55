"""Callers are forgotten as reporters are: after the same time, and at once with their account."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, update

from cps.accounts.partings import Parting
from cps.contact import queries
from cps.contact.models import CallBack, Caller, Contact
from cps.core.db import db
from cps.core.many import change_rows

AT_ONCE = 200


def forget_callers(at: datetime, before: datetime) -> bool:
    """Forget callers of before a moment, with what they said; returns whether more may wait.

    What is counted stays: when, by which way, in which language, what came of it.
    """
    contacts = queries.old_contacts(before, limit=AT_ONCE)
    change_rows(update(Contact).where(Contact.id.in_(contacts)).values(caller_id=None, note="", call_ref=""))
    ended = queries.old_call_backs(before, limit=AT_ONCE)
    change_rows(delete(CallBack).where(CallBack.id.in_(ended)))
    callers = queries.gone_callers(at, before, limit=AT_ONCE)
    change_rows(delete(Caller).where(Caller.id.in_(callers)))
    return bool(contacts or ended or callers)


def forget_person(parting: Parting) -> None:
    """Forget the caller of a number whose account is being deleted, with all that was said."""
    for phone in parting.addresses:
        caller = queries.lock_caller_by_phone(phone)
        if caller is not None:
            own = Contact.caller_id == caller.id
            change_rows(update(Contact).where(own).values(caller_id=None, note="", call_ref=""))
            db.session.expunge(caller)
            change_rows(delete(Caller).where(Caller.id == caller.id))
        change_rows(delete(CallBack).where(CallBack.phone == phone))


def forget_of_cases(case_ids: Sequence[int]) -> None:
    """Forget who called about cases whose reporters are forgotten."""
    about = Contact.case_id.in_(list(case_ids))
    change_rows(update(Contact).where(about).values(caller_id=None, note="", call_ref=""))
    change_rows(delete(CallBack).where(CallBack.case_id.in_(list(case_ids))))
