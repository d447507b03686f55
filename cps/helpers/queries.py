"""Reads of who helps whom."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, or_, select
from sqlalchemy.orm import aliased

from cps.accounts.models import Account, Identity
from cps.cases.integrity_models import IntegrityReport
from cps.cases.models import Case, CaseEvent
from cps.cases.queries.lists import LIST_SIZE
from cps.cases.queries.rows import OWN_ROW
from cps.cases.rules import CaseKind, Channel
from cps.core.db import db
from cps.core.keys import app_identity_key, keyed_tag
from cps.core.paging import Page, page_of, read_key
from cps.helpers.models import HelperConsent
from cps.helpers.rules import HelperScope


def _is_open(consent: type[HelperConsent]) -> ColumnElement[bool]:
    return and_(consent.given_at.is_not(None), consent.ended_at.is_(None))


_IS_OPEN = _is_open(HelperConsent)
_RELEASED = select(IntegrityReport.case_id).where(IntegrityReport.released_at.is_not(None))
_COVERED = and_(
    Case.reporter_id == HelperConsent.resident_id,
    Case.kind == CaseKind.COMPLAINT,
    or_(
        Case.filed_by_id == HelperConsent.helper_id,
        and_(HelperConsent.scope == HelperScope.ALL, Case.is_integrity.is_(False), Case.id.not_in(_RELEASED)),
    ),
)
"""The same rule as `rules.covers`."""


def code_hash(code: str) -> str:
    """Return what is stored of a code by which a helper is named."""
    return keyed_tag(app_identity_key(), "helper", code)


def of_resident(account_id: int) -> Sequence[HelperConsent]:
    """Return everybody whom an account named, the newest first."""
    return _consents(HelperConsent.resident_id == account_id)


def open_of_helper(account_id: int) -> Sequence[Any]:
    """Return (consent, name of the resident) of everybody whom an account helps now."""
    return db.session.execute(
        select(HelperConsent, Account.display_name)
        .join(Account, Account.id == HelperConsent.resident_id)
        .where(HelperConsent.helper_id == account_id, _IS_OPEN)
        .order_by(HelperConsent.id.desc())
    ).all()


def scopes_of_helper(account_id: int) -> dict[int, HelperScope]:
    """Return {resident: scope} of everybody whom an account helps now."""
    own = select(HelperConsent.resident_id, HelperConsent.scope).where(HelperConsent.helper_id == account_id)
    return {row.resident_id: row.scope for row in db.session.execute(own.where(_IS_OPEN))}


def asked(account_id: int, *, at: datetime) -> Sequence[Any]:
    """Return (consent, name of the resident) of everybody who asked for help at an address of an account."""
    proven = select(Identity.tag).where(Identity.account_id == account_id)
    return db.session.execute(
        select(HelperConsent, Account.display_name)
        .join(Account, Account.id == HelperConsent.resident_id)
        .where(HelperConsent.address_tag != "", HelperConsent.address_tag.in_(proven))
        .where(HelperConsent.expires_at > at, HelperConsent.resident_id != account_id)
        .order_by(HelperConsent.id)
    ).all()


def count_waiting(account_id: int, *, at: datetime) -> int:
    """Count whom an account asked and who has not answered."""
    waiting = select(func.count()).where(
        HelperConsent.resident_id == account_id, HelperConsent.expires_at > at
    )
    return db.session.scalar(waiting) or 0


def lock_consent(consent_id: int) -> HelperConsent | None:
    """Return a consent, loaded anew and locked for the running write transaction."""
    return _locked(HelperConsent.id == consent_id)


def lock_of_code(code: str, *, at: datetime) -> HelperConsent | None:
    """Return the consent that waits for whoever has this code, locked."""
    return _locked(HelperConsent.code_hash == code_hash(code), HelperConsent.expires_at > at)


def lock_asked(consent_id: int, account_id: int, *, at: datetime) -> HelperConsent | None:
    """Return a consent that waits for the owner of an address, if the account has proven it; locked."""
    proven = select(Identity.tag).where(Identity.account_id == account_id)
    return _locked(
        HelperConsent.id == consent_id,
        HelperConsent.address_tag != "",
        HelperConsent.address_tag.in_(proven),
        HelperConsent.expires_at > at,
    )


def open_consent(consent_id: int, helper_id: int, *, lock: bool = False) -> HelperConsent | None:
    """Return a consent by which an account helps now; locked, it cannot end before the transaction does."""
    conditions = (HelperConsent.id == consent_id, HelperConsent.helper_id == helper_id, _IS_OPEN)
    return _locked(*conditions) if lock else next(iter(_consents(*conditions)), None)


def helping_with(case: Case, helper_id: int) -> HelperConsent | None:
    """Return the consent by which an account helps with a case."""
    return db.session.scalar(
        select(HelperConsent)
        .join(Case, _COVERED)
        .where(HelperConsent.helper_id == helper_id, Case.id == case.id, _IS_OPEN)
    )


def helpers_of(case: Case) -> list[int]:
    """Return the accounts that help with a case now."""
    helping = select(HelperConsent.helper_id).join(Case, _COVERED).where(Case.id == case.id, _IS_OPEN)
    return [key for key in db.session.scalars(helping.order_by(HelperConsent.id)) if key is not None]


def lock_filed_by(helper_id: int) -> Sequence[Case]:
    """Return the cases that an account filed on the web for others, locked."""
    filed = (Case.filed_by_id == helper_id, Case.channel == Channel.WEB)
    return db.session.scalars(
        select(Case)
        .where(*filed)
        .order_by(Case.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def names_in(case: Case, events: Iterable[CaseEvent]) -> dict[int, str]:
    """Return {account: name} of those who acted in a case as helpers of its reporter, now or before."""
    actors = {case.filed_by_id, *(event.actor_id for event in events)}
    if case.reporter_id is None or not set(actors) - {None, case.reporter_id}:
        return {}
    rows = db.session.execute(
        select(HelperConsent.helper_id, HelperConsent.helper_name)
        .where(
            HelperConsent.resident_id == case.reporter_id, HelperConsent.helper_id.in_(set(actors) - {None})
        )
        .order_by(HelperConsent.id)
    )
    return {row.helper_id: row.helper_name for row in rows}


def cases_of(consent: HelperConsent, *, after: str | None = None, size: int = LIST_SIZE) -> Page[Row[Any]]:
    """Return one page of the cases that a helper sees, newest first; what a moderator hid is not shown."""
    statement = OWN_ROW.join(HelperConsent, _COVERED).where(
        HelperConsent.id == consent.id, Case.is_hidden.is_(False)
    )
    key = read_key(after, int)
    if key is not None:
        statement = statement.where(Case.id < key[0])
    rows = db.session.execute(statement.order_by(Case.id.desc()).limit(size + 1)).all()
    return page_of(rows, size, lambda row: (row.id,))


def doubled(old: int, new: int) -> Sequence[HelperConsent]:
    """Return the consents of one account that would stand twice once it is joined to another."""
    other = aliased(HelperConsent)
    same = or_(
        and_(
            HelperConsent.resident_id == old,
            other.resident_id == new,
            other.helper_id == HelperConsent.helper_id,
        ),
        and_(
            HelperConsent.helper_id == old,
            other.helper_id == new,
            other.resident_id == HelperConsent.resident_id,
        ),
    )
    return _consents(_IS_OPEN, select(other.id).where(_is_open(other), same).exists())


def count_past(at: datetime, ended_before: datetime) -> int:
    """Count what is to be forgotten: what nobody said yes to, and what ended long ago."""
    return db.session.scalar(select(func.count()).where(is_past(at, ended_before))) or 0


def is_past(at: datetime, ended_before: datetime) -> ColumnElement[bool]:
    """Return the condition for what is to be forgotten."""
    return or_(HelperConsent.expires_at <= at, HelperConsent.ended_at <= ended_before)


def about(account_id: int) -> Iterator[HelperConsent]:
    """Yield every consent in which an account is named, oldest first."""
    either = or_(HelperConsent.resident_id == account_id, HelperConsent.helper_id == account_id)
    yield from db.session.scalars(select(HelperConsent).where(either).order_by(HelperConsent.id))


def _consents(*conditions: ColumnElement[bool]) -> Sequence[HelperConsent]:
    return db.session.scalars(
        select(HelperConsent).where(*conditions).order_by(HelperConsent.id.desc())
    ).all()


def _locked(*conditions: ColumnElement[bool]) -> HelperConsent | None:
    return db.session.scalars(
        select(HelperConsent).where(*conditions).with_for_update().execution_options(populate_existing=True)
    ).one_or_none()


def name_of(account_id: int) -> str:
    """Return how an account is called, or ""."""
    return db.session.scalar(select(Account.display_name).where(Account.id == account_id)) or ""
