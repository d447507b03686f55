"""Every write on partners: keeping them, sending a case to one, its answer. Services flush, never commit.

A case was loaded and locked in the running transaction (`cases.queries.lock_case`) before its link is read.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cps.accounts.models import Account
from cps.cases import queries as cases
from cps.cases.models import Attachment, Case, CaseEvent
from cps.cases.queries import integrity
from cps.cases.rules import Audience, CaseKind, EventKind, PhotoStage, Status, Turn
from cps.cases.services import add_photos, assign, move
from cps.cases.services import clock as clocks
from cps.cases.services.steps import trace
from cps.cases.services.story import record
from cps.core import audit, outbox
from cps.core.db import db
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.keys import hashed_token
from cps.partners import queries
from cps.partners.models import Partner, PartnerLink
from cps.partners.rules import LINK_FOR, Ending, Facts, LinkState, Share, state_of

TOKEN_BYTES = 24


@dataclass(frozen=True, slots=True)
class Errand:
    """What a partner is asked: in which words, what it sees more, and what the public reads of it."""

    words: str
    shares: frozenset[Share]
    message: str
    language: str = ""


def may_be_sent(case: Case) -> bool:
    """Return whether a case may be sent to a partner: an open complaint that is not about staff."""
    return case.kind is CaseKind.COMPLAINT and case.is_open and not case.is_integrity


def is_theirs(case: Case) -> bool:
    """Return whether a link may open a case that was sent: one still open that is not about staff."""
    return case.is_open and not case.is_integrity


def save(partner: Partner, told: Facts, *, by: int, at: datetime) -> None:
    """Keep a new partner or a changed one. Raises RuleViolation where another has the name."""
    if queries.is_taken(told.name, but_id=partner.id):
        raise RuleViolation(_("There is a partner of this name already."))
    before = {"name": partner.name, "language": partner.language, "is_active": partner.is_active}
    partner.name, partner.email = told.name, told.email
    partner.language, partner.is_active = told.language, told.is_active
    db.session.add(partner)
    db.session.flush()
    after = {key: getattr(partner, key) for key in before}
    changes = {key: [before[key], after[key]] for key in before if before[key] != after[key]}
    audit.record("save-partner", about=("partner", partner.id), by=by, at=at, changes=changes)


def send(case: Case, partner: Partner, errand: Errand, *, by: Account, at: datetime) -> str:
    """Send a case to a partner and let it wait there; returns the token of the link, kept only as its hash.

    A link that was sent before ends. Where the reporter's contact is shared the reporter can see it.
    """
    if not may_be_sent(case):
        raise RuleViolation(_("This case cannot be sent to a partner."))
    if Share.CONTACT in errand.shares and integrity.is_released(case.id):
        raise RuleViolation(_("Who reported it stays unknown: it was filed as a complaint about staff."))
    _end(case, Ending.REVOKED, at)
    if case.assignee_id is None and case.department_id in cases.reach_of(by.id).departments:
        assign(case, by, by=by, at=at)  # whose box the answer comes to
    move(
        case,
        Status.WAITING_OTHERS,
        by=by,
        at=at,
        message=errand.message,
        language=errand.language,
        data={"partner": partner.name},
    )
    token = secrets.token_urlsafe(TOKEN_BYTES)
    link = PartnerLink(
        case_id=case.id,
        partner_id=partner.id,
        token_hash=hashed_token(token),
        shares=sorted(share.value for share in errand.shares),
        message=errand.words,
        language=errand.language,
        asked_by_id=by.id,
        asked_at=at,
        expires_at=at + LINK_FOR,
    )
    db.session.add(link)
    db.session.flush()
    outbox.state(outbox.Fact.PARTNER_ASKED, link.id, at=at, token=token)
    if Share.CONTACT in errand.shares:
        audit.record_access("partner", by=by.id, at=at, subject_id=case.reporter_id, case_id=case.id)
    trace(case, "send-to-partner", by, at, {"partner": [None, partner.id], "shares": [None, link.shares]})
    return token


def revoke(case: Case, *, by: Account, at: datetime) -> None:
    """End the link of a case; does nothing where there is none."""
    if _end(case, Ending.REVOKED, at):
        trace(case, "recall-from-partner", by, at, {})


def end_about_staff(event_id: int, *, at: datetime) -> None:
    """End the link of a case that was handed to the integrity officers, for good."""
    for event in cases.events_of([event_id]):
        if event.data.get("turn") == Turn.ABOUT_STAFF and event.audience is not Audience.STAFF:
            _end(event.case, Ending.REVOKED, at)


def take(case: Case, token: str, *, at: datetime) -> None:
    """Let a partner say that it is on it; twice is once."""
    link = _open(case, token, at)
    if link.taken_at is None:
        link.taken_at = at
        _tell_staff(case, link, Turn.PARTNER_TOOK, at)


def answer(
    case: Case,
    token: str,
    message: str,
    *,
    at: datetime,
    language: str = "",
    photos: Sequence[Attachment] = (),
    returns: bool = False,
) -> CaseEvent:
    """Let a partner answer, or send the case back: the same officer has a reply, and the link ends.

    Only staff read it; they say to the public what came of it. Raises RuleViolation where the link has ended.
    """
    link = _open(case, token, at)
    if not message.strip():
        raise RuleViolation(_("Write a message to the city."))
    turn = Turn.PARTNER_RETURNED if returns else Turn.PARTNER_ANSWERED
    event = _tell_staff(case, link, turn, at, message, language)
    add_photos(case, photos, PhotoStage.REPLY, event=event)
    case.has_unread_reply = True
    if case.status is Status.WAITING_OTHERS:
        clocks.follow(case, Status.IN_PROGRESS, at)
        case.status = Status.IN_PROGRESS
    link.ended_at, link.ending = at, Ending.RETURNED if returns else Ending.ANSWERED
    link.answer_event_id = event.id
    db.session.flush()
    return event


def _open(case: Case, token: str, at: datetime) -> PartnerLink:
    link = queries.link_of(token)
    if link.case_id != case.id or state_of(link, at, case_is_open=is_theirs(case)) is not LinkState.OPEN:
        raise RuleViolation(_("This link has ended. Nothing was sent."))
    return link


def _end(case: Case, ending: Ending, at: datetime) -> bool:
    link = queries.open_link(case.id)
    if link is None:
        return False
    link.ended_at, link.ending = at, ending
    db.session.flush()
    return True


def _tell_staff(
    case: Case, link: PartnerLink, turn: Turn, at: datetime, message: str = "", language: str = ""
) -> CaseEvent:
    return record(
        case,
        EventKind.NOTED,
        by=None,
        at=at,
        message=message,
        language=language,
        audience=Audience.STAFF,
        data={"turn": turn.value, "partner": link.partner.name},
    )
