"""Reads of service requests: public complaints, their newest words, and what came by which key."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, exists, func, select

from cps.cases.models import Attachment, Case, CaseEvent
from cps.cases.queries import Filter, first_photo, listed_where
from cps.cases.queries.map_cells import without_index
from cps.cases.rules import Audience, CaseKind, Status
from cps.cases.rules.boxes import Box
from cps.complaints.presenting import CITY_SPEAKS
from cps.core.db import db
from cps.core.errors import NotVisible
from cps.core.keys import hashed_token
from cps.notices.rules import Circle
from cps.open311.models import ApiKey, FiledByKey
from cps.open311.rules import ALWAYS, MOST_ROWS, REPEATED_WITHIN, Span

Rows = Sequence[Row[*tuple[Any, ...]]]

_PHOTO_HIDDEN = exists().where(Attachment.case_id == Case.id, Attachment.is_hidden)
"""What a client links is likely the photo that it sent as well: the link goes with it."""

_REQUEST: Select[*tuple[Any, ...]] = select(
    Case.id,
    Case.reference,
    Case.status,
    Case.outcome,
    Case.title,
    Case.body,
    Case.language,
    Case.answers,
    Case.category_id,
    Case.department_id,
    Case.ward_id,
    Case.address,
    Case.lat,
    Case.lon,
    Case.received_at,
    Case.updated_at,
    Case.due_at,
    Case.support_count,
    first_photo(),
    case((_PHOTO_HIDDEN, ""), else_=FiledByKey.media_url).label("media_url"),
).outerjoin(FiledByKey, FiledByKey.case_id == Case.id)
"""What everybody may know of a complaint; who filed it, and how to reach them, stand in other tables."""


_TOLD: Select[*tuple[Any, ...]] = select(
    CaseEvent.case_id,
    CaseEvent.kind,
    CaseEvent.status,
    CaseEvent.outcome,
    CaseEvent.data,
    CaseEvent.message,
    CaseEvent.public_from,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list of service requests shows. With `references` all else is left aside."""

    references: tuple[str, ...] = ()
    categories: tuple[int, ...] | None = None
    statuses: tuple[Status, ...] = ()
    received: Span = ALWAYS
    updated: Span = ALWAYS
    box: Box | None = None
    near: Circle | None = None
    page: int = 1
    size: int = MOST_ROWS


def requests(asked: Asked, *, at: datetime) -> Rows:
    """Return a page of public complaints, newest first; in one statement, or two with a place.

    A list of what changed since a time begins with what changed last.
    """
    if asked.references:
        found = _REQUEST.where(*_is_public(), Case.reference.in_(asked.references))
        return db.session.execute(found.order_by(Case.received_at.desc(), Case.id.desc())).all()
    by_change = asked.updated.is_asked and not asked.received.is_asked
    key = Case.updated_at if by_change else Case.received_at
    found = _REQUEST.where(*_narrowed(asked, at, by_change=by_change))
    page = found.order_by(key.desc(), Case.id.desc()).offset((asked.page - 1) * asked.size)
    return db.session.execute(page.limit(asked.size)).all()


def _is_public() -> tuple[ColumnElement[bool], ...]:
    return Case.is_listed.is_(True), Case.kind == CaseKind.COMPLAINT


def _narrowed(asked: Asked, at: datetime, *, by_change: bool) -> list[ColumnElement[bool]]:
    if asked.box is not None or asked.near is not None:
        conditions = listed_where(Filter(box=asked.box, near=asked.near))
    elif by_change:  # else SQLite would go through everything that was ever listed
        is_listed = without_index(Case.is_listed)
        conditions = [is_listed.is_(True), Case.kind == CaseKind.COMPLAINT]
    else:
        conditions = [*_is_public()]
    if asked.categories is not None:
        conditions.append(Case.category_id.in_(asked.categories))
    if asked.statuses:
        conditions.append(Case.status.in_(asked.statuses))
    if by_change:
        return [*conditions, *_within(asked.updated.bounded(at), Case.updated_at)]
    conditions += _within(asked.received.bounded(at), Case.received_at)
    return conditions + (_within(asked.updated, Case.updated_at) if asked.updated.is_asked else [])


