"""What leads from a case to who reported it: read where somebody is to be forgotten."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select

from cps.accounts.models import Account
from cps.cases.models import Case, CaseContact, CaseEvent
from cps.core.db import db


def lock_reported_by(account_id: int) -> Sequence[Case]:
    """Return the cases that an account reported, locked."""
    return _locked(Case.reporter_id == account_id)


def lock_cases(case_ids: Sequence[int]) -> Sequence[Case]:
    """Return these cases, locked."""
    return _locked(Case.id.in_(case_ids))


def _locked(which: Any) -> Sequence[Case]:
    return db.session.scalars(select(Case).where(which).order_by(Case.id).with_for_update(of=Case)).all()


def contacts_of(case_ids: Sequence[int]) -> dict[int, CaseContact]:
    """Return how the reporters of cases are reached, by the id of the case."""
    rows = db.session.scalars(select(CaseContact).where(CaseContact.case_id.in_(case_ids)))
    return {row.case_id: row for row in rows}


def names_by_account(account_ids: Iterable[int | None]) -> dict[int, str]:
    """Return how accounts are called."""
    wanted = Account.id.in_({one for one in account_ids if one is not None})
    rows = db.session.execute(select(Account.id, Account.display_name).where(wanted))
    return {row.id: row.display_name for row in rows}


def stories_of(case_ids: Sequence[int]) -> dict[int, list[CaseEvent]]:
    """Return everything that happened to cases, whoever may read it, by the id of the case."""
    stories: dict[int, list[CaseEvent]] = {case_id: [] for case_id in case_ids}
    for event in db.session.scalars(select(CaseEvent).where(CaseEvent.case_id.in_(case_ids))):
        stories[event.case_id].append(event)
    return stories


def ids_of_stories(case_ids: Collection[int]) -> Select[int]:
    """Return the ids of what happened to cases, as a part of another statement."""
    return select(CaseEvent.id).where(CaseEvent.case_id.in_(case_ids))


def acts_of(account_id: int) -> Sequence[CaseEvent]:
    """Return everything that an account wrote or did in the stories of cases."""
    return db.session.scalars(select(CaseEvent).where(CaseEvent.actor_id == account_id)).all()


def forgotten_among(case_ids: Collection[int]) -> Sequence[int]:
    """Return those of these cases whose reporter is forgotten."""
    forgotten = CaseContact.case_id.in_(case_ids), CaseContact.anonymised_at.is_not(None)
    return db.session.scalars(select(CaseContact.case_id).where(*forgotten)).all()


def count_known(*, closed_until: datetime) -> int:
    """Count the cases closed until then whose reporter is still known."""
    return db.session.scalar(_known(select(func.count(Case.id)), closed_until)) or 0


def still_known(*, closed_until: datetime, limit: int) -> Sequence[int]:
    """Return the ids of some of them."""
    return db.session.scalars(_known(select(Case.id), closed_until).order_by(Case.id).limit(limit)).all()


def _known(what: Select[int], closed_until: datetime) -> Select[int]:
    reachable = CaseContact.case_id.is_not(None) & CaseContact.anonymised_at.is_(None)
    joined = what.select_from(Case).outerjoin(CaseContact, CaseContact.case_id == Case.id)
    return joined.where(Case.closed_at <= closed_until, or_(Case.reporter_id.is_not(None), reachable))
