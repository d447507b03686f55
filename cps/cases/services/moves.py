"""What staff and the reporter do to a case once it is filed.

Every function takes a case that was loaded and locked in the running transaction
(`queries.lock_case`) and leaves an event; what staff do also leaves an audit row.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from cps.accounts.models import Account
from cps.cases import queries, rules
from cps.cases.models import Attachment, Case, CaseEvent
from cps.cases.rules import (
    CLOSED,
    REOPEN_DAYS,
    Audience,
    EventKind,
    Mover,
    MoveRefused,
    Outcome,
    PhotoStage,
    Priority,
    Refusal,
    Status,
)
from cps.cases.services.people import bring_followers
from cps.cases.services.photos import add_photos
from cps.cases.services.story import record
from cps.core import audit
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.departments.models import Category, Department


def move(
    case: Case,
    to: Status,
    *,
    by: Account,
    at: datetime,
    message: str = "",
    language: str = "",
    outcome: Outcome | None = None,
    photos: Sequence[Attachment] = (),
    why_no_photo: str = "",
) -> CaseEvent:
    """Move a case along its life, leave a public trace and tell its followers.

    Raises MoveRefused where the table has no such move, or words, outcome or proof are missing.
    """
    rules.check_move(case.kind, case.status, to, Mover.STAFF, message=message, outcome=outcome)
    if outcome is Outcome.JOINED:
        raise MoveRefused(Refusal.OUTCOME_WRONG)
    if outcome is not None:
        rules.check_proof(
            outcome, is_repair=case.category.is_repair, has_photo=bool(photos), why_no_photo=why_no_photo
        )
    before = case.status
    kind = EventKind.ASKED if to is Status.WAITING_RESIDENT else EventKind.MOVED
    event = _go(case, to, kind, by=by.id, at=at, message=message, language=language, outcome=outcome)
    if why_no_photo.strip():
        event.data = {"why_no_photo": why_no_photo}
    _acknowledge(case, at)
    add_photos(case, photos, PhotoStage.AFTER, event=event)
    _audit(case, "move-case", by, at, {"status": [before.value, to.value], "outcome": [None, outcome]})
    return event


def update(case: Case, *, by: Account, at: datetime, message: str, language: str = "") -> CaseEvent:
    """Tell the public something new without moving the case."""
    if case.status in CLOSED:
        raise MoveRefused(Refusal.NO_SUCH_MOVE)
    if not message.strip():
        raise MoveRefused(Refusal.MESSAGE_MISSING)
    case.has_unread_reply = False
    _acknowledge(case, at)
    event = record(case, EventKind.UPDATED, by=by.id, at=at, message=message, language=language)
    _audit(case, "update-case", by, at, {})
    return event


def take(case: Case, *, by: Account, at: datetime) -> None:
    """Make the officer responsible and the case in hand."""
    assign(case, by, by=by, at=at)
    if case.status in {Status.RECEIVED, Status.TRIAGED, Status.REOPEN_ASKED}:
        rules.check_move(case.kind, case.status, Status.IN_PROGRESS, Mover.STAFF, message="")
        _go(case, Status.IN_PROGRESS, EventKind.MOVED, by=by.id, at=at)


def assign(case: Case, to: Account | None, *, by: Account, at: datetime) -> None:
    """Give the case to one officer, or back to the department."""
    before = case.assignee_id
    case.assignee_id = to.id if to else None
    if before == case.assignee_id:
        return
    _acknowledge(case, at)
    record(case, EventKind.ASSIGNED, by=by.id, at=at, audience=Audience.STAFF, data={"to": case.assignee_id})
    _audit(case, "assign-case", by, at, {"assignee_id": [before, case.assignee_id]})


def release(case: Case, *, by: Account, at: datetime) -> None:
    """Give the case back to its department; what was in hand waits there again, for everybody to see."""
    assign(case, None, by=by, at=at)
    if case.status is Status.IN_PROGRESS:
        rules.check_move(case.kind, case.status, Status.TRIAGED, Mover.STAFF, message="")
        unread = case.has_unread_reply
        _go(case, Status.TRIAGED, EventKind.MOVED, by=by.id, at=at)
        case.has_unread_reply = unread


def mark_read(case: Case, *, by: Account, at: datetime) -> None:
    """Note that the reporter's reply was read and needs no answer."""
    if not case.has_unread_reply:
        return
    case.has_unread_reply = False
    case.updated_at = at
    _audit(case, "read-reply", by, at, {})


def categorise(case: Case, category: Category, *, by: Account, at: datetime) -> None:
    """Correct the category. The due date stays: only an extension moves it."""
    if category.is_integrity != case.is_integrity:
        raise RuleViolation(_("Complaints about staff or corruption cannot be mixed with other categories."))
    before = case.category_id
    if before == category.id:
        return
    case.category_id = category.id
    _acknowledge(case, at)
    record(
        case,
        EventKind.CATEGORISED,
        by=by.id,
        at=at,
        audience=Audience.STAFF,
        data={"from": before, "to": category.id},
    )
    _audit(case, "categorise-case", by, at, {"category_id": [before, category.id]})


