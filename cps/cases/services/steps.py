"""What steps of a case have in common: where it stands, that the city has seen it, the trace of staff."""

from datetime import datetime
from typing import Any

from cps.accounts.models import Account
from cps.cases.models import Case, CaseEvent
from cps.cases.rules import CLOSED, DECIDED, EventKind, Outcome, Status
from cps.cases.services import asking, clock
from cps.cases.services.story import record
from cps.core import audit


def go(
    case: Case,
    to: Status,
    kind: EventKind,
    *,
    by: int | None,
    at: datetime,
    message: str = "",
    language: str = "",
    outcome: Outcome | None = None,
    data: dict[str, Any] | None = None,
    tells: bool = True,
) -> CaseEvent:
    """Let the case stand where the rules let it go, and tell it; what was waiting for an answer is over.

    An outcome that was given stays while the case goes on among the statuses that have one.
    """
    asking.end(case, to, at)
    stays_decided = case.status in DECIDED and to in DECIDED
    clock.follow(case, to, at)
    case.status = to
    case.outcome = case.outcome if stays_decided else outcome
    if to not in CLOSED:
        case.joined_to_id = None
    case.has_unread_reply = False
    return record(
        case,
        kind,
        by=by,
        at=at,
        message=message,
        language=language,
        status=to,
        outcome=outcome,
        data=data,
        tells=tells,
    )


def acknowledge(case: Case, at: datetime) -> None:
    """Keep when the city first did something with the case."""
    if case.acknowledged_at is None:
        case.acknowledged_at = at


def trace(case: Case, action: str, by: Account, at: datetime, changes: dict[str, Any]) -> None:
    """Leave the audit row of what staff did to a case."""
    audit.record(action, about=("case", case.reference), by=by.id, at=at, changes=changes)
