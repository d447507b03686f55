"""Taking acts of the desk back before anybody outside was told: columns return, the stories grow by an entry.

What the acts wrote stays in the stories, for staff alone. Nothing else is deleted but that people follow or
back a case because of a join, and that a transfer, a question or an end waits for an answer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from cps.accounts.models import Account
from cps.cases import queries
from cps.cases.clock_models import ExtensionRequest
from cps.cases.closing_models import ClosingRequest
from cps.cases.handoff_models import Transfer
from cps.cases.models import Case, CaseEvent
from cps.cases.queries import asking, handing, integrity, seconding
from cps.cases.question_models import CaseQuestion
from cps.cases.rules import Audience, EventKind, Outcome, Priority, Status
from cps.cases.rules.holding import UNDONE
from cps.cases.services import about_staff
from cps.cases.services.people import take_people_back
from cps.cases.services.steps import trace
from cps.cases.services.story import told_as
from cps.core import outbox
from cps.core.db import db
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _

_PLAIN = (
    *("category_id", "department_id", "assignee_id", "joined_to_id", "pause_used", "reopened"),
    *("has_unread_reply", "is_private", "is_integrity"),
)
_MOMENTS = ("acknowledged_at", "paused_at", "pause_ends_at", "answered_at", "closed_at")
_WORDS: Mapping[str, type[StrEnum]] = {"status": Status, "outcome": Outcome, "priority": Priority}


@dataclass(frozen=True, slots=True)
class ToUndo:
    """A case, what `remember` said of it before an act, and what the act held back (`Held.as_json`)."""

    case: Case
    before: Mapping[str, Any]
    held: Mapping[str, Sequence[int]]


def remember(case: Case) -> dict[str, Any]:
    """Return what undoing an act needs of the case as it is before, ready for a column of JSON."""
    request, transfer = queries.waiting_request(case.id), handing.waiting_transfer(case.id)
    question, second = asking.waiting_question(case.id), seconding.waiting_closing(case.id)
    return {
        **{name: getattr(case, name) for name in _PLAIN},
        **{name: _iso(getattr(case, name)) for name in _MOMENTS},
        **{name: getattr(case, name) for name in _WORDS},
        "due_at": _iso(case.due_at),
        "request": request.id if request is not None else None,
        "transfer": transfer.id if transfer is not None else None,
        "question": question.id if question is not None else None,
        "second": second.id if second is not None else None,
    }


def can_be_undone(case: Case, before: Mapping[str, Any]) -> bool:
    """Return whether the columns may return: a due date that moved never moves back (docs/clock.md).

    Nor is it forgotten whom a case names that was a complaint about staff before and is one again.
    """
    if _was_handed_over(case, before) and integrity.was_released(case.id):
        return False
    return bool(_iso(case.due_at) == before["due_at"])


def _was_handed_over(case: Case, before: Mapping[str, Any]) -> bool:
    """Return whether the act handed the case to the integrity officers."""
    return case.is_integrity and not before.get("is_integrity", True)


def restore(acts: Sequence[ToUndo], *, by: Account, at: datetime) -> None:
    """Let cases stand as they were remembered, and the events of the acts be for staff alone.

    The cases, and those they are joined to, are locked; they can be undone, and nobody has changed them
    since. Raises RuleViolation where a message is leaving already.
    """
    _take_back(acts, at)
    for act in acts:
        if _was_handed_over(act.case, act.before):
            about_staff.take_back(act.case, act.held["events"], by=by, at=at)
        _restore_one(act.case, act.before, by, at)
    db.session.flush()


def _take_back(acts: Sequence[ToUndo], at: datetime) -> None:
    told = [told_as(key) for act in acts for key in act.held["told"]]
    if outbox.withdraw(outbox.Fact.CASE_EVENT, told, at=at) < len(told):
        raise RuleViolation(_("It is too late: the messages are leaving."))
    event_ids = [key for act in acts for key in act.held["events"]]
    for event in queries.events_of(event_ids):
        event.audience = Audience.STAFF
        event.data = {**event.data, UNDONE: True}
    for photo in queries.photos_of_events(event_ids):
        photo.is_hidden = True
    for transfer in handing.transfers_told_by(event_ids):
        db.session.delete(transfer)
    for question in asking.questions_told_by(event_ids):
        db.session.delete(question)
    for second in seconding.closings_told_by(event_ids):
        db.session.delete(second)
    db.session.flush()


def _restore_one(case: Case, before: Mapping[str, Any], by: Account, at: datetime) -> None:
    was = case.status
    if case.joined_to_id is not None and before["joined_to_id"] is None:
        _leave(case, at)
    _wait_again(before)
    _put_back(case, before)
    case.updated_at = case.alarm_at = at
    message = _("Undone before anybody outside was told.")
    db.session.add(
        CaseEvent(case_id=case.id, kind=EventKind.NOTED, audience=Audience.STAFF, at=at, public_from=at,
                  actor_id=by.id, message=message)
    )  # fmt: skip
    trace(case, "undo", by, at, {"status": [was.value, case.status.value]})


def _leave(case: Case, at: datetime) -> None:
    """Let those leave the other case whom the join brought there."""
    into, joined_at = case.joined_to, case.closed_at
    if into is None or joined_at is None or into.joined_to_id is not None:
        raise RuleViolation(_("The other case was joined further. Undo that first."))
    take_people_back(case, into, joined_at=joined_at, at=at)


def _wait_again(before: Mapping[str, Any]) -> None:
    """Let what was waiting for somebody before the act wait again: of staff, a department, the reporter."""
    if before["request"] is not None:
        request = db.session.get_one(ExtensionRequest, before["request"])
        request.decided_at = request.is_granted = None
    if before["transfer"] is not None:
        transfer = db.session.get_one(Transfer, before["transfer"])
        transfer.answer = transfer.answered_at = transfer.answered_by_id = None
        transfer.answer_event_id = transfer.names_id = None
        transfer.whose = ""
    if before.get("second") is not None:
        second = db.session.get_one(ClosingRequest, before["second"])
        second.decided_at = second.is_granted = second.answer_event_id = None
    if before.get("question") is not None:
        question = db.session.get_one(CaseQuestion, before["question"])
        question.ended_at = question.ending = None


def _put_back(case: Case, before: Mapping[str, Any]) -> None:
    for name in _PLAIN:
        setattr(case, name, before.get(name, getattr(case, name)))
    for name in _MOMENTS:
        moment = before[name]
        setattr(case, name, datetime.fromisoformat(moment) if moment is not None else None)
    for name, kind in _WORDS.items():
        word = before[name]
        setattr(case, name, kind(word) if word is not None else None)


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None
