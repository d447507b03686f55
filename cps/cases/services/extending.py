"""More time for a case: with a public reason, an interim reply to the resident, and a supervisor's yes.

Every function takes a case that was loaded and locked in the running transaction
(`queries.lock_case`) and leaves an event and an audit row.
"""

from dataclasses import dataclass
from datetime import datetime

from cps.accounts.models import Account
from cps.accounts.rules import Role
from cps.cases import queries
from cps.cases.clock_models import DueChange, ExtensionRequest
from cps.cases.models import Case, CaseEvent
from cps.cases.rules import Audience, EventKind
from cps.cases.rules import clock as rules
from cps.cases.rules.clock import ExtensionRefusal, ExtensionRefused
from cps.cases.services import clock
from cps.cases.services.steps import acknowledge, trace
from cps.cases.services.story import record
from cps.core import outbox
from cps.core.db import db


@dataclass(frozen=True, slots=True)
class MoreTime:
    """What is asked for: so many working days, why (public), and what the resident reads meanwhile."""

    days: int
    reason: str
    reply: str
    language: str = ""


def may_decide(case: Case, by: Account) -> bool:
    """Return whether somebody who works a case says yes or no to more time for it.

    Cases about staff or corruption have no supervisor: their integrity officers decide themselves.
    """
    return (Role.INTEGRITY_OFFICER if case.is_integrity else Role.SUPERVISOR) in by.roles


def extend(case: Case, more: MoreTime, *, by: Account, at: datetime) -> DueChange | None:
    """Move the due date on by working days, and tell everybody why; None where a supervisor must say yes.

    Then the request waits. Raises ExtensionRefused where the rules allow no more time, or words are missing.
    """
    clock.catch_up(case, at)
    settings = clock.settings()
    waits = queries.waiting_request(case.id) is not None
    _refuse(rules.why_not_extended(clock.standing(case, request_waits=waits), at))
    rules.check_words(more.days, reason=more.reason, reply=more.reply, most=settings.extension_days)
    if rules.needs_supervisor(case.extensions + 1, settings) and not may_decide(case, by):
        _ask(case, more, by, at)
        return None
    return _grant(case, more, by, at)


def decide(case: Case, *, is_granted: bool, by: Account, at: datetime, why: str = "") -> DueChange | None:
    """Say yes or no to the request that waits; a no has words, which only staff read.

    What was asked for in time may be granted later. Raises ExtensionRefused where nothing waits, somebody
    else must decide, a no has no words, or the date asked for has passed meanwhile.
    """
    request = queries.waiting_request(case.id)
    if request is None:
        raise ExtensionRefused(ExtensionRefusal.NOT_RUNNING)
    if not may_decide(case, by):
        raise ExtensionRefused(ExtensionRefusal.NEEDS_SUPERVISOR)
    if not is_granted and not why.strip():
        raise ExtensionRefused(ExtensionRefusal.REASON_MISSING)
    clock.catch_up(case, at)
    request.decided_at, request.is_granted = at, is_granted
    db.session.flush()
    if is_granted:
        _refuse(rules.why_not_extended(clock.standing(case), min(at, case.due_at)))
        more = MoreTime(request.days, request.reason, request.reply, request.language)
        return _grant(case, more, by, at, asked_by=request.asked_by_id)
    record(case, EventKind.NOTED, by=by.id, at=at, message=why, audience=Audience.STAFF)
    trace(case, "refuse-extension", by, at, {"days": [request.days, None]})
    return None


def _refuse(reason: ExtensionRefusal | None) -> None:
    if reason is not None:
        raise ExtensionRefused(reason)


def _ask(case: Case, more: MoreTime, by: Account, at: datetime) -> ExtensionRequest:
    request = ExtensionRequest(
        case_id=case.id,
        days=more.days,
        reason=more.reason,
        reply=more.reply,
        language=more.language,
        asked_by_id=by.id,
        asked_at=at,
    )
    db.session.add(request)
    acknowledge(case, at)
    case.updated_at = at
    db.session.flush()
    trace(case, "ask-extension", by, at, {"days": [None, more.days]})
    outbox.state(outbox.Fact.EXTENSION_ASKED, case.id, at=at)
    return request


def _grant(
    case: Case, more: MoreTime, by: Account, at: datetime, *, asked_by: int | None = None
) -> DueChange:
    before = case.due_at
    after = rules.extended(before, more.days, clock.calendar().now)
    if after <= at:
        raise ExtensionRefused(ExtensionRefusal.TOO_LATE)
    number = case.extensions + 1
    event = _tell(case, more, by=asked_by or by.id, at=at, before=before, after=after)
    change = DueChange(case_id=case.id, key=f"extension:{number}", before=before, after=after, at=at,
                       days=more.days, event_id=event.id)  # fmt: skip
    case.extensions = number
    acknowledge(case, at)
    clock.move_due(case, change)
    trace(case, "extend-case", by, at, {"due_at": [before.isoformat(), after.isoformat()]})
    return change


def _tell(
    case: Case, more: MoreTime, *, by: int, at: datetime, before: datetime, after: datetime
) -> CaseEvent:
    """Leave the public reason, which followers are told, and the reply, which only the reporter is."""
    dates = {"from": before.isoformat(), "to": after.isoformat(), "days": more.days}
    said = {"by": by, "at": at, "language": more.language}
    event = record(case, EventKind.EXTENDED, message=more.reason, data=dates, **said)  # type: ignore[arg-type]
    record(
        case,
        EventKind.UPDATED,
        message=more.reply,
        audience=Audience.REPORTER,
        **said,  # type: ignore[arg-type]
    )
    case.has_unread_reply = False
    return event
