"""A second pair of eyes: an end that its category does not let one officer give alone.

Whoever wants to end such a case asks; a colleague says yes, and the end goes out in the words that were
written, or no with a reason. The case was loaded and locked in the running transaction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cps.accounts.models import Account
from cps.cases import queries
from cps.cases.closing_models import ClosingRequest
from cps.cases.models import Attachment, Case, CaseEvent
from cps.cases.queries import seconding
from cps.cases.rules import Audience, EventKind, MoveRefused, Outcome, PhotoStage, Refusal, Status
from cps.cases.services import moves
from cps.cases.services.clock import drop_end
from cps.cases.services.handing import settle
from cps.cases.services.needing import is_second, needs_of
from cps.cases.services.photos import add_photos
from cps.cases.services.steps import acknowledge, trace
from cps.cases.services.story import hold_until, record
from cps.core import outbox
from cps.core.db import db
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _

OF_THE_ASKING = frozenset({"ends", "why_no_photo"})
"""What an event that asks keeps besides what the event of the end will."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a case ends: the words for the public, the proof, and what else the event keeps (`told`)."""

    outcome: Outcome
    message: str
    language: str = ""
    photos: Sequence[Attachment] = ()
    why_no_photo: str = ""
    told: Mapping[str, Any] = field(default_factory=dict)


def end(case: Case, ending: Ending, *, by: Account, at: datetime) -> bool:
    """Close the case, or ask a colleague where a second pair of eyes is needed; False where it waits then.

    Raises MoveRefused where the end is not possible, or lacks what it needs.
    """
    needed = needs_of(case, by).second
    if ending.outcome.value in needed and not is_second(case, by):
        _ask(case, ending, by, at)
        return False
    _close(case, ending, by, at)
    return True


def answer_end(case: Case, *, is_granted: bool, by: Account, at: datetime, why: str = "") -> None:
    """Say yes or no to the end that waits; a no has words, which only staff read.

    Raises MoveRefused where nothing waits, RuleViolation for whoever asked and for a no without words.
    """
    request = seconding.waiting_closing(case.id)
    if request is None:
        raise MoveRefused(Refusal.NO_SUCH_MOVE)
    if request.asked_by_id == by.id:
        raise RuleViolation(_("You asked for this yourself. A colleague has to look at it."))
    if not is_granted and not why.strip():
        raise RuleViolation(_("Say why not, so that your colleague knows what to mend."))
    request.decided_at, request.is_granted = at, is_granted
    db.session.flush()
    if is_granted:
        _close(case, _asked_for(case, request), by, at, agreed=True)
        return
    data = {"refuses": request.outcome.value}
    event = record(case, EventKind.NOTED, by=by.id, at=at, message=why, audience=Audience.STAFF, data=data)
    request.answer_event_id = event.id
    trace(case, "refuse-end", by, at, {"outcome": [request.outcome.value, None]})


def _ask(case: Case, ending: Ending, by: Account, at: datetime) -> None:
    moves.check(
        case,
        Status.CLOSED,
        needs_of(case, by),
        message=ending.message,
        outcome=ending.outcome,
        has_photo=bool(ending.photos),
        why_no_photo=ending.why_no_photo,
        is_second=True,
    )
    drop_end(case, at)
    event = _asking(case, ending, by, at)
    request = ClosingRequest(
        case_id=case.id, event_id=event.id, outcome=ending.outcome, asked_by_id=by.id, asked_at=at
    )
    db.session.add(request)
    acknowledge(case, at)
    settle(case, by=by, at=at)
    db.session.flush()
    trace(case, "ask-second", by, at, {"outcome": [None, ending.outcome.value]})
    outbox.state(outbox.Fact.SECOND_ASKED, case.id, at=at, not_before=hold_until(at), dedupe_key=request.key)


def _asking(case: Case, ending: Ending, by: Account, at: datetime) -> CaseEvent:
    """Keep the words and photos of an end in the story, for staff alone."""
    why = {"why_no_photo": ending.why_no_photo} if ending.why_no_photo.strip() else {}
    data = {**ending.told, **why, "ends": ending.outcome.value}
    event = record(case, EventKind.NOTED, by=by.id, at=at, message=ending.message, language=ending.language,
                   audience=Audience.STAFF, data=data)  # fmt: skip
    add_photos(case, ending.photos, PhotoStage.REPLY, event=event)
    return event


def _asked_for(case: Case, request: ClosingRequest) -> Ending:
    """Return the end that was asked for; its photos leave the event of the asking."""
    event = db.session.get_one(CaseEvent, request.event_id)
    photos = [photo for photo in queries.photos_of_events([event.id]) if not photo.is_hidden]
    case.photo_count -= len(photos)
    told = {name: value for name, value in event.data.items() if name not in OF_THE_ASKING}
    why = str(event.data.get("why_no_photo", ""))
    return Ending(request.outcome, event.message, event.language, photos, why, told)


def _close(case: Case, ending: Ending, by: Account, at: datetime, *, agreed: bool | None = None) -> None:
    moves.move(
        case,
        Status.CLOSED,
        by=by,
        at=at,
        message=ending.message,
        language=ending.language,
        outcome=ending.outcome,
        photos=ending.photos,
        why_no_photo=ending.why_no_photo,
        data=dict(ending.told),
        agreed=agreed,
    )
