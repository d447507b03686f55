"""Appending to the story of a case."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cps.cases.models import Case, CaseEvent
from cps.cases.rules import Audience, EventKind, Outcome, Status
from cps.core import outbox
from cps.core.db import db


@dataclass(frozen=True, slots=True)
class Held:
    """Events that are held back until a moment, and which of them people are to be told of then."""

    until: datetime
    event_ids: list[int] = field(default_factory=list)
    told_ids: list[int] = field(default_factory=list)

    @property
    def as_json(self) -> dict[str, list[int]]:
        """The same for a column of JSON."""
        return {"events": self.event_ids, "told": self.told_ids}


_held: ContextVar[Held | None] = ContextVar("held", default=None)


@contextmanager
def held_until(moment: datetime) -> Iterator[Held]:
    """Hold back what the block tells: it is public, and messages leave, from this moment on.

    Yields what was recorded so far, so that it can be taken back until then.
    """
    held = Held(moment)
    token = _held.set(held)
    try:
        yield held
    finally:
        _held.reset(token)


def hold_until(at: datetime) -> datetime:
    """Return when what is stated now goes out: at once, or when what the block around holds back does."""
    held = _held.get()
    return held.until if held else at


def told_as(event_id: int) -> str:
    """Return the key under which it is stated that people are to be told of an event."""
    return f"event:{event_id}"


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

    `public_from` is when others than staff may read it and messages may leave; when left out now, or when
    what is `held_until` goes out. With `tells` off nobody is told by this event: the caller states one fact
    for many cases at once.
    """
    held = _held.get()
    event = CaseEvent(
        case_id=case.id,
        kind=kind,
        audience=audience,
        at=at,
        public_from=public_from or (held.until if held else at),
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
    if held is not None:
        held.event_ids.append(event.id)
    if tells and audience is not Audience.STAFF:
        if held is not None:
            held.told_ids.append(event.id)
        key = told_as(event.id)
        outbox.state(outbox.Fact.CASE_EVENT, event.id, at=at, not_before=event.public_from, dedupe_key=key)
    return event


def begin(case: Case, *, by: int | None, at: datetime) -> None:
    """Add the first event of a case, and state that it was filed; both are written with the next flush."""
    received = case.received_at
    db.session.add(
        CaseEvent(case_id=case.id, kind=EventKind.FILED, at=received, public_from=received, actor_id=by)
    )
    outbox.state(outbox.Fact.CASE_FILED, case.id, at=at)


def hand_on(case: Case, *, at: datetime) -> None:
    """State that a case lies at a department it did not lie at, or means something else to it now.

    What follows looks at where the case lies then: an act that is taken back meanwhile has no sequel.
    """
    outbox.state(outbox.Fact.CASE_HANDED, case.id, at=at, not_before=hold_until(at))
