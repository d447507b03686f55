"""Joining a complaint to another that tells of the same, and parting them again.

Both cases were loaded and locked in the running transaction by `queries.lock_pair`, so that two joins at the
same moment never make a circle and never wait for each other.
"""

from datetime import datetime

from cps.accounts.models import Account
from cps.cases import queries, rules
from cps.cases.models import Case, CaseEvent
from cps.cases.rules import (
    Audience,
    CaseKind,
    EventKind,
    Mover,
    MoveRefused,
    Outcome,
    Refusal,
    Status,
    Turn,
)
from cps.cases.services.handing import settle
from cps.cases.services.people import bring_people, take_people_back
from cps.cases.services.steps import go, trace
from cps.cases.services.story import record
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _


def join(case: Case, into: Case, *, by: Account, at: datetime, message: str, language: str = "") -> None:
    """Close a complaint as a duplicate of another, whose news reaches everybody who asked from now on.

    Its followers and supporters move, each account counts once. Its reporter and followers are told; the
    other's story names it. Raises RuleViolation where the other is joined itself, or not for everybody.
    """
    if into.id == case.id or into.joined_to_id is not None:
        raise RuleViolation(_("Choose another case that is not joined to one itself."))
    if {case.kind, into.kind} != {CaseKind.COMPLAINT}:
        raise RuleViolation(_("Complaints are joined to complaints; proposals are joined on their own page."))
    if case.is_integrity:
        raise RuleViolation(_("Complaints about staff are joined to nothing: others would see them there."))
    if into.is_private or into.is_hidden:
        raise RuleViolation(_("A case can only be joined to one that everybody can see."))
    rules.check_move(
        case.kind, case.status, Status.CLOSED, Mover.STAFF, message=message, outcome=Outcome.JOINED
    )
    stood = {"was": case.status.value, "unread": case.has_unread_reply}
    was_answered = case.answered_at is not None
    case.joined_to_id = into.id
    go(
        case,
        Status.CLOSED,
        EventKind.JOINED,
        by=by.id,
        at=at,
        message=message,
        language=language,
        outcome=Outcome.JOINED,
        data={**stood, "answered": was_answered},
    )
    settle(case, by=by, at=at)
    bring_people(case, into, at=at)
    _note_there(into, case, Turn.JOINED_HERE, by, at)
    trace(case, "join-case", by, at, {"joined_to_id": [None, into.id]})


def part(case: Case, into: Case, *, by: Account, at: datetime, message: str, language: str = "") -> None:
    """Undo a join with a public reason: the case stands where it stood, with its own people and its date.

    Who came to the other case by the join alone leaves it. Raises RuleViolation where it is not joined to it,
    or the other was joined further meanwhile: then that is undone first.
    """
    if case.outcome is not Outcome.JOINED or case.joined_to_id != into.id or case.closed_at is None:
        raise RuleViolation(_("This case is not joined to another."))
    if into.joined_to_id is not None:
        raise RuleViolation(_("The other case was joined further. Undo that first."))
    if not message.strip():
        raise MoveRefused(Refusal.MESSAGE_MISSING)
    joined = queries.newest_join(case.id)
    stood = joined.data if joined is not None else {}
    take_people_back(case, into, joined_at=case.closed_at, at=at)
    reopened = case.reopened
    go(
        case,
        Status(stood.get("was", Status.TRIAGED)),
        EventKind.MOVED,
        by=by.id,
        at=at,
        message=message,
        language=language,
        data={"turn": Turn.PARTED.value},
    )
    case.reopened, case.has_unread_reply = reopened, bool(stood.get("unread"))
    if not stood.get("answered"):
        case.answered_at = None  # to be joined was no answer
    _note_there(into, case, Turn.PARTED_HERE, by, at)
    trace(case, "part-case", by, at, {"joined_to_id": [into.id, None]})


def _note_there(into: Case, case: Case, turn: Turn, by: Account, at: datetime) -> CaseEvent:
    """Let the story of the other case say it; what is not public is named to staff alone."""
    audience = Audience.PUBLIC if case.is_listed else Audience.STAFF
    data = {"turn": turn.value, "case": case.reference}
    return record(into, EventKind.JOINED, by=by.id, at=at, audience=audience, data=data, tells=False)
