"""How staff move a case along its life and tell the public.

Every function takes a case that was loaded and locked in the running transaction
(`queries.lock_case`) and leaves an event and an audit row.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from cps.accounts.models import Account
from cps.cases import rules
from cps.cases.models import Attachment, Case, CaseEvent
from cps.cases.rules import (
    CLOSED,
    CaseKind,
    EventKind,
    Mover,
    MoveRefused,
    Outcome,
    PhotoStage,
    Refusal,
    Status,
    Turn,
)
from cps.cases.rules.asking import PLAINLY, ToAsk
from cps.cases.services import asking
from cps.cases.services.handing import settle
from cps.cases.services.needing import is_second, needs_of
from cps.cases.services.photos import add_photos
from cps.cases.services.sorting import assign
from cps.cases.services.steps import acknowledge, go, trace
from cps.cases.services.story import record
from cps.departments.rules import Needs


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
    data: dict[str, Any] | None = None,
    tells: bool = True,
    asks: ToAsk = PLAINLY,
    agreed: bool | None = None,
) -> CaseEvent:
    """Move a case along its life, leave a public trace and tell its followers, unless `tells` is off.

    A move that waits for the resident is a question, with what it `asks`. Proposals are moved by
    `proposals.services`, which know of answers and units. `agreed` says whether two pairs of eyes were
    on it, where that is known. Raises MoveRefused as `check` does.
    """
    if agreed is None:
        agreed = is_second(case, by)
    check(
        case,
        to,
        needs_of(case, by),
        message=message,
        outcome=outcome,
        has_photo=bool(photos),
        why_no_photo=why_no_photo,
        is_second=agreed,
    )
    before, is_question = case.status, to is Status.WAITING_RESIDENT
    kind = EventKind.ASKED if is_question else EventKind.MOVED
    event = go(
        case,
        to,
        kind,
        by=by.id,
        at=at,
        message=message,
        language=language,
        outcome=outcome,
        data={
            **(data or {}),
            **({"why_no_photo": why_no_photo} if why_no_photo.strip() else {}),
            **(asking.told_with(asks, at) if is_question else {}),
        },
        tells=tells,
    )
    if is_question:
        asking.begin(case, event, by=by.id, at=at)
    acknowledge(case, at)
    settle(case, by=by, at=at)
    add_photos(case, photos, PhotoStage.AFTER, event=event)
    trace(case, "move-case", by, at, {"status": [before.value, to.value], "outcome": [None, outcome]})
    return event


def check(
    case: Case,
    to: Status,
    needs: Needs,
    *,
    message: str,
    outcome: Outcome | None,
    has_photo: bool,
    why_no_photo: str,
    is_second: bool,
) -> None:
    """Raise MoveRefused where the table has no such move of staff, or it lacks what it needs.

    These are words, an outcome, proof, and what else the category asks for (`needing.needs_of`).
    """
    if case.kind is not CaseKind.COMPLAINT:
        raise MoveRefused(Refusal.NO_SUCH_MOVE)
    rules.check_move(case.kind, case.status, to, Mover.STAFF, message=message, outcome=outcome)
    if outcome is Outcome.JOINED:
        raise MoveRefused(Refusal.OUTCOME_WRONG)
    if outcome is not None:
        rules.check_proof(
            outcome, is_repair=case.category.is_repair, has_photo=has_photo, why_no_photo=why_no_photo
        )
    rules.check_needs(
        needs,
        to,
        outcome,
        message=message,
        has_proof=has_photo or bool(why_no_photo.strip()),
        is_second=is_second,
    )


def update(
    case: Case, *, by: Account, at: datetime, message: str, language: str = "", turn: Turn | None = None
) -> CaseEvent:
    """Tell the public something new without moving the case; `turn` says what else it means."""
    if case.status in CLOSED:
        raise MoveRefused(Refusal.NO_SUCH_MOVE)
    if not message.strip():
        raise MoveRefused(Refusal.MESSAGE_MISSING)
    case.has_unread_reply = False
    acknowledge(case, at)
    settle(case, by=by, at=at)
    data = {"turn": turn.value} if turn is not None else {}
    event = record(case, EventKind.UPDATED, by=by.id, at=at, message=message, language=language, data=data)
    trace(case, "update-case", by, at, {})
    return event


def take(case: Case, *, by: Account, at: datetime) -> None:
    """Make the officer responsible and the case in hand.

    Where its category wants words for that, it is in hand with the officer's first message.
    """
    assign(case, by, by=by, at=at)
    is_silent = Status.IN_PROGRESS.value not in Needs.of(case.category.needs).message
    if is_silent and case.status in {Status.RECEIVED, Status.TRIAGED, Status.REOPEN_ASKED}:
        rules.check_move(case.kind, case.status, Status.IN_PROGRESS, Mover.STAFF, message="")
        go(case, Status.IN_PROGRESS, EventKind.MOVED, by=by.id, at=at)


def release(case: Case, *, by: Account, at: datetime) -> None:
    """Give the case back to its department; what was in hand waits there again, for everybody to see."""
    assign(case, None, by=by, at=at)
    if case.status is Status.IN_PROGRESS:
        rules.check_move(case.kind, case.status, Status.TRIAGED, Mover.STAFF, message="")
        unread = case.has_unread_reply
        go(case, Status.TRIAGED, EventKind.MOVED, by=by.id, at=at)
        case.has_unread_reply = unread
