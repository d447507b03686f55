"""The queue as column tuples, and all boxes counted in one statement.

Statements of the list are made once for each shape (who works where, which filters are set) and kept; making
them costs more than running them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Row,
    Select,
    and_,
    bindparam,
    case,
    func,
    select,
    true,
    tuple_,
)

from cps.accounts.models import Account
from cps.accounts.rules import Role
from cps.cases.models import Case, CaseOriginal
from cps.cases.policy import reach_of, workable
from cps.cases.queries import Reach, asked_tokens, first_photo, is_late, matches, original_title
from cps.cases.rules import CaseKind, Priority, Status
from cps.core.db import db
from cps.core.paging import Page, page_of, read_key
from cps.triage.rules import NOBODY_WORKS, NOT_YET, Box

QUEUE_SIZE = 50
KEY = (int, datetime, int)
"""Types of the key by which the queue pages: urgent first, then by due date, then in the order of arrival."""

NARROWING: Mapping[str, Any] = {
    "kind": Case.kind,
    "status": Case.status,
    "category_id": Case.category_id,
    "department_id": Case.department_id,
    "ward_id": Case.ward_id,
    "priority": Case.priority,
}
RANK = case((Case.priority == Priority.URGENT, 0), else_=1)


@dataclass(frozen=True, slots=True)
class Queue:
    """What the list shows: a box narrowed by filters. Empty fields do not filter."""

    box: Box = Box.NEW
    words: str = ""
    kind: CaseKind | None = None
    status: Status | None = None
    category_id: int | None = None
    department_id: int | None = None
    ward_id: int | None = None
    priority: Priority | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """Now, and the end of the city's day."""

    now: datetime
    end_of_day: datetime


def box_counts(officer: Account, moment: Moment) -> dict[Box, int]:
    """Return how many open cases each box of this officer holds, exactly, in one statement."""
    statement = _counting(officer.roles, reach_of(officer))
    row = db.session.execute(statement, _moment_of(officer, moment)).one()
    return dict(zip(Box, row, strict=True))


def queue(
    wanted: Queue, officer: Account, moment: Moment, *, after: str | None = None, size: int = QUEUE_SIZE
) -> Page[Row[*tuple[Any, ...]]]:
    """Return one page of the queue, urgent ones and the earliest due first, in one statement.

    The page is chosen by narrow columns that one index holds; only its own rows are read in full.
    """
    narrowing = {name: getattr(wanted, name) for name in NARROWING if getattr(wanted, name) is not None}
    key = read_key(after, *KEY)
    seen = dict(zip(("rank", "due", "id"), key, strict=True)) if key else {}
    shape = (officer.roles, reach_of(officer), wanted.box, tuple(narrowing), bool(seen))
    statement = _searching(shape, wanted.words) if wanted.words else _choosing(*shape)
    values = {**_moment_of(officer, moment), **narrowing, **seen, "size": size + 1}
    rows = db.session.execute(statement, values).all()
    return page_of(rows, size, lambda row: (row.rank, row.due_at, row.id))


def _moment_of(officer: Account, moment: Moment) -> dict[str, Any]:
    return {"officer": officer.id, "now": moment.now, "end_of_day": moment.end_of_day}


def _at_desk(roles: frozenset[Role], reach: Reach) -> ColumnElement[bool]:
    """Select what is open, waits for the city, and is for somebody with these roles to work."""
    return and_(Case.closed_at.is_(None), Case.status.not_in(NOT_YET), workable(roles, reach))


def _boxes() -> dict[Box, ColumnElement[bool]]:
    now, end_of_day = (bindparam(name, type_=Case.due_at.type) for name in ("now", "end_of_day"))
    return {
        Box.NEW: and_(Case.status.in_(NOBODY_WORKS), Case.assignee_id.is_(None)),
        Box.MINE: Case.assignee_id == bindparam("officer"),
        Box.DEPARTMENT: true(),
        Box.TODAY: and_(Case.due_at >= now, Case.due_at < end_of_day, Case.paused_at.is_(None)),
        Box.LATE: is_late(now),
        Box.REPLIES: Case.has_unread_reply.is_(True),
        Box.REOPENED: Case.status == Status.REOPEN_ASKED,
    }


@lru_cache(maxsize=256)
def _counting(roles: frozenset[Role], reach: Reach) -> Select[*tuple[Any, ...]]:
    columns = [func.count().filter(condition).label(box.value) for box, condition in _boxes().items()]
    return select(*columns).select_from(Case).where(_at_desk(roles, reach))


@lru_cache(maxsize=1024)
def _choosing(
    roles: frozenset[Role], reach: Reach, box: Box, narrowing: tuple[str, ...], has_key: bool
) -> Select[*tuple[Any, ...]]:
    return _in_full(_chosen(roles, reach, box, narrowing, has_key))


def _searching(shape: tuple[Any, ...], words: str) -> Select[*tuple[Any, ...]]:
    return _in_full(_chosen(*shape).where(matches(asked_tokens(words), among_few=True)))


def _chosen(
    roles: frozenset[Role], reach: Reach, box: Box, narrowing: tuple[str, ...], has_key: bool
) -> Select[*tuple[Any, ...]]:
    """Select identifier and sort keys of the first cases, behind a key where there is one."""
    statement = select(Case.id, RANK.label("rank"), Case.due_at).where(_at_desk(roles, reach), _boxes()[box])
    for name in narrowing:
        column = NARROWING[name]
        statement = statement.where(column == bindparam(name, type_=column.type))
    if has_key:
        behind: tuple[BindParameter[Any], ...] = (
            bindparam("rank"),
            bindparam("due", type_=Case.due_at.type),
            bindparam("id"),
        )
        statement = statement.where(tuple_(RANK, Case.due_at, Case.id) > tuple_(*behind))
    return statement.order_by(RANK, Case.due_at, Case.id).limit(bindparam("size"))


def _in_full(chosen: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Select what a row of the list shows, of the chosen cases; names of the city are known elsewhere."""
    keys = chosen.subquery("chosen")
    return (
        select(
            Case.id,
            Case.reference,
            Case.kind,
            original_title(),
            Case.language,
            Case.status,
            Case.priority,
            Case.received_at,
            Case.due_at,
            Case.paused_at,
            Case.acknowledge_by,
            Case.acknowledged_at,
            Case.address,
            Case.category_id,
            Case.department_id,
            Case.ward_id,
            Case.support_count,
            Case.has_unread_reply,
            Case.is_private,
            Case.assignee_id,
            keys.c.rank,
            Account.display_name.label("assignee_name"),
            first_photo(),
        )
        .join(keys, keys.c.id == Case.id)
        .outerjoin(CaseOriginal, CaseOriginal.case_id == Case.id)
        .outerjoin(Account, Account.id == Case.assignee_id)
        .order_by(keys.c.rank, keys.c.due_at, keys.c.id)
    )
