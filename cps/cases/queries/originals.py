"""What was written before numbers in it were masked: for the reporter and those who work the case."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import ColumnElement, Executable, case, func, literal, select, union_all
from sqlalchemy.orm.attributes import set_committed_value

from cps.cases.models import Case, CaseEvent, CaseOriginal, EventOriginal
from cps.core.db import Model, db


def original_title() -> ColumnElement[str]:
    """Return the title as it was written, as a column of a list that is joined with `CaseOriginal`."""
    return func.coalesce(CaseOriginal.texts["title"].as_string(), Case.title).label("title")


def title_at_desk() -> ColumnElement[str]:
    """Return the same for who works the case; of a complaint about staff the title as it is masked."""
    return case((Case.is_integrity, Case.title), else_=original_title()).label("title")


def original_message() -> ColumnElement[str]:
    """Return what an event said as it was written, as a column of a list joined with `EventOriginal`."""
    return func.coalesce(EventOriginal.texts["message"].as_string(), CaseEvent.message).label("message")


def show_originals(cases: Sequence[Case], events: Sequence[CaseEvent] = ()) -> None:
    """Let these rows say what was written, for a page of somebody who may read it.

    Only what was read changes, not the database: none of it is written with the rows.
    """
    for row, field, text in _originals(cases, events):
        set_committed_value(row, field, text)


@contextmanager
def as_written(cases: Sequence[Case], events: Sequence[CaseEvent] = ()) -> Iterator[None]:
    """Do the same until the block ends: for one letter of several."""
    found = _originals(cases, events)
    shown = [(row, field, getattr(row, field)) for row, field, _text in found]
    for row, field, text in found:
        set_committed_value(row, field, text)
    try:
        yield
    finally:
        for row, field, text in shown:
            set_committed_value(row, field, text)


def _originals(cases: Sequence[Case], events: Sequence[CaseEvent]) -> list[tuple[Model, str, Any]]:
    """Return (row, field, what was written) of everything that was masked in these rows."""
    rows: dict[tuple[bool, int], Model] = {(True, case.id): case for case in cases}
    rows |= {(False, event.id): event for event in events}
    kept = db.session.execute(_kept_of([case.id for case in cases], [event.id for event in events]))
    return [
        (rows[is_case, row_id], field, text) for is_case, row_id, said in kept for field, text in said.items()
    ]


def _kept_of(case_ids: Sequence[int], event_ids: Sequence[int]) -> Executable:
    """Select (whether it is a case, its id, what it said) of all of them, in one statement."""
    cases, events = CaseOriginal.case_id, EventOriginal.event_id
    of_cases = select(literal(True), cases, CaseOriginal.texts).where(cases.in_(case_ids))
    of_events = select(literal(False), events, EventOriginal.texts).where(events.in_(event_ids))
    return union_all(of_cases, of_events) if event_ids else of_cases
