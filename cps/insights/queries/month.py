"""What a month holds, counted from the cases themselves; windows that an index bounds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select

from cps.cases.clock_models import DueChange
from cps.cases.models import Case, CaseEvent
from cps.cases.queries.promises import is_answered
from cps.cases.rules import CaseKind, EventKind, Status
from cps.core.db import db
from cps.insights.rules import Answer, Month, Tally
from cps.polls.models import PollEvent
from cps.polls.rules import PollEventKind

ROWS_AT_ONCE = 2_000
Key = tuple[int, CaseKind]
"""A department, or a category, and a kind of case."""


@dataclass(frozen=True, slots=True)
class Acts:
    """What else the city did in a month that moves or takes away something public."""

    extensions: int
    hidings: int
    voided_polls: int


@dataclass(frozen=True, slots=True)
class Counted:
    """What a month holds: by department all cases, by category those on the public list, and the acts."""

    departments: Mapping[Key, Tally]
    categories: Mapping[Key, Tally]
    acts: Acts


def count_month(month: Month, zone: ZoneInfo) -> Counted:
    """Count what came and what was answered in a month, and the acts; complaints about staff are left out."""
    start, end = month.begins(zone), month.ends(zone)
    departments: dict[Key, Tally] = {}
    categories: dict[Key, Tally] = {}
    for kind, department_id, category_id, is_listed, number in _received(start, end):
        departments.setdefault((department_id, kind), Tally()).received.add(
            is_listed=is_listed, number=number
        )
        if is_listed:
            categories.setdefault((category_id, kind), Tally()).received.add(is_listed=True, number=number)
    for kind, department_id, category_id, answer in _answers(start, end):
        departments.setdefault((department_id, kind), Tally()).add(answer, zone)
        if answer.is_listed:
            categories.setdefault((category_id, kind), Tally()).add(answer, zone)
    return Counted(departments, categories, _acts(start, end))


def recount(month: Month, zone: ZoneInfo, *, since: datetime) -> tuple[int, int]:
    """Return how many listed cases answered in a month were untouched since a moment, and how many were not.

    Of those that were touched all are counted, whatever became of them.
    """
    start, end = month.begins(zone), month.ends(zone)
    untouched = *_answered(start, end, is_listed=True), Case.updated_at <= since
    touched = Case.updated_at > since, Case.answered_at >= start, Case.answered_at < end
    counts = (select(func.count()).select_from(Case).where(*which) for which in (untouched, touched))
    first, second = (db.session.scalar(statement) or 0 for statement in counts)
    return first, second


def _received(start: datetime, end: datetime) -> Iterator[tuple[CaseKind, int, int, bool, int]]:
    for is_listed in (True, False):  # each alone, so that both databases take the index of the list
        rows = db.session.execute(
            select(Case.kind, Case.department_id, Case.category_id, func.count())
            .where(
                Case.is_listed.is_(is_listed),
                Case.received_at >= start,
                Case.received_at < end,
                Case.status != Status.DRAFT,
                Case.is_integrity.is_(False),
            )
            .group_by(Case.kind, Case.department_id, Case.category_id)
        )
        for kind, department_id, category_id, number in rows:
            yield kind, department_id, category_id, is_listed, number


def _answered(start: datetime, end: datetime, *, is_listed: bool) -> tuple[ColumnElement[bool], ...]:
    window = Case.is_listed.is_(is_listed), Case.answered_at >= start, Case.answered_at < end
    return *window, *is_answered(), Case.is_integrity.is_(False)


def _answers(start: datetime, end: datetime) -> Iterator[tuple[CaseKind, int, int, Answer]]:
    columns = select(
        Case.kind,
        Case.department_id,
        Case.category_id,
        Case.received_at,
        func.coalesce(Case.clock_started_at, Case.received_at).label("began"),
        Case.promised_at,
        Case.due_at,
        Case.answered_at,
    )
    for is_listed in (True, False):
        rows = db.session.execute(
            columns.where(*_answered(start, end, is_listed=is_listed)),
            execution_options={"yield_per": ROWS_AT_ONCE},
        )
        for row in rows:
            since = row.received_at if row.kind is CaseKind.COMPLAINT else row.began
            answer = Answer(since, row.promised_at, row.due_at, row.answered_at, is_listed)
            yield row.kind, row.department_id, row.category_id, answer


def _acts(start: datetime, end: datetime) -> Acts:
    extended = (
        select(func.count())
        .select_from(DueChange)
        .join(Case, Case.id == DueChange.case_id)
        .where(DueChange.at >= start, DueChange.at < end, DueChange.days > 0, Case.is_integrity.is_(False))
    )
    hidden = (
        select(func.count())
        .select_from(Case)
        .join(CaseEvent, CaseEvent.case_id == Case.id)
        .where(
            Case.updated_at >= start,
            CaseEvent.kind == EventKind.HIDDEN,
            CaseEvent.at >= start,
            CaseEvent.at < end,
            Case.is_integrity.is_(False),
        )
    )
    voided = (
        select(func.count())
        .select_from(PollEvent)
        .where(PollEvent.kind == PollEventKind.VOID, PollEvent.at >= start, PollEvent.at < end)
    )
    numbers = [db.session.scalar(statement) or 0 for statement in (extended, hidden, voided)]
    return Acts(*numbers)
