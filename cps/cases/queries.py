"""Reads of cases, their stories and photos."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, func, literal_column, select, text, tuple_
from sqlalchemy.orm import joinedload

from cps.cases.models import Attachment, Case, CaseContact, CaseEvent, Follow, Support
from cps.cases.rules import Audience, CaseKind, EventKind, Outcome, PhotoStage, Status
from cps.core import search
from cps.core.db import db
from cps.core.errors import NotVisible, StaleVersion
from cps.core.i18n import gettext as _
from cps.core.paging import Page, page_of, read_key
from cps.departments.models import Department, Staff

LIST_SIZE = 20


# Statements of every page are built once, not for each request: building one takes longer than running it.
_CASE = select(Case).where(Case.reference == bindparam("reference"))
_EVENTS = select(CaseEvent).where(CaseEvent.case_id == bindparam("case_id"))
_READABLE = _EVENTS.where(CaseEvent.public_from <= bindparam("at"))
_IN_ORDER = (CaseEvent.at, CaseEvent.id)
_STORIES = {
    Audience.PUBLIC: _READABLE.where(CaseEvent.audience == Audience.PUBLIC).order_by(*_IN_ORDER),
    Audience.REPORTER: _READABLE.where(CaseEvent.audience != Audience.STAFF).order_by(*_IN_ORDER),
    Audience.STAFF: _EVENTS.order_by(*_IN_ORDER),
}
_PHOTOS = (
    select(Attachment)
    .where(Attachment.case_id == bindparam("case_id"), Attachment.is_hidden.is_(False))
    .order_by(Attachment.id)
)


def find_case(reference: str) -> Case | None:
    """Return the case; None when there is none. What category and ward are called is known elsewhere."""
    return db.session.scalars(_CASE, {"reference": reference}).one_or_none()


def is_taken(reference: str) -> bool:
    """Return whether a case has this reference."""
    return db.session.scalar(select(Case.id).where(Case.reference == reference)) is not None


def get_case(reference: str) -> Case:
    """Return the case; raises NotVisible when there is none."""
    case = find_case(reference)
    if case is None:
        raise NotVisible(_("There is no case with this number."))
    return case


def lock_case(reference: str, *, version: int | None = None) -> Case:
    """Return the case locked for the running write transaction.

    With the `version` that the person saw, raises StaleVersion when somebody changed the case since.
    """
    case = db.session.execute(
        select(Case)
        .where(Case.reference == reference)
        .options(joinedload(Case.category))
        .with_for_update(of=Case)
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if case is None:
        raise NotVisible(_("There is no case with this number."))
    if version is not None and case.version != version:
        raise StaleVersion(_("Somebody else changed this case a moment ago. Look at it anew, then decide."))
    return case


def contact_of(case_id: int) -> CaseContact | None:
    """Return the reporter's contact of a case; whoever shows it to staff leaves an access row."""
    return db.session.get(CaseContact, case_id)


def case_of_secret(reference: str, secret_hash: str) -> Case | None:
    """Return the case when the secret is its own."""
    return db.session.execute(
        select(Case)
        .join(CaseContact, CaseContact.case_id == Case.id)
        .where(Case.reference == reference, CaseContact.secret_hash == secret_hash)
    ).scalar_one_or_none()


def story(case_id: int, *, reader: Audience, at: datetime) -> Sequence[CaseEvent]:
    """Return the events of a case that the reader may read by now, oldest first.

    The reporter also reads what is public, staff read everything.
    """
    return db.session.scalars(_STORIES[reader], {"case_id": case_id, "at": at}).all()


def photos(case_id: int) -> Sequence[Attachment]:
    """Return the photos of a case that are not hidden, oldest first."""
    return db.session.scalars(_PHOTOS, {"case_id": case_id}).all()


def photo(name: str) -> Attachment | None:
    """Return one photo by its random name."""
    return db.session.scalar(select(Attachment).where(Attachment.name == name))