def _within(span: Span, column: Any) -> list[ColumnElement[bool]]:
    ends = (column >= span.start if span.start else None, column <= span.end if span.end else None)
    return [end for end in ends if end is not None]


def newest_words(case_ids: Sequence[int], *, at: datetime) -> dict[int, str]:
    """Return by case what the city said last to everybody; cases of which it said nothing have no entry."""
    if not case_ids:
        return {}
    newest = (
        select(func.max(CaseEvent.id))
        .where(CaseEvent.case_id.in_(case_ids), *_is_said(at), CaseEvent.message != "")
        .where(CaseEvent.kind.in_(CITY_SPEAKS))
        .group_by(CaseEvent.case_id)
    )
    rows = db.session.execute(
        select(CaseEvent.case_id, CaseEvent.message).where(CaseEvent.id.in_(newest))
    ).all()
    return {row.case_id: row.message for row in rows}


def stories(case_ids: Sequence[int], *, at: datetime) -> dict[int, list[Row[*tuple[Any, ...]]]]:
    """Return by case what everybody may read of its story, oldest first."""
    told: dict[int, list[Row[*tuple[Any, ...]]]] = {}
    if case_ids:
        events = _TOLD.where(CaseEvent.case_id.in_(case_ids), *_is_said(at))
        for event in db.session.execute(events.order_by(CaseEvent.at, CaseEvent.id)):
            told.setdefault(event.case_id, []).append(event)
    return told


def updates(span: Span) -> Rows:
    """Return what the city said to everybody between two times, oldest first, with its case's reference.

    It begins with the cases that changed since then, which an index has.
    """
    said = (
        select(
            CaseEvent.id, CaseEvent.kind, CaseEvent.status, CaseEvent.outcome, CaseEvent.data,
            CaseEvent.message, CaseEvent.public_from, Case.reference, Case.status.label("case_status"),
        )
        .join(Case, Case.id == CaseEvent.case_id)
        .where(without_index(Case.is_listed).is_(True), Case.kind == CaseKind.COMPLAINT)
        .where(Case.updated_at >= span.start, CaseEvent.audience == Audience.PUBLIC)
        .where(CaseEvent.kind.in_(CITY_SPEAKS), *_within(span, CaseEvent.public_from))
        .order_by(CaseEvent.public_from, CaseEvent.id)
        .limit(MOST_ROWS)
    )  # fmt: skip
    return db.session.execute(said).all()


def _is_said(at: datetime) -> tuple[ColumnElement[bool], ...]:
    return CaseEvent.audience == Audience.PUBLIC, CaseEvent.public_from <= at


def usable_key(shown: str) -> ApiKey | None:
    """Return the key that a client shows, unless it was revoked."""
    found = select(ApiKey).where(ApiKey.key_hash == hashed_token(shown), ApiKey.revoked_at.is_(None))
    return db.session.scalar(found)


def all_keys() -> Rows:
    """Return (key, when it filed last) of every key, those in use first, then the newest."""
    last = (
        select(func.max(FiledByKey.sent_at))
        .where(FiledByKey.key_id == ApiKey.id)
        .correlate(ApiKey)
        .scalar_subquery()
    )
    order = (ApiKey.revoked_at.is_not(None), ApiKey.id.desc())
    return db.session.execute(select(ApiKey, last.label("last_at")).order_by(*order)).all()


def lock_key(key_id: int) -> ApiKey:
    """Return a key, locked; raises NotVisible."""
    found = db.session.get(ApiKey, key_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotVisible("There is no such key.")
    return found


def sent_before(tag: str, *, at: datetime) -> Case | None:
    """Return the case that the same request made within the last hour."""
    return db.session.scalar(
        select(Case)
        .join(FiledByKey, FiledByKey.case_id == Case.id)
        .where(FiledByKey.sent_tag == tag, FiledByKey.sent_at > at - REPEATED_WITHIN)
    )


def is_filed_by(case_id: int, key_id: int) -> bool:
    """Return whether a case came by this key."""
    row = db.session.get(FiledByKey, case_id)
    return row is not None and row.key_id == key_id


def public_reference(reference: str) -> bool:
    """Return whether everybody may see the complaint of this reference."""
    found = select(Case.id).where(Case.reference == reference, *_is_public())
    return db.session.scalar(found) is not None
