"""The course of an open poll: extended, suspended, resumed, closed, void."""

from datetime import datetime

from cps.accounts.models import Account
from cps.core.db import db
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.server_time import server_time
from cps.polls import queries
from cps.polls.models import Poll, PollExtension
from cps.polls.rules import MoveRefused, PollEventKind, PollState, Refusal
from cps.polls.services import live
from cps.polls.services.events import move, record


def extend(poll: Poll, closes_at: datetime, *, by: Account, at: datetime, reason: str) -> None:
    """Let an open poll close later, with a reason that everybody can read. The end never moves earlier."""
    if poll.state is not PollState.OPEN or poll.closes_at is None or poll.closes_at <= at:
        raise MoveRefused(Refusal.NO_SUCH_MOVE)
    if not reason.strip():
        raise MoveRefused(Refusal.REASON_MISSING)
    if closes_at <= poll.closes_at:
        raise RuleViolation(_("The new end must be later than the one that was announced."))
    before = poll.closes_at
    db.session.add(PollExtension(poll_id=poll.id, at=at, by_id=by.id, closes_at=closes_at, reason=reason))
    db.session.flush()  # the trigger lets the end move only to that of an extension
    poll.closes_at = closes_at
    poll.updated_at = at
    ends = [before.isoformat(), closes_at.isoformat()]
    record(poll, PollEventKind.EXTENDED, by=by, at=at, text=reason, closes_at=ends)


def tell_incident(poll: Poll, *, by: Account, at: datetime, text: str) -> None:
    """Put something that went wrong on the public record; it also stands in the protocol."""
    if poll.is_draft:
        raise MoveRefused(Refusal.NO_SUCH_MOVE)
    if not text.strip():
        raise MoveRefused(Refusal.REASON_MISSING)
    poll.updated_at = at
    record(poll, PollEventKind.INCIDENT, by=by, at=at, text=text)


def suspend(poll: Poll, *, at: datetime, text: str, **data: int) -> None:
    """Take no more votes: what a restored copy makes of an open poll until an administrator decides."""
    move(poll, PollState.SUSPENDED, at=at)
    record(poll, PollEventKind.SUSPENDED, by=None, at=at, text=text, **data)


def resume(poll: Poll, *, by: Account, at: datetime, reason: str) -> None:
    """Take votes again after an interruption, with a public reason."""
    if poll.state is not PollState.SUSPENDED:
        raise MoveRefused(Refusal.NO_SUCH_MOVE)
    move(poll, PollState.OPEN, at=at, reason=reason)
    record(poll, PollEventKind.RESUMED, by=by, at=at, text=reason)


def void(poll: Poll, *, by: Account, at: datetime, reason: str) -> None:
    """Declare a poll void for good, with a public reason; waits for votes under way."""
    queries.lock_alone(poll.id)
    move(poll, PollState.VOID, at=at, reason=reason)
    poll.void_reason = reason.strip()
    live.end(poll.id)
    record(poll, PollEventKind.VOID, by=by, at=at, text=reason)


def close_if_over(poll_id: int) -> bool:
    """Close a poll whose end has come, in the running transaction; False where there is nothing to close.

    Takes the lock for itself first: every vote that was taken is committed, and none is taken afterwards.
    """
    queries.lock_alone(poll_id)
    poll = db.session.get(Poll, poll_id, populate_existing=True)
    at = server_time()
    if poll is None or poll.state is not PollState.OPEN or poll.closes_at is None or at < poll.closes_at:
        return False
    move(poll, PollState.CLOSED, at=at)
    poll.closed_at = at
    live.end(poll_id)
    voted = queries.on_roll(poll_id, on_paper=False)
    record(poll, PollEventKind.CLOSED, by=None, at=at, roll=voted)
    return True
