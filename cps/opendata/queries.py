"""Reads of public lists for files: by key, some hundred rows at a time, so that memory stays as it is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select, tuple_

from cps.cases.models import Case
from cps.cases.queries import Filter, listed_where
from cps.cases.rules import CaseKind
from cps.core.db import db
from cps.core.errors import NotVisible
from cps.core.i18n import gettext as _
from cps.core.paging import read_key, write_key
from cps.notices.models import Notice
from cps.proposals.models import Delivery, Proposal

AT_ONCE = 500

Rows = Sequence[Row[*tuple[Any, ...]]]

_CASE: Select[*tuple[Any, ...]] = select(
    Case.id,
    Case.reference,
    Case.kind,
    Case.title,
    Case.body,
    Case.language,
    Case.status,
    Case.outcome,
    Case.category_id,
    Case.department_id,
    Case.ward_id,
    Case.address,
    Case.lat,
    Case.lon,
    Case.received_at,
    Case.due_at,
    Case.closed_at,
    Case.updated_at,
    Case.support_count,
)
"""What everybody may know of a case; who reported it and how to reach them stand in other tables."""

_PROPOSAL: Select[*tuple[Any, ...]] = (
    _CASE.add_columns(
        Proposal.needed,
        Proposal.opened_at,
        Proposal.gathers_until,
        Proposal.former_supports,
        Delivery.percent,
    )
    .join(Proposal, Proposal.case_id == Case.id)
    .outerjoin(Delivery, Delivery.case_id == Case.id)
)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a list: it begins behind `after`, has at most `most` rows; `next_key` begins the next."""

    after: str | None
    most: int
    next_key: str | None


def part_of_cases(wanted: Filter, *, after: str | None, most: int) -> Part:
    """Return the part of a list of cases that begins behind a key; a damaged key begins anew."""
    keys = _behind(select(Case.received_at, Case.id).where(*listed_where(wanted)), _of_cases(), after)
    last_two = db.session.execute(keys.offset(most - 1).limit(2)).all()
    return Part(after, most, write_key(tuple(last_two[0])) if len(last_two) == 2 else None)


def cases(wanted: Filter, part: Part) -> Iterator[Rows]:
    """Yield the public cases of a part some at a time, newest first."""
    statement = _CASE.where(*listed_where(wanted))
    return _in_batches(statement, _of_cases(), part, lambda row: (row.received_at, row.id))


def proposals(wanted: Filter, part: Part) -> Iterator[Rows]:
    """Yield the proposals of a part some at a time, newest first, with their goal and how far they are."""
    statement = _PROPOSAL.where(*listed_where(wanted))
    return _in_batches(statement, _of_cases(), part, lambda row: (row.received_at, row.id))


def complaint(reference: str) -> Row[*tuple[Any, ...]]:
    """Return one public complaint; raises NotVisible."""
    return _one(_CASE, reference, CaseKind.COMPLAINT)


def proposal(reference: str) -> Row[*tuple[Any, ...]]:
    """Return one public proposal with its goal and how far it is; raises NotVisible."""
    return _one(_PROPOSAL, reference, CaseKind.PROPOSAL)


def _one(statement: Select[Any], reference: str, kind: CaseKind) -> Row[*tuple[Any, ...]]:
    wanted = statement.where(Case.reference == reference, Case.kind == kind, Case.is_listed.is_(True))
    row = db.session.execute(wanted).one_or_none()
    if row is None:
        raise NotVisible(_("There is no case with this number."))
    return row


def part_of_notices(*, after: str | None, most: int) -> Part:
    """Return the part of the list of notices that begins behind a key."""
    keys = _behind(select(Notice.starts_at, Notice.id), _of_notices(), after)
    last_two = db.session.execute(keys.offset(most - 1).limit(2)).all()
    return Part(after, most, write_key(tuple(last_two[0])) if len(last_two) == 2 else None)


def notices(part: Part) -> Iterator[Rows]:
    """Yield the notices of a part some at a time, those that began last first."""
    return _in_batches(select(Notice), _of_notices(), part, lambda row: (row[0].starts_at, row[0].id))


def _of_cases() -> tuple[Any, Any]:
    return Case.received_at, Case.id


def _of_notices() -> tuple[Any, Any]:
    return Notice.starts_at, Notice.id


def _behind(
    statement: Select[*tuple[Any, ...]], order: tuple[Any, Any], after: str | None
) -> Select[*tuple[Any, ...]]:
    key = read_key(after, datetime, int)
    if key is not None:
        statement = statement.where(tuple_(*order) < tuple_(*key))
    return statement.order_by(*(column.desc() for column in order))


def _in_batches(statement: Select[Any], order: tuple[Any, Any], part: Part, key: Any) -> Iterator[Rows]:
    after, left = part.after, part.most
    while left > 0:
        rows = db.session.execute(_behind(statement, order, after).limit(min(AT_ONCE, left))).all()
        if rows:
            after = write_key(key(rows[-1]))
            yield rows
        left -= len(rows)
        if len(rows) < AT_ONCE:
            return