def prioritise(case: Case, priority: Priority, *, by: Account, at: datetime) -> None:
    """Say how urgent the case is."""
    before = case.priority
    if before is priority:
        return
    case.priority = priority
    record(case, EventKind.PRIORITISED, by=by.id, at=at, audience=Audience.STAFF, data={"to": priority.value})
    _audit(case, "prioritise-case", by, at, {"priority": [before.value, priority.value]})


def transfer(
    case: Case, department: Department, *, by: Account, at: datetime, reason: str, language: str = ""
) -> None:
    """Hand the case to another department, with a reason that everybody can read; the clock runs on."""
    if case.status in CLOSED:
        raise MoveRefused(Refusal.NO_SUCH_MOVE)
    if not reason.strip():
        raise MoveRefused(Refusal.MESSAGE_MISSING)
    if department.id == case.department_id:
        raise RuleViolation(_("This department has the case already."))
    before = case.department_id
    case.department_id = department.id
    case.assignee_id = None
    if case.status is not Status.RECEIVED:
        case.status = Status.TRIAGED
    _acknowledge(case, at)
    record(
        case,
        EventKind.TRANSFERRED,
        by=by.id,
        at=at,
        message=reason,
        language=language,
        status=case.status,
        data={"from": before, "to": department.id},
    )
    _audit(case, "transfer-case", by, at, {"department_id": [before, department.id]})


def note(case: Case, message: str, *, by: Account, at: datetime) -> None:
    """Leave a note that only staff read."""
    if not message.strip():
        raise MoveRefused(Refusal.MESSAGE_MISSING)
    record(case, EventKind.NOTED, by=by.id, at=at, message=message, audience=Audience.STAFF)
    _audit(case, "note-case", by, at, {})


def join(case: Case, into: Case, *, by: Account, at: datetime, message: str, language: str = "") -> None:
    """Close a case as a duplicate of another; its followers hear of the other from now on."""
    if into.id == case.id or into.joined_to_id is not None:
        raise RuleViolation(_("Choose another case that is not joined to one itself."))
    if into.is_private or into.is_hidden:
        raise RuleViolation(_("A case can only be joined to one that everybody can see."))
    rules.check_move(
        case.kind, case.status, Status.CLOSED, Mover.STAFF, message=message, outcome=Outcome.JOINED
    )
    case.joined_to_id = into.id
    _go(
        case,
        Status.CLOSED,
        EventKind.JOINED,
        by=by.id,
        at=at,
        message=message,
        language=language,
        outcome=Outcome.JOINED,
    )
    bring_followers(case, into, at=at)
    _audit(case, "join-case", by, at, {"joined_to_id": [None, into.id]})


def answer_city(
    case: Case,
    message: str,
    *,
    by: Account | None,
    at: datetime,
    language: str = "",
    photos: Sequence[Attachment] = (),
) -> CaseEvent:
    """Let the reporter answer the city's question, or add something; it lands with the same officer."""
    if not message.strip() and not photos:
        raise MoveRefused(Refusal.MESSAGE_MISSING)
    event = record(
        case,
        EventKind.REPLIED,
        by=by.id if by else None,
        at=at,
        message=message,
        language=language,
        audience=Audience.REPORTER,
    )
    add_photos(case, photos, PhotoStage.REPLY, event=event)
    case.has_unread_reply = True
    if case.status is Status.WAITING_RESIDENT:
        case.status = Status.IN_PROGRESS
    return event


def confirm_fixed(case: Case, *, by: Account | None, at: datetime) -> None:
    """Let the reporter say that it is fixed."""
    if case.status is not Status.CLOSED:
        raise MoveRefused(Refusal.NO_SUCH_MOVE)
    if not queries.was_confirmed(case.id, since=case.closed_at):
        record(case, EventKind.CONFIRMED_FIXED, by=by.id if by else None, at=at)


def ask_reopen(case: Case, message: str, *, by: Account | None, at: datetime, language: str = "") -> None:
    """Let the reporter say that it is not fixed; the case is open again and the city must look."""
    rules.check_move(case.kind, case.status, Status.REOPEN_ASKED, Mover.REPORTER, message=message)
    if case.closed_at is not None and at > case.closed_at + timedelta(days=REOPEN_DAYS):
        raise MoveRefused(Refusal.TOO_LATE)
    _go(
        case,
        Status.REOPEN_ASKED,
        EventKind.REOPEN_ASKED,
        by=by.id if by else None,
        at=at,
        message=message,
        language=language,
    )


def _go(
    case: Case,
    to: Status,
    kind: EventKind,
    *,
    by: int | None,
    at: datetime,
    message: str = "",
    language: str = "",
    outcome: Outcome | None = None,
) -> CaseEvent:
    case.status = to
    case.outcome = outcome
    case.closed_at = at if to in CLOSED else None
    if to not in CLOSED:
        case.joined_to_id = None
    case.has_unread_reply = False
    return record(case, kind, by=by, at=at, message=message, language=language, status=to, outcome=outcome)


def _acknowledge(case: Case, at: datetime) -> None:
    if case.acknowledged_at is None:
        case.acknowledged_at = at


def _audit(case: Case, action: str, by: Account, at: datetime, changes: dict[str, Any]) -> None:
    audit.record(action, about=("case", case.reference), by=by.id, at=at, changes=changes)