def case_of_photo(photo: Attachment) -> Case | None:
    """Return the case a photo hangs on; None while it belongs to a draft."""
    return db.session.get(Case, photo.case_id) if photo.case_id is not None else None


def photo_is_public(photo: Attachment, *, at: datetime) -> bool:
    """Return whether a photo came with the case itself or with an event that everybody may read by now."""
    if photo.event_id is None:
        return True
    event = db.session.get(CaseEvent, photo.event_id)
    return event is not None and event.audience is Audience.PUBLIC and event.public_from <= at


def is_supported_by(case_id: int, account_id: int) -> bool:
    """Return whether the account backs the case."""
    return db.session.get(Support, (case_id, account_id)) is not None


def is_followed_by(case_id: int, account_id: int) -> bool:
    """Return whether the account follows the case."""
    return db.session.get(Follow, (case_id, account_id)) is not None


def was_confirmed(case_id: int, *, since: datetime | None) -> bool:
    """Return whether the reporter said that the case is fixed since it was closed."""
    confirmed = select(CaseEvent.id).where(
        CaseEvent.case_id == case_id, CaseEvent.kind == EventKind.CONFIRMED_FIXED, CaseEvent.at >= since
    )
    return db.session.scalar(confirmed.limit(1)) is not None


@dataclass(frozen=True, slots=True)
class Reach:
    """Whose cases an account works: those of its departments, or of all when it works in triage."""

    departments: frozenset[int]
    everywhere: bool


def reach_of(account_id: int) -> Reach:
    """Return the departments an account works in, in one statement."""
    rows = db.session.execute(
        select(Department.id, Department.is_triage)
        .join(Staff, Staff.department_id == Department.id)
        .where(Staff.account_id == account_id)
    ).all()
    return Reach(frozenset(row.id for row in rows), any(row.is_triage for row in rows))


@dataclass(frozen=True, slots=True)
class Filter:
    """What a public list shows; empty fields do not filter."""

    kind: CaseKind = CaseKind.COMPLAINT
    words: str = ""
    category_id: int | None = None
    ward_id: int | None = None
    statuses: tuple[Status, ...] = ()
    outcome: Outcome | None = None


def first_photo() -> ColumnElement[str]:
    """Return the name of a case's first photo that everybody may see, as a column of a list."""
    return (
        select(Attachment.name)
        .where(
            Attachment.case_id == Case.id,
            Attachment.is_hidden.is_(False),
            Attachment.stage != PhotoStage.REPLY,
        )
        .order_by(Attachment.id)
        .limit(1)
        .correlate(Case)
        .scalar_subquery()
        .label("photo")
    )


_ROW: Select[*tuple[Any, ...]] = select(
    Case.id,
    Case.reference,
    Case.kind,
    Case.title,
    Case.language,
    Case.status,
    Case.outcome,
    Case.address,
    Case.lat,
    Case.lon,
    Case.received_at,
    Case.closed_at,
    Case.support_count,
    Case.is_private,
    Case.category_id,
    Case.ward_id,
    first_photo(),
)
"""The columns of one row of a list; what category and ward are called is known (`cps.cases.names`)."""


def listed(wanted: Filter, *, after: str | None = None, size: int = LIST_SIZE) -> Page[Row[Any]]:
    """Return one page of the public list, newest first, in one statement."""
    statement = _ROW.where(Case.is_listed.is_(True), Case.kind == wanted.kind, *_conditions(wanted))
    key = read_key(after, datetime, int)
    if key is not None:
        statement = statement.where(tuple_(Case.received_at, Case.id) < tuple_(*key))
    rows = db.session.execute(
        statement.order_by(Case.received_at.desc(), Case.id.desc()).limit(size + 1)
    ).all()
    return page_of(rows, size, lambda row: (row.received_at, row.id))


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.category_id is not None:
        conditions.append(Case.category_id == wanted.category_id)
    if wanted.ward_id is not None:
        conditions.append(Case.ward_id == wanted.ward_id)
    if wanted.statuses:
        conditions.append(Case.status.in_(wanted.statuses))
    if wanted.outcome is not None:
        conditions.append(Case.outcome == wanted.outcome)
    tokens = search.query_tokens(wanted.words)
    if wanted.words.strip():
        conditions.append(matches(tokens))
    return conditions


