"""Appending to the story of a case."""

from datetime import datetime
from typing import Any

from cps.cases.models import Case, CaseEvent
from cps.cases.rules import Audience, EventKind, Outcome, Status
from cps.core import outbox
from cps.core.db import db


def record(
    case: Case,
    kind: EventKind,
    *,
    by: int | None,
    at: datetime,
    message: str = "",
    language: str = "",
    audience: Audience = Audience.PUBLIC,
    status: Status | None = None,
    outcome: Outcome | None = None,
    public_from: datetime | None = None,
    data: dict[str, Any] | None = None,
    tells: bool = True,
) -> CaseEvent:
    """Append an event and, unless it is for staff only, state it so that people are told.

    `public_from` is when others than staff may read it and messages may leave; now when left out. With
    `tells` off nobody is told by this event: the caller states one fact for many cases at once.
    """
    event = CaseEvent(
        case_id=case.id,
        kind=kind,
        audience=audience,
        at=at,
        public_from=public_from or at,
        actor_id=by,
        message=message,
        language=language,
        status=status,
        outcome=outcome,
        data=data or {},
    )
    db.session.add(event)
    case.updated_at = at
    db.session.flush()
    if tells and audience is not Audience.STAFF:
        outbox.state(outbox.Fact.CASE_EVENT, event.id, at=at, not_before=event.public_from)
    return event


def begin(case: Case, *, by: int | None, at: datetime) -> None:
    """Add the first event of a case, and state that it was filed; both are written with the next flush."""
    received = case.received_at
    db.session.add(
        CaseEvent(case_id=case.id, kind=EventKind.FILED, at=received, public_from=received, actor_id=by)
    )
    outbox.state(outbox.Fact.CASE_FILED, case.id, at=at)
