"""Reads of the audit, and the names of what its rows are about."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, exists, or_, select

from cps.accounts.models import Account
from cps.cases.integrity_models import IntegrityReport
from cps.cases.models import Case
from cps.core.db import db
from cps.core.models import AuditRow
from cps.partners.models import Partner

PAGE_SIZE = 50
MOST_PEOPLE = 50
CASE = "case"
HIDDEN = frozenset({"comment", "caller", "incoming"})
"""Kinds of objects that have no page of their own here, whose rows would say nothing."""

_IS_ABOUT_STAFF = and_(
    AuditRow.object_kind == CASE,
    exists().where(
        Case.reference == AuditRow.object_id,
        or_(Case.is_integrity, exists().where(IntegrityReport.case_id == Case.id)),
    ),
)
"""That complaints about staff exist is not told to administrators."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the list is narrowed to; `since` and `until` are moments, `kinds` kinds of objects."""

    actors: Sequence[int] | None = None
    kinds: Sequence[str] = ()
    since: datetime | None = None
    until: datetime | None = None


def _rows(asked: Asked) -> Select[AuditRow]:
    found = select(AuditRow).where(AuditRow.object_kind.not_in(HIDDEN), ~_IS_ABOUT_STAFF)
    if asked.actors is not None:
        found = found.where(AuditRow.actor_id.in_(asked.actors))
    if asked.kinds:
        found = found.where(AuditRow.object_kind.in_(asked.kinds))
    if asked.since is not None and asked.until is not None:
        found = found.where(AuditRow.at >= asked.since, AuditRow.at < asked.until)
    return found


def rows(asked: Asked, *, before: int | None = None, most: int = PAGE_SIZE + 1) -> list[AuditRow]:
    """Return a page of rows, the newest first, and one more where there are more; `before` is an id."""
    found = _rows(asked)
    if before is not None:
        found = found.where(AuditRow.id < before)
    return list(db.session.scalars(found.order_by(AuditRow.id.desc()).limit(most)))


def accounts_named(words: str) -> list[int]:
    """Return the accounts of which the name has these words; the first ones by their number."""
    named = select(Account.id).where(Account.display_name.icontains(words, autoescape=True))
    return list(db.session.scalars(named.order_by(Account.id).limit(MOST_PEOPLE)))


def partner_names(keys: Iterable[str]) -> dict[str, str]:
    """Return the names of partners by their number."""
    numbers = [int(key) for key in keys if key.isdecimal()]
    rows = db.session.execute(select(Partner.id, Partner.name).where(Partner.id.in_(numbers)))
    return {str(row.id): row.name for row in rows}
