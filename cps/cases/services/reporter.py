"""What the reporter does to a case once it is filed.

Every function takes a case that was loaded and locked in the running transaction
(`queries.lock_case`) and leaves an event.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from cps.accounts.models import Account
from cps.cases import queries, rules
from cps.cases.models import Attachment, Case, CaseEvent
from cps.cases.rules import (
    REOPEN_DAYS,
    Audience,
    EventKind,
    Mover,
    MoveRefused,
    PhotoStage,
    Refusal,
    Status,
    Turn,
)
from cps.cases.rules.asking import Tapped, words_of
from cps.cases.services import asking, clock
from cps.cases.services.photos import add_photos
from cps.cases.services.steps import go
from cps.cases.services.story import record


def answer_city(
    case: Case,
    message: str,
    *,
    by: Account | None,
    at: datetime,
    language: str = "",
    photos: Sequence[Attachment] = (),
    tapped: Tapped | None = None,
) -> CaseEvent:
    """Let the reporter answer the city's question, or add something; it lands with the same officer.

    An answer that was `tapped` stands in the story before the words. Raises MoveRefused where there is
    nothing to read, or a tap comes too late: the case is closed, or the question answered or left behind.
    """
    question = asking.asked_by(case, tapped)
    choice = question.choices[tapped.choice] if question is not None and tapped is not None else ""
    message = words_of(choice, message)
    if not message and not photos:
        raise MoveRefused(Refusal.MESSAGE_MISSING)
    is_late = question is not None and question.ended_at is not None
    event = record(
        case,
        EventKind.REPLIED,
        by=by.id if by else None,
        at=at,
        message=message,
        language=language,
        audience=Audience.REPORTER,
        data={"turn": Turn.LATE_REPLY.value} if is_late else None,
    )
    add_photos(case, photos, PhotoStage.REPLY, event=event)
    case.has_unread_reply = True
    if question is not None:
        asking.answer(question, event, tapped.choice if tapped else None, at=at)
        asking.back_to_asker(case, question, at)
    if case.status is Status.WAITING_RESIDENT:
        clock.follow(case, Status.IN_PROGRESS, at)
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
    go(
        case,
        Status.REOPEN_ASKED,
        EventKind.REOPEN_ASKED,
        by=by.id if by else None,
        at=at,
        message=message,
        language=language,
    )
