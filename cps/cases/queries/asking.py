"""Reads of questions to reporters."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from cps.cases.models import Case
from cps.cases.question_models import CaseQuestion
from cps.cases.rules import QuestionEnding
from cps.core.db import db


def waiting_question(case_id: int) -> CaseQuestion | None:
    """Return the question of a case that waits for its answer."""
    found = select(CaseQuestion).where(CaseQuestion.case_id == case_id, CaseQuestion.ended_at.is_(None))
    return db.session.scalars(found).one_or_none()


def newest_question(case_id: int) -> CaseQuestion | None:
    """Return what the reporter of a case was asked last."""
    found = select(CaseQuestion).where(CaseQuestion.case_id == case_id)
    return db.session.scalars(found.order_by(CaseQuestion.id.desc()).limit(1)).one_or_none()


def question_told_by(event_id: int) -> CaseQuestion | None:
    """Return the question that was asked with an event; None where that was undone."""
    found = select(CaseQuestion).where(CaseQuestion.event_id == event_id)
    return db.session.scalars(found.execution_options(populate_existing=True)).one_or_none()


def questions_told_by(event_ids: Sequence[int]) -> Sequence[CaseQuestion]:
    """Return the questions that were asked with these events."""
    return db.session.scalars(select(CaseQuestion).where(CaseQuestion.event_id.in_(event_ids))).all()


def lock_case_of(question: CaseQuestion) -> Case:
    """Return the case of a question, locked for the running write transaction."""
    found = select(Case).where(Case.id == question.case_id).with_for_update(of=Case, key_share=True)
    return db.session.scalars(found.execution_options(populate_existing=True)).one()


def silent_among(case_ids: Iterable[int]) -> frozenset[int]:
    """Return which of these cases were asked something last that nobody has answered in time."""
    wanted = list(case_ids)
    if not wanted:
        return frozenset()
    newest = (
        select(CaseQuestion.case_id, CaseQuestion.ending, CaseQuestion.answered_at)
        .where(CaseQuestion.case_id.in_(wanted))
        .order_by(CaseQuestion.id)
    )
    last = {row.case_id: row for row in db.session.execute(newest)}
    is_silent = (row for row in last.values() if row.ending is QuestionEnding.LAPSED and not row.answered_at)
    return frozenset(row.case_id for row in is_silent)
