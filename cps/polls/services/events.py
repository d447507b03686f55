"""What happened to a poll, for everybody to read, with the audit row of whoever did it."""

from datetime import datetime
from typing import Any

from cps.accounts.models import Account
from cps.core import audit
from cps.core.db import db
from cps.polls.models import Poll, PollEvent
from cps.polls.rules import PollEventKind, PollState, check_move


def move(poll: Poll, to: PollState, *, at: datetime, reason: str = "") -> None:
    """Move a locked poll along its life; raises MoveRefused where the table has no such move."""
    check_move(poll.state, to, reason=reason)
    poll.state = to
    poll.updated_at = at


def record(
    poll: Poll, kind: PollEventKind, *, by: Account | None, at: datetime, text: str = "", **data: Any
) -> PollEvent:
    """Append an event; what a person did also leaves an audit row."""
    event = PollEvent(poll_id=poll.id, kind=kind, at=at, by_id=by.id if by else None, text=text, data=data)
    db.session.add(event)
    if by is not None:
        audit.record(f"poll-{kind}", about=("poll", poll.slug), by=by.id, at=at, changes=data)
    return event
