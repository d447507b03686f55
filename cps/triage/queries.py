"""Reads of the queue: rows as column tuples, counts of all boxes in one statement."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Row, and_, case, func, tuple_

from cps.accounts.models import Account
from cps.cases.models import Case
from cps.cases.policy import workable
from cps.cases.queries import first_photo, matches
from cps.cases.rules import Priority, Status
from cps.core import search
from cps.core.db import db
from cps.core.paging import Page, page_of, read_key
from cps.departments.models import Category, Department
from cps.triage.rules import Box
from cps.wards.models import Ward

QUEUE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Queue:
    """What the list shows: a box narrowed by filters. Empty fields do not filter."""

    box: Box
    words: str = ""
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


def _in_box(box: Box, officer: Account, moment: Moment) -> ColumnElement[bool]:
    return {
        Box.NEW: and_(Case.status.in_((Status.RECEIVED, Status.TRIAGED)), Case.assignee_id.is_(None)),
        Box.MINE: Case.assignee_id == officer.id,
        Box.DEPARTMENT: Case.closed_at.is_(None),
        Box.TODAY: and_(Case.due_at >= moment.now, Case.due_at < moment.end_of_day),
        Box.LATE: Case.due_at < moment.now,
        Box.REPLIES: Case.has_unread_reply.is_(True),
        Box.REOPENED: Case.status == Status.REOPEN_ASKED,
    }[box]


def box_counts(officer: Account, moment: Moment) -> dict[Box, int]:
    """Return how many open cases each box of this officer holds, exactly, in one statement."""
    columns = [
        func.coalesce(func.sum(case((_in_box(box, officer, moment), 1), else_=0)), 0).label(box.value)
        for box in Box
    ]
    row = db.session.execute(db.select(*columns).where(Case.closed_at.is_(None), workable(officer))).one()
    return {box: int(count) for box, count in zip(Box, row, strict=True)}


def queue(
    wanted: Queue, officer: Account, moment: Moment, *, after: str | None = None, size: int = QUEUE_SIZE
) -> Page[Row[tuple[object, ...]]]:
    """Return one page of the queue, urgent ones and the earliest due first, in one statement."""
    urgent_first = case((Case.priority == Priority.URGENT, 0), else_=1)
    statement = (
        db.select(
            Case.id,
            Case.reference,
            Case.kind,
            Case.title,
            Case.language,
            Case.status,
            Case.priority,
            Case.due_at,
            Case.address,
            Case.support_count,
            Case.has_unread_reply,
            Case.is_private,
            urgent_first.label("rank"),
            Category.name.label("category_name"),
            Category.icon.label("icon"),
            Department.name.label("department_name"),
            Ward.name.label("ward_name"),
            first_photo(),
        )
        .join(Category, Category.id == Case.category_id)
        .join(Department, Department.id == Case.department_id)
        .outerjoin(Ward, Ward.id == Case.ward_id)
        .where(Case.closed_at.is_(None), workable(officer), _in_box(wanted.box, officer, moment))
        .where(*_narrowed(wanted))
    )
    key = read_key(after, int, datetime, int)
    if key is not None:
        statement = statement.where(tuple_(urgent_first, Case.due_at, Case.id) > tuple_(*key))
    rows = db.session.execute(statement.order_by(urgent_first, Case.due_at, Case.id).limit(size + 1)).all()
    return page_of(rows, size, lambda row: (row.rank, row.due_at, row.id))


def _narrowed(wanted: Queue) -> list[ColumnElement[bool]]:
    pairs = (
        (Case.status, wanted.status),
        (Case.category_id, wanted.category_id),
        (Case.department_id, wanted.department_id),
        (Case.ward_id, wanted.ward_id),
        (Case.priority, wanted.priority),
    )
    conditions: list[ColumnElement[bool]] = [column == value for column, value in pairs if value is not None]
    if wanted.words.strip():
        conditions.append(matches(search.query_tokens(wanted.words)))
    return conditions


def names_of(account_ids: set[int]) -> dict[int, str]:
    """Return the display names of these accounts, for the story of a case as staff read it."""
    rows = db.session.execute(db.select(Account.id, Account.display_name).where(Account.id.in_(account_ids)))
    return {row.id: row.display_name for row in rows}
