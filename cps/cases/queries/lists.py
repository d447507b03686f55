"""Lists of cases: what everybody sees, what one filed, what was answered last."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, radians
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select, tuple_

from cps.cases.models import Case, CaseNotice
from cps.cases.queries import map_cells
from cps.cases.queries.matching import asked_tokens, matches
from cps.cases.queries.promises import is_answered, is_overdue
from cps.cases.queries.rows import OWN_ROW, ROW, first_photo
from cps.cases.rules import CaseKind, Outcome, Status
from cps.cases.rules.boxes import Box
from cps.cases.rules.holding import LONGEST_HELD
from cps.core.db import db
from cps.core.paging import Page, page_of, read_key
from cps.notices.rules import METRES_OF_A_DEGREE, Circle

LIST_SIZE = 20
READ_IN_INDEX = 10_000
"""So many cases of a box may be looked at in the index of places."""

HELD_SECONDS = 5
"""A list may be so much older than what it shows, right after the desk did something."""

OLD_NEWS = timedelta(days=90)
"""Nobody calls just answered what was answered so long ago, such as what an earlier system brought."""

_EQUAL: Mapping[str, Any] = {
    "category_id": Case.category_id,
    "ward_id": Case.ward_id,
    "department_id": Case.department_id,
    "outcome": Case.outcome,
}


@dataclass(frozen=True, slots=True)
class Filter:
    """What a public list shows; empty fields do not filter."""

    kind: CaseKind = CaseKind.COMPLAINT
    words: str = ""
    category_id: int | None = None
    ward_id: int | None = None
    department_id: int | None = None
    statuses: tuple[Status, ...] = ()
    outcome: Outcome | None = None
    notice_id: int | None = None
    has_photo: bool = False
    received_from: datetime | None = None
    received_before: datetime | None = None
    closed_since: datetime | None = None
    box: Box | None = None
    near: Circle | None = None
    due_before: datetime | None = None
    answered_from: datetime | None = None
    answered_before: datetime | None = None
    is_extended: bool = False


def listed(wanted: Filter, *, after: str | None = None, size: int = LIST_SIZE) -> Page[Row[Any]]:
    """Return one page of the public list, newest first, in one statement."""
    conditions = listed_where(wanted)
    key = read_key(after, datetime, int)
    if key is not None:
        conditions.append(tuple_(Case.received_at, Case.id) < tuple_(*key))
    newest_first = (Case.received_at.desc(), Case.id.desc())
    if wanted.box is not None or wanted.near is not None:  # an index chooses; only these are read in full
        chosen = select(Case.id).where(*conditions).order_by(*newest_first).limit(size + 1)
        conditions = [Case.id.in_(chosen)]
    rows = db.session.execute(ROW.where(*conditions).order_by(*newest_first).limit(size + 1)).all()
    return page_of(rows, size, lambda row: (row.received_at, row.id))


def listed_where(wanted: Filter, *, in_order: bool = True) -> list[ColumnElement[bool]]:
    """Return the conditions of a public list: what everybody may see, narrowed by the filters.

    With a box, one statement asks how much it holds, and so whether to begin with the box or with the order;
    `in_order` is off where no order is wanted.
    """
    conditions = [*_seen(wanted, in_order=in_order), Case.kind == wanted.kind]
    given = {name: getattr(wanted, name) for name in _EQUAL if getattr(wanted, name) is not None}
    conditions += [_EQUAL[name] == value for name, value in given.items()]
    if wanted.statuses:
        conditions.append(Case.status.in_(wanted.statuses))
    if wanted.notice_id is not None:
        under = select(CaseNotice.case_id).where(CaseNotice.notice_id == wanted.notice_id)
        conditions.append(Case.id.in_(under))
    if wanted.has_photo:
        conditions += [Case.photo_count > 0, first_photo().is_not(None)]
    if wanted.words.strip():
        conditions.append(matches(asked_tokens(wanted.words)))
    if wanted.is_extended:
        conditions.append(Case.extensions > 0)
    return [*conditions, *_in_time(wanted)]


def _seen(wanted: Filter, *, in_order: bool) -> list[ColumnElement[bool]]:
    """Return the condition that everybody may see a case, and that it lies in the box, the quicker first."""
    box = wanted.box or (_box_around(wanted.near) if wanted.near is not None else None)
    if box is None:
        return [Case.is_listed.is_(True)]
    begins_there = not in_order or map_cells.holds_few(wanted.kind, box, most=READ_IN_INDEX)
    # What makes up `is_listed`: SQLite reads no computed column from the index of places
    in_parts = [Case.is_private.is_(False), Case.is_hidden.is_(False)]
    is_listed = in_parts if begins_there else [Case.is_listed.is_(True)]
    conditions = [*is_listed, *map_cells.within(box, by_index=begins_there)]
    return [*conditions, *([_is_within(wanted.near)] if wanted.near is not None else [])]


def _box_around(circle: Circle) -> Box:
    square = circle.square()
    return Box(square.west, square.south, square.east, square.north)


def _is_within(circle: Circle) -> ColumnElement[bool]:
    """Return the condition that a case lies within a circle, measured on flat ground."""
    north = (Case.lat - circle.lat) * METRES_OF_A_DEGREE
    east = (Case.lon - circle.lon) * METRES_OF_A_DEGREE * cos(radians(circle.lat))
    return north * north + east * east <= circle.radius_m**2


def _in_time(wanted: Filter) -> Iterator[ColumnElement[bool]]:
    if wanted.received_from is not None:
        yield Case.received_at >= wanted.received_from
    if wanted.received_before is not None:
        yield Case.received_at < wanted.received_before
    if wanted.closed_since is not None:
        yield Case.closed_at >= wanted.closed_since
    if wanted.due_before is not None:
        late = select(Case.id).where(*is_overdue(wanted.due_before)).correlate(None)
        yield Case.id.in_(late)  # few of all, found by their date, whatever the list is in order of
    if wanted.answered_from is not None or wanted.answered_before is not None:
        yield from is_answered()
    if wanted.answered_from is not None:
        yield Case.answered_at >= wanted.answered_from
    if wanted.answered_before is not None:
        yield Case.answered_at < wanted.answered_before
        yield Case.received_at < wanted.answered_before  # so that a list begins there


def recently_answered(now: datetime, limit: int = 4) -> Sequence[Row[Any]]:
    """Return what the city closed last, among what everybody sees; nothing that is `OLD_NEWS`."""
    return db.session.execute(
        ROW.where(
            Case.is_listed.is_(True),
            Case.closed_at >= now - OLD_NEWS,
            Case.outcome.in_((Outcome.FIXED, Outcome.ANSWERED)),  # outcomes of complaints alone
        )
        .order_by(Case.closed_at.desc(), Case.id.desc())
        .limit(limit)
    ).all()


def own_cases(account_id: int, *, after: str | None = None, size: int = LIST_SIZE) -> Page[Row[Any]]:
    """Return one page of what an account filed, newest first; what a moderator hid too."""
    statement = OWN_ROW.where(Case.reporter_id == account_id)
    key = read_key(after, int)
    if key is not None:
        statement = statement.where(Case.id < key[0])
    rows = db.session.execute(statement.order_by(Case.id.desc()).limit(size + 1)).all()
    return page_of(rows, size, lambda row: (row.id,))


_NEWEST = select(
    select(func.max(Case.updated_at)).scalar_subquery(), select(func.max(Case.id)).scalar_subquery()
)
"""Each by itself, so that SQLite takes it from the end of an index instead of reading every case."""


def list_tag(now: datetime) -> str:
    """Return a text that changes whenever the public list may have changed: for ETags.

    What the desk did a moment ago may still be held back: as long as that can be, it changes with the time.
    """
    newest, count = db.session.execute(_NEWEST).one()
    held = newest is not None and now <= newest + LONGEST_HELD
    moment = f"-{now.timestamp() // HELD_SECONDS}" if held else ""
    return f"{newest.timestamp() if newest else 0}-{count or 0}{moment}"


def tag_of_hour(name: str, now: datetime) -> str:
    """Return the tag of a page, named so, about the public list, on which times are told in words."""
    return f"{name}-{list_tag(now)}-{now:%Y%m%d%H}"
