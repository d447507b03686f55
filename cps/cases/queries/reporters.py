"""What leads from a case to who reported it: read where somebody is to be forgotten."""

from collections.abc import Collection, Sequence
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


def contact_row(case_id: int) -> CaseContact | None:
    """Return how the reporter of a case is reached."""
    return db.session.get(CaseContact, case_id)


def names_of_reporter(case: Case) -> set[str]:
    """Return how the reporter of a case is called, in the account and in the contact that was left."""
    account = select(Account.display_name).where(Account.id == case.reporter_id)
    contact = select(CaseContact.name).where(CaseContact.case_id == case.id)
    return set(db.session.scalars(account.union(contact)).all()) - {""}


def story_of(case_id: int) -> Sequence[CaseEvent]:
    """Return everything that happened to a case, whoever may read it."""
    return db.session.scalars(select(CaseEvent).where(CaseEvent.case_id == case_id)).all()


def ids_of_story(case_id: int) -> Select[int]:
    """Return the ids of what happened to a case, as a part of another statement."""
    return select(CaseEvent.id).where(CaseEvent.case_id == case_id)


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
