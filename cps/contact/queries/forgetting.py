"""What of callers is kept longer than the city wants, and what names nobody any more."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, func, or_, select

from cps.cases.models import Case
from cps.contact.models import CallBack, Caller, CallerFollow, CallerWarning, Contact
from cps.contact.rules import CallBackState
from cps.core.db import db


def old_contacts(before: datetime, *, limit: int) -> Sequence[int]:
    """Return contacts that still name a caller or hold words, though nothing keeps them any longer.

    A contact is kept while its case is open or was closed after the moment.
    """
    return db.session.scalars(_contacts(Contact.id, before).order_by(Contact.received_at).limit(limit)).all()


def old_call_backs(before: datetime, *, limit: int) -> Sequence[int]:
    """Return call backs that ended before a moment."""
    ended = select(CallBack.id).where(CallBack.ended_at < before)
    return db.session.scalars(ended.order_by(CallBack.ended_at).limit(limit)).all()


def gone_callers(now: datetime, before: datetime, *, limit: int) -> Sequence[int]:
    """Return callers of before a moment whom nothing names any more: no contact, call back or warning."""
    return db.session.scalars(_callers(Caller.id, now, before).order_by(Caller.last_at).limit(limit)).all()


def count_old(now: datetime, before: datetime) -> int:
    """Count all of these."""
    counts = (
        _contacts(func.count(), before),
        select(func.count()).select_from(CallBack).where(CallBack.ended_at < before),
        _callers(func.count(), now, before),
    )
    return sum(db.session.scalar(one) or 0 for one in counts)


def _contacts(what: Any, before: datetime) -> Select[int]:
    kept = select(Case.id).where(
        Case.id == Contact.case_id, or_(Case.closed_at.is_(None), Case.closed_at >= before)
    )
    known = or_(Contact.caller_id.is_not(None), Contact.note != "")
    return select(what).select_from(Contact).where(Contact.received_at < before, known, ~exists(kept))


def _callers(what: Any, now: datetime, before: datetime) -> Select[int]:
    kept = (
        select(Contact.id).where(Contact.caller_id == Caller.id),
        select(CallBack.id).where(CallBack.caller_id == Caller.id, CallBack.state == CallBackState.WAITING),
        select(CallerWarning.id).where(CallerWarning.caller_id == Caller.id, CallerWarning.until > now),
        select(CallerFollow.caller_id)
        .join(Case, Case.id == CallerFollow.case_id)
        .where(CallerFollow.caller_id == Caller.id, or_(Case.closed_at.is_(None), Case.closed_at >= before)),
    )
    return select(what).select_from(Caller).where(Caller.last_at < before, *(~exists(one) for one in kept))
