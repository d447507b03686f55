"""Questions to the reporter of a case: asked, answered by a tap or in words, over when their time is.

Every function takes a case that was loaded and locked in the running transaction (`queries.lock_case`), but
for `lapse`, which locks it.
"""

from datetime import datetime
from typing import Any

from cps.cases import queries
from cps.cases.models import Case, CaseEvent
from cps.cases.queries import asking, integrity
from cps.cases.question_models import CaseQuestion
from cps.cases.rules import CLOSED, Audience, EventKind, MoveRefused, QuestionEnding, Refusal, Status, Turn
from cps.cases.rules import asking as rules
from cps.cases.rules.asking import Tapped, ToAsk
from cps.cases.services import clock
from cps.cases.services.story import record
from cps.core import outbox
from cps.core.db import db
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _

END = "question-ends"
"""The job that looks at a question when its time is over."""


def told_with(asks: ToAsk, at: datetime) -> dict[str, Any]:
    """Return what the event of a question keeps of it; raises RuleViolation where it cannot be asked so."""
    days = asks.days or clock.settings().reply_days
    if not rules.are_choices(asks.choices):
        raise RuleViolation(_("Offer two to four short answers, or none."))
    if not 1 <= days <= rules.MOST_REPLY_DAYS:
        raise RuleViolation(_("Choose a date from the list."))
    until = rules.ends_at(at, days, clock.calendar().now)
    return {"choices": list(asks.choices), "until": until.isoformat()}


def begin(case: Case, event: CaseEvent, *, by: int | None, at: datetime) -> None:
    """Let the question of an event wait for its answer; the reporter is reminded once, half way."""
    until = datetime.fromisoformat(event.data["until"])
    db.session.add(
        CaseQuestion(
            case_id=case.id,
            event_id=event.id,
            asked_by_id=by,
            asked_at=at,
            choices=event.data["choices"],
            ends_at=until,
        )
    )
    key = f"question:{event.id}"
    reminds_at = rules.reminds_at(at, until, clock.calendar().now)
    outbox.state(outbox.Fact.QUESTION_WAITS, event.id, at=at, not_before=reminds_at, dedupe_key=key)
    outbox.enqueue(END, at=at, not_before=until, dedupe_key=key, event_id=event.id)
    db.session.flush()


def end(case: Case, to: Status, at: datetime) -> None:
    """End what waits for the reporter where a case that moves leaves it behind: asked anew, or gone on.

    What a department was asked that hands the case on waits still: its answer goes along.
    """
    waits = Status.WAITING_RESIDENT
    leaves = case.status is waits or to is waits or to in CLOSED
    question = asking.waiting_question(case.id) if leaves else None
    if question is not None:
        question.ending = QuestionEnding.REPLACED if to is waits else QuestionEnding.WENT_ON
        question.ended_at = at
        db.session.flush()


def asked_by(case: Case, tapped: Tapped | None) -> CaseQuestion | None:
    """Return what a reply answers: what was tapped, else what waits or lapsed unanswered, if anything.

    Raises MoveRefused where a tap comes after the end of the case, after another reply to its question, or
    after the city asked something else or went on. Words are always taken: they may have come by mail.
    """
    newest = asking.newest_question(case.id)
    if tapped is None:
        is_open = newest is not None and newest.ending in {None, QuestionEnding.LAPSED}
        return newest if newest is not None and is_open and newest.answered_at is None else None
    if case.status in CLOSED:
        raise MoveRefused(Refusal.CLOSED_MEANWHILE)
    if newest is None or newest.id != tapped.question_id:
        raise MoveRefused(Refusal.ASKED_ANEW)
    if newest.answered_at is not None:
        raise MoveRefused(Refusal.ANSWERED_ALREADY)
    if newest.ending is QuestionEnding.WENT_ON or not 0 <= tapped.choice < len(newest.choices):
        raise MoveRefused(Refusal.ASKED_ANEW)
    return newest


def answer(question: CaseQuestion, event: CaseEvent, choice: int | None, *, at: datetime) -> None:
    """Keep what answered a question; one whose time was over stays lapsed."""
    question.answered_at, question.answer_event_id, question.choice = at, event.id, choice
    if question.ended_at is None:
        question.ended_at, question.ending = at, QuestionEnding.ANSWERED
    db.session.flush()


def back_to_asker(case: Case, question: CaseQuestion, at: datetime) -> None:
    """Let the case lie with who asked, unless somebody has it or they work elsewhere by now.

    A complaint about staff lies with nobody who may not see it: whoever it names by now asked before.
    """
    asker = question.asked_by_id
    if asker is None or case.assignee_id is not None:
        return
    if case.is_integrity and asker not in integrity.handlers_of(case.id):
        return
    if case.department_id in queries.reach_of(asker).departments:
        case.assignee_id = asker
        record(case, EventKind.ASSIGNED, by=None, at=at, audience=Audience.STAFF, data={"to": asker})


def lapse(event_id: int, at: datetime) -> bool:
    """End the question of an event that nobody has answered; returns whether it waited until now.

    The case goes back to who asked, as in hand, and is never closed by that. A reply is welcome still.
    """
    question = asking.question_told_by(event_id)
    if question is None:
        return False
    case = asking.lock_case_of(question)
    db.session.refresh(question)
    if question.ended_at is not None:
        return False
    question.ended_at, question.ending = at, QuestionEnding.LAPSED
    if case.status is Status.WAITING_RESIDENT:
        clock.follow(case, Status.IN_PROGRESS, question.ends_at)  # however late the worker comes
        case.status = Status.IN_PROGRESS
    case.has_unread_reply = True
    record(case, EventKind.MOVED, by=None, at=at, audience=Audience.REPORTER, status=case.status, tells=False,
           data={"turn": Turn.NO_REPLY.value})  # fmt: skip
    back_to_asker(case, question, at)
    return True
