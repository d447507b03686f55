"""A month of cases of every sort, and the same figures counted in the plainest way there is."""

from datetime import UTC, datetime, timedelta
from statistics import median_low
from typing import Any

from cps.cases.models import Case
from cps.cases.rules import Channel, Outcome, Status
from cps.core import clock
from cps.core.db import db, transaction
from cps.departments.models import Department
from tests.support.factories import ZONE, make_category, make_complaint, make_department

OCTOBER = datetime(2026, 9, 30, 15, tzinfo=UTC)
"""The beginning of October 2026 in the city of the tests."""

NOVEMBER = datetime(2026, 10, 31, 15, tzinfo=UTC)


def at(day: float) -> datetime:
    """Return a moment of October: noon of a day of the city."""
    return OCTOBER + timedelta(days=day - 0.5)


def answered(category: Any, day: float, *, took: float = 3, **columns: Any) -> Case:
    """Make a complaint that was answered on a day of October, after so many days, promised within five."""
    done = columns.pop("answered_at", at(day))
    came = done - timedelta(days=took)
    columns.setdefault("due_at", came + timedelta(days=5))
    columns.setdefault("promised_at", min(columns["due_at"], came + timedelta(days=5)))
    columns.setdefault("updated_at", done)
    columns.setdefault("closed_at", done)
    return make_complaint(Status.CLOSED, category=category, at=came, answered_at=done, **columns)


def make_october() -> tuple[Department, Department]:
    """Make two departments with a month of answers, and around them what must not be counted."""
    roads, waste = make_department("Roads", code="roads"), make_department("Waste", code="waste")
    hole, bin_ = make_category("Hole", department=roads), make_category("Bin", department=waste)
    for number in range(12):
        answered(hole, 3 + number, took=number % 8)
    for number in range(4):
        answered(hole, 20 + number, took=2, is_private=True)
    answered(
        hole, 9, took=7, due_at=at(9) + timedelta(days=1), promised_at=at(9) - timedelta(days=2), extensions=1
    )
    for number in range(3):
        answered(bin_, 5 + number, took=1)
    answered(bin_, 15, is_hidden=True)
    _noise(hole, bin_)
    return roads, waste


def _noise(hole: Any, bin_: Any) -> None:
    answered(hole, 0, answered_at=OCTOBER - timedelta(seconds=1))
    answered(hole, 0, answered_at=NOVEMBER)
    answered(hole, 10, is_private=True, is_integrity=True)
    other = answered(bin_, 2, took=1)
    answered(bin_, 12, outcome=Outcome.JOINED, joined_to_id=other.id)
    answered(bin_, 12, entered_at=at(25), channel=Channel.IMPORT, updated_at=at(25))
    reopened = answered(bin_, 13, took=4)
    with transaction() as session:
        row = session.get_one(Case, reopened.id)
        row.status, row.outcome, row.closed_at, row.updated_at = Status.REOPEN_ASKED, None, None, clock.now()
    make_complaint(category=hole, at=at(20), due_at=at(28))
    make_complaint(category=bin_, at=at(30), is_private=True, due_at=at(31))


def by_hand(department: Department) -> dict[str, Any]:
    """Count October of one department case by case, in Python."""
    every = db.session.scalars(db.select(Case).filter_by(department_id=department.id)).all()
    cases = [case for case in every if not case.is_integrity]
    came = [case for case in cases if OCTOBER <= case.received_at < NOVEMBER]
    done = [
        case
        for case in cases
        if case.answered_at
        and OCTOBER <= case.answered_at < NOVEMBER
        and case.answered_at >= case.entered_at
        and case.outcome is not Outcome.JOINED
    ]
    in_time = [case for case in done if case.answered_at and case.answered_at <= case.due_at]
    first = [case for case in done if case.answered_at and case.answered_at <= case.promised_at]
    days = [_days(case) for case in done]
    enough = len(done) >= 10
    return {
        "received": _apart(came),
        "answered": _apart(done),
        "in_time": _apart(in_time),
        "by_first_date": _apart(first),
        "share_in_time": len(in_time) * 100 // len(done) if enough else None,
        "share_by_first_date": len(first) * 100 // len(done) if enough else None,
        "median_days": median_low(days) if enough else None,
    }


def _apart(cases: list[Case]) -> tuple[int, int | None]:
    listed = sum(case.is_listed for case in cases)
    others = len(cases) - listed
    return listed, None if others in {1, 2} else others


def _days(case: Case) -> int:
    assert case.answered_at
    return (case.answered_at.astimezone(ZONE).date() - case.received_at.astimezone(ZONE).date()).days