def matches(tokens: list[str], *, among_few: bool = False) -> ColumnElement[bool]:
    """Return the condition that a case holds every token; no token matches nothing.

    `among_few`: other conditions leave few cases, so SQLite should not begin with all that hold the words.
    """
    if not tokens:
        return literal_column("1 = 0")
    if db.engine.dialect.name == "postgresql":
        return text("cases.search_vector @@ CAST(:tokens AS tsquery)").bindparams(  # type: ignore[return-value]
            tokens=search.tsquery_text(tokens)
        )
    condition = "cases.id IN (SELECT rowid FROM case_search WHERE case_search MATCH :tokens)"
    if among_few:
        condition = f"+{condition}"  # the sign changes nothing, but no index is used for the column
    return text(condition).bindparams(tokens=search.fts5_query(tokens))  # type: ignore[return-value]


def recently_answered(limit: int = 4) -> Sequence[Row[Any]]:
    """Return what the city closed last, among what everybody sees."""
    return db.session.execute(
        _ROW.where(
            Case.is_listed.is_(True),
            Case.closed_at.is_not(None),
            Case.outcome.in_((Outcome.FIXED, Outcome.ANSWERED)),
        )
        .order_by(Case.closed_at.desc(), Case.id.desc())
        .limit(limit)
    ).all()


def own_cases(account_id: int, *, after: str | None = None, size: int = LIST_SIZE) -> Page[Row[Any]]:
    """Return one page of what an account filed, newest first; what a moderator hid is not shown."""
    statement = _ROW.where(Case.reporter_id == account_id, Case.is_hidden.is_(False))
    key = read_key(after, int)
    if key is not None:
        statement = statement.where(Case.id < key[0])
    rows = db.session.execute(statement.order_by(Case.id.desc()).limit(size + 1)).all()
    return page_of(rows, size, lambda row: (row.id,))


_NEWEST = select(
    select(func.max(Case.updated_at)).scalar_subquery(), select(func.max(Case.id)).scalar_subquery()
)
"""Each by itself, so that SQLite takes it from the end of an index instead of reading every case."""


def list_tag() -> str:
    """Return a text that changes whenever the public list may have changed: for ETags."""
    newest, count = db.session.execute(_NEWEST).one()
    return f"{newest.timestamp() if newest else 0}-{count or 0}"


@dataclass(frozen=True, slots=True)
class Near:
    """Where and what to look for when searching similar cases: around a cell, or in a ward."""

    since: datetime
    cell: tuple[int, int] | None = None
    ward_id: int | None = None
    category_id: int | None = None


def similar_candidates(near: Near, *, limit: int = 50) -> Sequence[Row[tuple[Any, ...]]]:
    """Return listed cases in the cell and its eight neighbours, open or closed since, newest first.

    Besides the columns of a list they have `words`, the words by which a case is found.
    """
    near_by = select(Case.id).where(
        Case.is_listed.is_(True),
        Case.kind == CaseKind.COMPLAINT,
        Case.joined_to_id.is_(None),
        (Case.closed_at.is_(None)) | (Case.closed_at >= near.since),
    )
    if near.cell is not None:
        x, y = near.cell
        near_by = near_by.where(Case.cell_x.in_((x - 1, x, x + 1)), Case.cell_y.between(y - 1, y + 1))
    if near.ward_id is not None:
        near_by = near_by.where(Case.ward_id == near.ward_id)
    if near.category_id is not None:
        near_by = near_by.where(Case.category_id == near.category_id)
    newest = near_by.order_by(Case.id.desc()).limit(limit)  # first, so that only these are joined
    columns = _ROW.add_columns(Case.search_text.label("words"))
    return db.session.execute(columns.where(Case.id.in_(newest)).order_by(Case.id.desc())).all()
