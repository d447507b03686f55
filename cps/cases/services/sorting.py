"""How staff bring a case to where it belongs: officer, category, priority, and their notes.

Every function takes a case that was loaded and locked in the running transaction
(`queries.lock_case`) and leaves an event and an audit row.
"""

from datetime import datetime

from cps.accounts.models import Account
from cps.cases.models import Case
from cps.cases.rules import Audience, EventKind, MoveRefused, Priority, Refusal, Turn
from cps.cases.services import handing
from cps.cases.services.steps import acknowledge, trace
from cps.cases.services.story import hand_on, record
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.departments.models import Category


def assign(case: Case, to: Account | None, *, by: Account, at: datetime) -> None:
    """Give the case to one officer, or back to the department."""
    before = case.assignee_id
    case.assignee_id = to.id if to else None
    if before == case.assignee_id:
        return
    acknowledge(case, at)
    if to is not None:
        handing.settle(case, by=by, at=at)
    record(case, EventKind.ASSIGNED, by=by.id, at=at, audience=Audience.STAFF, data={"to": case.assignee_id})
    trace(case, "assign-case", by, at, {"assignee_id": [before, case.assignee_id]})


def categorise(case: Case, category: Category, *, by: Account, at: datetime) -> None:
    """Correct the category. The due date stays: only an extension moves it."""
    if category.kind.value != case.kind.value:
        raise RuleViolation(_("Choose a category of the same kind: of complaints, or of proposals."))
    if category.is_integrity != case.is_integrity:
        raise RuleViolation(_("Complaints about staff or corruption cannot be mixed with other categories."))
    before = case.category_id
    if before == category.id:
        return
    case.category_id = category.id
    acknowledge(case, at)
    record(
        case,
        EventKind.CATEGORISED,
        by=by.id,
        at=at,
        audience=Audience.STAFF,
        data={"from": before, "to": category.id},
    )
    hand_on(case, at=at)
    trace(case, "categorise-case", by, at, {"category_id": [before, category.id]})


def prioritise(case: Case, priority: Priority, *, by: Account, at: datetime) -> None:
    """Say how urgent the case is."""
    before = case.priority
    if before is priority:
        return
    case.priority = priority
    record(case, EventKind.PRIORITISED, by=by.id, at=at, audience=Audience.STAFF, data={"to": priority.value})
    trace(case, "prioritise-case", by, at, {"priority": [before.value, priority.value]})


def note(case: Case, message: str, *, by: Account, at: datetime) -> None:
    """Leave a note that only staff read."""
    if not message.strip():
        raise MoveRefused(Refusal.MESSAGE_MISSING)
    record(case, EventKind.NOTED, by=by.id, at=at, message=message, audience=Audience.STAFF)
    trace(case, "note-case", by, at, {})


def tell_from_place(case: Case, turn: Turn, *, by: Account, at: datetime, message: str = "") -> None:
    """Leave for staff that somebody was at the place, or did not find there what was reported."""
    acknowledge(case, at)
    data = {"turn": turn.value}
    record(case, EventKind.NOTED, by=by.id, at=at, message=message, audience=Audience.STAFF, data=data)
    trace(case, "tell-from-place", by, at, {"turn": [None, turn.value]})


def mark_read(case: Case, *, by: Account, at: datetime) -> None:
    """Note that the reporter's reply was read and needs no answer."""
    if not case.has_unread_reply:
        return
    case.has_unread_reply = False
    case.updated_at = at
    trace(case, "read-reply", by, at, {})
