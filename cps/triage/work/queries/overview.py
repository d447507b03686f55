"""What a supervisor looks at: load, lateness, ages, what waits for a yes, the sample of closed cases."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select, true

from cps.accounts.models import Account
from cps.cases.clock_models import ExtensionRequest
from cps.cases.closing_models import ClosingRequest
from cps.cases.models import Case, CaseOriginal
from cps.cases.queries import Reach, is_late, original_title
from cps.cases.queries.handing import UNCLEAR
from cps.cases.rules import DECIDED, Outcome, Status
from cps.core.db import db
from cps.proposals.models import OfficialAnswer
from cps.triage.rules import NOT_YET
from cps.triage.work.models import ClosedCheck
from cps.triage.work.rules import AGES

SHOWN = 20
"""Cases that one part of the page names."""


def of(reach: Reach) -> ColumnElement[bool]:
    """Return the condition that selects the cases of a supervisor; complaints about staff are not."""
    own = true() if reach.everywhere else Case.department_id.in_(reach.departments)
    return own & Case.is_integrity.is_(False)


def _open(reach: Reach) -> list[ColumnElement[bool]]:
    return [Case.closed_at.is_(None), Case.status.not_in(NOT_YET), of(reach)]


def load(reach: Reach, *, now: datetime) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return (assignee_id, display_name, open, late, paused) of who has open cases; of nobody too."""
    number = func.count()
    return db.session.execute(
        select(
            Case.assignee_id,
            Account.display_name,
            number.label("open"),
            number.filter(is_late(now)).label("late"),
            number.filter(Case.paused_at.is_not(None)).label("paused"),
        )
        .outerjoin(Account, Account.id == Case.assignee_id)
        .where(*_open(reach))
        .group_by(Case.assignee_id, Account.display_name)
        .order_by(number.filter(is_late(now)).desc(), number.desc(), Case.assignee_id)
    ).all()


def late_by_cause(reach: Reach, *, now: datetime) -> Sequence[Row[Status, bool, int]]:
    """Return (status, whether somebody has them, how many) of late cases."""
    is_taken = Case.assignee_id.is_not(None)
    return db.session.execute(
        select(Case.status, is_taken, func.count())
        .where(*_open(reach), is_late(now))
        .group_by(Case.status, is_taken)
    ).all()


def ages(reach: Reach, *, now: datetime) -> Sequence[int]:
    """Return how many open cases are of each age, cut at `AGES`."""
    edges = [now - age for age in AGES]
    younger = [func.count().filter(Case.received_at > edge) for edge in edges]
    counts = db.session.execute(select(*younger, func.count()).where(*_open(reach))).one()
    return [count - before for count, before in zip(counts, (0, *counts), strict=False)]


def _named() -> Select[*tuple[Any, ...]]:
    return select(Case.reference, original_title(), Case.language, Case.due_at).outerjoin(
        CaseOriginal, CaseOriginal.case_id == Case.id
    )


def asked_for_time(reach: Reach) -> Sequence[Any]:
    """Return the cases for which more time was asked, whose date is nearest first."""
    waits = _named().join(ExtensionRequest, ExtensionRequest.case_id == Case.id)
    waits = waits.where(ExtensionRequest.decided_at.is_(None), of(reach))
    return db.session.execute(waits.order_by(Case.due_at, Case.id).limit(SHOWN)).all()


def ends_to_see(reach: Reach, by_id: int) -> Sequence[Any]:
    """Return the cases whose end waits for a second pair of eyes, but one's own; the earliest due first."""
    waits = _named().add_columns(Account.display_name.label("asked_by"))
    waits = waits.join(ClosingRequest, ClosingRequest.case_id == Case.id)
    waits = waits.outerjoin(Account, Account.id == ClosingRequest.asked_by_id)
    is_own = ClosingRequest.asked_by_id == by_id
    waits = waits.where(ClosingRequest.decided_at.is_(None), is_own.is_not(True), of(reach))
    return db.session.execute(waits.order_by(Case.due_at, Case.id).limit(SHOWN)).all()


def count_unclear(reach: Reach) -> int:
    """Return of how many open cases it is not clear whose they are."""
    return db.session.scalar(select(func.count()).where(Case.id.in_(UNCLEAR), *_open(reach))) or 0


def answers_to_read(reach: Reach) -> Sequence[Any]:
    """Return the proposals whose answer is written and waits for a second reader."""
    drafts = _named().join(OfficialAnswer, OfficialAnswer.case_id == Case.id)
    drafts = drafts.where(OfficialAnswer.read_at.is_(None), OfficialAnswer.published_at.is_(None), of(reach))
    return db.session.execute(drafts.order_by(Case.due_at, Case.id).limit(SHOWN)).all()


def open_ids_of(account_id: int | None, reach: Reach, *, limit: int) -> Sequence[int]:
    """Return the open cases that somebody has, or nobody, the earliest due first."""
    held = Case.assignee_id == account_id if account_id is not None else Case.assignee_id.is_(None)
    found = select(Case.id).where(held, *_open(reach)).order_by(Case.due_at, Case.id)
    return db.session.scalars(found.limit(limit)).all()


def closed_between(reach: Reach, start: datetime, end: datetime) -> Sequence[Row[int, int]]:
    """Return (id, department_id) of what was closed in a span of time and still is, joined ones left out."""
    by_index = Case.is_listed.in_([True, False])  # all of them, found by when they were closed
    ended = (by_index, Case.closed_at >= start, Case.closed_at < end, Case.status.in_(DECIDED))
    own_end = (Case.outcome != Outcome.JOINED, of(reach))
    return db.session.execute(select(Case.id, Case.department_id).where(*ended, *own_end)).all()


def to_check(case_ids: Sequence[int], week: str) -> Sequence[Any]:
    """Return the cases of a sample with what was found when they were checked."""
    return db.session.execute(
        select(
            Case.id,
            Case.reference,
            original_title(),
            Case.language,
            Case.status,
            Case.outcome,
            Case.department_id,
            ClosedCheck.is_good,
            ClosedCheck.note,
            Account.display_name.label("checked_by"),
        )
        .outerjoin(CaseOriginal, CaseOriginal.case_id == Case.id)
        .outerjoin(ClosedCheck, (ClosedCheck.case_id == Case.id) & (ClosedCheck.week == week))
        .outerjoin(Account, Account.id == ClosedCheck.by_id)
        .where(Case.id.in_(case_ids))
        .order_by(Case.department_id, Case.id)
    ).all()
