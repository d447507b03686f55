"""Cases as agents look for them: those of a caller, those of a number, what is near by, who may be told."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, select, union

from cps.cases.integrity_models import IntegrityReport
from cps.cases.models import Case, CaseContact
from cps.cases.queries.matching import asked_tokens, matches
from cps.cases.queries.rows import ROW
from cps.cases.rules import CaseKind
from cps.contact.models import Caller, CallerFollow, Contact, ReadOut
from cps.contact.rules import READABLE_FOR, Ending
from cps.core.db import db

MOST_CASES = 30
MOST_NEAR = 8


def tellable() -> ColumnElement[bool]:
    """Return the condition that agents may know of a case: the same rule as `may_be_told`, in SQL.

    That complaints about staff exist is not told to agents, nor is what moderators hid.
    """
    return and_(Case.is_integrity.is_(False), Case.is_hidden.is_(False))


def may_be_told(case: Case) -> bool:
    """Return whether agents may know that there is such a case: the same rule as `tellable`."""
    return not case.is_integrity and not case.is_hidden


def _of_known_reporter() -> ColumnElement[bool]:
    """Return the condition that a case may be looked up by who reported it.

    Who reported what was a complaint about staff first stays unknown.
    """
    released = select(IntegrityReport.case_id).where(IntegrityReport.released_at.is_not(None))
    return Case.id.not_in(released)


def cases_of(
    caller_id: int | None, phone: str, account_id: int | None, *, most: int = MOST_CASES
) -> Sequence[Row[tuple[Any, ...]]]:
    """Return the cases of a caller: open ones first, then the newest.

    They were filed for the caller, name the number, are of the account that has proven it, or are followed.
    """
    parts: list[Select[Any]] = []
    if phone:
        parts.append(
            select(CaseContact.case_id.label("id")).where(CaseContact.phone == phone, CaseContact.phone != "")
        )
    if account_id is not None:
        parts.append(select(Case.id).where(Case.reporter_id == account_id))
    if caller_id is not None:
        filed = Contact.caller_id == caller_id, Contact.ending == Ending.FILED
        parts.append(select(Contact.case_id.label("id")).where(*filed))
        parts.append(select(CallerFollow.case_id.label("id")).where(CallerFollow.caller_id == caller_id))
    if not parts:
        return ()
    own = union(*parts).subquery()
    found = ROW.where(Case.id.in_(select(own.c.id)), tellable(), _of_known_reporter())
    in_order = found.order_by(Case.closed_at.is_not(None), Case.id.desc()).limit(most)
    return db.session.execute(in_order).all()


def near_words(words: str, *, most: int = MOST_NEAR) -> Sequence[Row[tuple[Any, ...]]]:
    """Return the newest complaints that everybody may see and that hold these words, such as an address."""
    found = ROW.where(Case.is_listed.is_(True), Case.kind == CaseKind.COMPLAINT, matches(asked_tokens(words)))
    return db.session.execute(found.order_by(Case.received_at.desc(), Case.id.desc()).limit(most)).all()


def filed_of_late(
    caller_id: int | None, phone: str, *, since: datetime, case_kind: CaseKind = CaseKind.COMPLAINT
) -> Sequence[Row[tuple[Any, ...]]]:
    """Return what was filed for a caller a moment ago, by whichever agent, newest first."""
    parts: list[ColumnElement[bool]] = []
    if phone:
        own = select(CaseContact.case_id).where(CaseContact.phone == phone, CaseContact.phone != "")
        parts.append(Case.id.in_(own))
    if caller_id is not None:
        filed = Contact.caller_id == caller_id, Contact.ending == Ending.FILED, Contact.entered_at >= since
        parts.append(Case.id.in_(select(Contact.case_id).where(*filed)))
    if not parts:
        return ()
    condition = parts[0] if len(parts) == 1 else parts[0] | parts[1]
    found = ROW.where(condition, Case.kind == case_kind, Case.entered_at >= since, tellable())
    found = found.where(_of_known_reporter())
    return db.session.execute(found.order_by(Case.id.desc()).limit(3)).all()


def is_read_out(case_id: int, agent_id: int, *, at: datetime) -> bool:
    """Return whether a private case stands open for an agent, because a caller showed it is theirs."""
    found = select(ReadOut.id).where(
        ReadOut.agent_id == agent_id, ReadOut.case_id == case_id, ReadOut.at > at - READABLE_FOR
    )
    return db.session.scalar(found.limit(1)) is not None


def follows(case_id: int, caller_id: int) -> bool:
    """Return whether a caller hears of a case that others had reported."""
    return db.session.get(CallerFollow, (case_id, caller_id)) is not None


def follower_phones(case_id: int, *, after: int, limit: int) -> Sequence[Row[int, str, str]]:
    """Return (caller, number, language) of callers who hear of a case, in order, from one on."""
    found = (
        select(Caller.id, Caller.phone, Caller.language)
        .join(CallerFollow, CallerFollow.caller_id == Caller.id)
        .where(CallerFollow.case_id == case_id, Caller.phone != "", Caller.id > after)
    )
    return db.session.execute(found.order_by(Caller.id).limit(limit)).all()
