"""One case, found by its number."""

import hmac

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import joinedload

from cps.cases import reference as references
from cps.cases.models import Case, CaseContact
from cps.core.db import db
from cps.core.errors import NotVisible, StaleVersion
from cps.core.i18n import gettext as _
from cps.core.keys import app_key

JOINS = 0x6A6F696E
"""The number under which PostgreSQL keeps the lock of joins."""

# Statements of every page are built once, not for each request: building one takes longer than running it.
_CASE = select(Case).where(Case.reference == bindparam("reference"))


def find_case(reference: str) -> Case | None:
    """Return the case; None when there is none. What category and ward are called is known elsewhere."""
    return db.session.scalars(_CASE, {"reference": reference}).one_or_none()


def get_case(reference: str) -> Case:
    """Return the case; raises NotVisible when there is none."""
    case = find_case(reference)
    if case is None:
        raise NotVisible(_("There is no case with this number."))
    return case


def lock_case(reference: str, *, version: int | None = None) -> Case:
    """Return the case locked for the running write transaction; rows that point at it can still be added.

    With the `version` that the person saw, raises StaleVersion when somebody changed the case since.
    """
    case = db.session.execute(
        select(Case)
        .where(Case.reference == reference)
        .options(joinedload(Case.category))
        .with_for_update(of=Case, key_share=True)
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if case is None:
        raise NotVisible(_("There is no case with this number."))
    if version is not None and case.version != version:
        raise StaleVersion(_("Somebody else changed this case a moment ago. Look at it anew, then decide."))
    return case


def lock_joins(into: Case) -> None:
    """Wait until every join that began before has ended, and look anew at the case that is joined to.

    Joins are done one after another, else two cases could be joined to each other at the same moment. The
    order is always: the case itself (`lock_case`), then this. SQLite has one writer at a time anyway.
    Complaints are locked by `lock_pair`.
    """
    if db.engine.dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(JOINS)))
    db.session.refresh(into)


def contact_of(case_id: int) -> CaseContact | None:
    """Return the reporter's contact of a case; whoever shows it to staff leaves an access row."""
    return db.session.get(CaseContact, case_id)


def is_pin_of(case: Case, typed: str) -> bool:
    """Return whether what somebody typed is the PIN of a case; who may try, and how often, others decide."""
    pin, contact = references.parse_pin(typed), contact_of(case.id)
    if pin is None or contact is None:
        return False
    hashed = references.hash_pin(pin, reference=case.reference, key=app_key("case-pin"))
    return hmac.compare_digest(contact.pin_hash, hashed)


def case_of_secret(reference: str, secret_hash: str) -> Case | None:
    """Return the case when the secret is its own."""
    return db.session.execute(
        select(Case)
        .join(CaseContact, CaseContact.case_id == Case.id)
        .where(Case.reference == reference, CaseContact.secret_hash == secret_hash)
    ).scalar_one_or_none()
