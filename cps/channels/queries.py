"""Reads of what came in: ways, messages, pieces, whose cases a sender has, forms on paper."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from cps.accounts.models import Account
from cps.cases.models import Case, CaseContact, CaseEvent
from cps.cases.rules import Audience, EventKind, Status
from cps.channels.models import (
    BlockedSender,
    ChatContact,
    ChatMessage,
    IncomingMessage,
    IncomingPart,
    PaperForm,
    WayIn,
)
from cps.channels.rules import Incoming, WayKind
from cps.core.db import db
from cps.core.phone import is_phone

_IS_ABOUT_STAFF = exists().where(Case.id == IncomingMessage.case_id, Case.is_integrity.is_(True))
OWN_CASES = 20
LIST_SIZE = 50


def ways() -> Sequence[WayIn]:
    """Return every way in, by kind and name."""
    return db.session.scalars(select(WayIn).order_by(WayIn.kind, WayIn.name)).all()


def way(name: str) -> WayIn | None:
    """Return a way in."""
    return db.session.get(WayIn, name)


def lock_way(name: str) -> WayIn | None:
    """Return a way in locked: what comes by one way is taken one after the other."""
    found = select(WayIn).where(WayIn.name == name).with_for_update()
    return db.session.scalars(found.execution_options(populate_existing=True)).one_or_none()


def mail_way() -> WayIn | None:
    """Return the way of mail that is on; of several the first by name."""
    found = select(WayIn).where(WayIn.kind == WayKind.MAIL, WayIn.is_on).order_by(WayIn.name).limit(1)
    return db.session.scalars(found).one_or_none()


def taken(way_name: str, external_id: str) -> IncomingMessage | None:
    """Return the message that was taken under this id."""
    known = (IncomingMessage.way == way_name, IncomingMessage.external_id == external_id)
    return db.session.scalars(select(IncomingMessage).where(*known)).one_or_none()


def has_piece(way_name: str, external_id: str) -> bool:
    """Return whether a piece was taken under this id."""
    known = exists().where(IncomingPart.way == way_name, IncomingPart.external_id == external_id)
    return bool(db.session.scalar(select(known)))


def waiting_pieces(way_name: str, sender_tag: str, ref: int, of: int) -> Sequence[IncomingPart]:
    """Return the pieces of one message that wait for the others."""
    same = (IncomingPart.way == way_name, IncomingPart.sender_tag == sender_tag)
    one = (IncomingPart.ref == ref, IncomingPart.of == of, IncomingPart.message_id.is_(None))
    return db.session.scalars(select(IncomingPart).where(*same, *one).order_by(IncomingPart.part)).all()


def longest_waiting(*, entered_before: datetime) -> IncomingPart | None:
    """Return the piece that waits longest, if it was entered before a moment."""
    waits = (IncomingPart.message_id.is_(None), IncomingPart.entered_at < entered_before)
    found = select(IncomingPart).where(*waits).order_by(IncomingPart.entered_at, IncomingPart.id).limit(1)
    return db.session.scalars(found).one_or_none()


def is_blocked(sender_tag: str) -> bool:
    """Return whether nothing is to come of what somebody sends."""
    return db.session.get(BlockedSender, sender_tag) is not None


def blocked_senders() -> Sequence[BlockedSender]:
    """Return who is blocked, the newest first."""
    return db.session.scalars(select(BlockedSender).order_by(BlockedSender.blocked_at.desc())).all()


def blocked_sender(sender_tag: str) -> BlockedSender | None:
    """Return a blocked sender."""
    return db.session.get(BlockedSender, sender_tag)


def said_before(sender_tag: str, text: str, *, since: datetime) -> IncomingMessage | None:
    """Return the message in which a sender reported with the same words since a moment."""
    same = (IncomingMessage.sender_tag == sender_tag, IncomingMessage.text == text)
    landed = (IncomingMessage.state == Incoming.LANDED, IncomingMessage.entered_at >= since)
    newest = select(IncomingMessage).where(*same, *landed).order_by(IncomingMessage.id.desc()).limit(1)
    return db.session.scalars(newest).one_or_none()


def last_language(sender_tag: str) -> str:
    """Return the language of what somebody sent last, "" for who never did."""
    newest = select(IncomingMessage.language).where(IncomingMessage.sender_tag == sender_tag)
    return db.session.scalar(newest.order_by(IncomingMessage.received_at.desc()).limit(1)) or ""


def cases_of(address: str, way_name: str = "") -> Sequence[Case]:
    """Return the newest cases of whoever has this number or address, or chats under it on a way."""
    if way_name:
        chats = (ChatContact.way == way_name, ChatContact.address == address)
        own = select(Case).join(ChatContact, ChatContact.case_id == Case.id).where(*chats)
    else:
        own = select(Case).join(CaseContact, CaseContact.case_id == Case.id)
        own = own.outerjoin(Account, Account.id == Case.reporter_id).where(_is_reached_at(address))
    return db.session.scalars(own.order_by(Case.id.desc()).limit(OWN_CASES)).all()


def _is_reached_at(address: str) -> ColumnElement[bool]:
    if is_phone(address):
        proven = and_(Account.phone == address, Account.phone_verified_at.is_not(None))
        return or_(CaseContact.phone == address, proven)
    proven = and_(Account.email == address, Account.email_verified_at.is_not(None))
    return or_(CaseContact.email == address, proven)


def asked_among(cases: Collection[Case]) -> list[Case]:
    """Return those of these cases in which the city waits for an answer."""
    return [case for case in cases if case.status is Status.WAITING_RESIDENT]


def newest_word(case_id: int, *, at: datetime) -> str:
    """Return what the city said publicly last in a case."""
    said = (CaseEvent.case_id == case_id, CaseEvent.message != "", CaseEvent.public_from <= at)
    of_city = (
        CaseEvent.audience == Audience.PUBLIC,
        CaseEvent.kind.in_([EventKind.MOVED, EventKind.UPDATED, EventKind.ASKED]),
    )
    newest = (
        select(CaseEvent.message).where(*said, *of_city).order_by(CaseEvent.at.desc(), CaseEvent.id.desc())
    )
    return db.session.scalar(newest.limit(1)) or ""


def message(message_id: int) -> IncomingMessage | None:
    """Return one message."""
    return db.session.get(IncomingMessage, message_id)


def is_about_staff(row: IncomingMessage) -> bool:
    """Return whether the case that a message is about is one about staff or corruption by now."""
    case = db.session.get(Case, row.case_id) if row.case_id is not None else None
    return case is not None and case.is_integrity


def lock_waiting_about(case_id: int) -> Sequence[IncomingMessage]:
    """Return the messages about a case that wait for a person, locked."""
    waits = IncomingMessage.case_id == case_id, IncomingMessage.state == Incoming.QUARANTINED
    return db.session.scalars(select(IncomingMessage).where(*waits).with_for_update()).all()


def lock_message(message_id: int) -> IncomingMessage | None:
    """Return one message locked for the running transaction."""
    found = select(IncomingMessage).where(IncomingMessage.id == message_id).with_for_update()
    return db.session.scalars(found.execution_options(populate_existing=True)).one_or_none()


def thread_of(case_id: int) -> str:
    """Return the Message-ID of the mail that a case came by, "" for others."""
    landed = (IncomingMessage.case_id == case_id, IncomingMessage.state == Incoming.LANDED)
    return db.session.scalar(select(IncomingMessage.thread_id).where(*landed).limit(1)) or ""


def set_apart(*, before: int | None) -> Sequence[IncomingMessage]:
    """Return the newest messages that wait for a person, one more than a page shows."""
    rows = select(IncomingMessage).where(IncomingMessage.state == Incoming.QUARANTINED, ~_IS_ABOUT_STAFF)
    if before is not None:
        rows = rows.where(IncomingMessage.id < before)
    return db.session.scalars(rows.order_by(IncomingMessage.id.desc()).limit(LIST_SIZE + 1)).all()


def chat_contact(case_id: int) -> ChatContact | None:
    """Return where the reporter of a case is answered by chat."""
    return db.session.get(ChatContact, case_id)


def chat_message(key: int) -> ChatMessage | None:
    """Return one answer by chat, read anew."""
    return db.session.get(ChatMessage, key, populate_existing=True)


def paper_form(reference: str) -> PaperForm | None:
    """Return a form by its reference."""
    return db.session.get(PaperForm, reference)


def lock_form(reference: str) -> PaperForm | None:
    """Return a form locked: two who enter it at once do so one after the other."""
    found = select(PaperForm).where(PaperForm.reference == reference).with_for_update()
    return db.session.scalars(found.execution_options(populate_existing=True)).one_or_none()


def references_taken(references: Collection[str]) -> set[str]:
    """Return those of these references that a case has already."""
    return set(db.session.scalars(select(Case.reference).where(Case.reference.in_(references))))


def reference_of(case_id: int) -> str:
    """Return the reference of a case."""
    return db.session.scalars(select(Case.reference).where(Case.id == case_id)).one()


def bounce_is_noted(case_id: int) -> bool:
    """Return whether the story of a case says already that mail to its reporter comes back."""
    notes = select(CaseEvent.data).where(CaseEvent.case_id == case_id, CaseEvent.kind == EventKind.NOTED)
    return any("bounce" in data for data in db.session.scalars(notes))


def _stale(before: datetime) -> ColumnElement[bool]:
    """Return the condition of messages that came before a moment and still have a trace of their senders."""
    return and_(IncomingMessage.entered_at < before, IncomingMessage.sender_tag != "")


def count_stale(*, before: datetime) -> int:
    """Count the messages whose words have been kept long enough."""
    return db.session.scalar(select(func.count()).where(_stale(before))) or 0


def stale_messages(*, before: datetime, limit: int) -> Sequence[IncomingMessage]:
    """Return some of them."""
    rows = select(IncomingMessage).where(_stale(before)).limit(limit)
    return db.session.scalars(rows).all()


def messages_of(
    *, case_ids: Collection[int] = (), sender_tags: Collection[str] = ()
) -> Sequence[IncomingMessage]:
    """Return the messages of these cases, and of these senders."""
    wanted = or_(IncomingMessage.case_id.in_(case_ids), IncomingMessage.sender_tag.in_(sender_tags))
    return db.session.scalars(select(IncomingMessage).where(wanted)).all()
