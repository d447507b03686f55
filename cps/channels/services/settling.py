"""What somebody of the staff does with a message that was set apart: a case, a reply, nothing; a block."""

from datetime import datetime

from cps.accounts.models import Account
from cps.cases import queries as case_reads
from cps.cases.masking import masked
from cps.cases.rules import Audience, Turn
from cps.cases.services import Contact
from cps.channels import queries
from cps.channels.models import BlockedSender, ChatContact, IncomingMessage
from cps.channels.rules import Incoming, WayKind
from cps.channels.services.entering import Arrived, file, join, note_for_staff, tell_left_out
from cps.channels.tags import known_by
from cps.core import audit
from cps.core.city import CityFacts
from cps.core.db import db
from cps.core.errors import AlreadyDone, NotVisible, RuleViolation
from cps.core.i18n import gettext as _
from cps.core.phone import is_phone


def set_apart(message_id: int) -> IncomingMessage:
    """Return a message that waits for a person, locked; raises AlreadyDone where somebody was faster."""
    row = queries.lock_message(message_id)
    if row is None or queries.is_about_staff(row):
        raise NotVisible(_("There is no such message."))
    if row.state is not Incoming.QUARANTINED:
        raise AlreadyDone(_("Somebody else has settled this message already."))
    return row


def make_case(row: IncomingMessage, *, by: Account, city: CityFacts, at: datetime) -> str:
    """Make a case of a message that was set apart; returns its reference."""
    arrived = _arrived(row)
    is_chat = arrived.kind is WayKind.CHAT
    email = row.sender if "@" in row.sender and not is_chat else ""
    phone = row.sender if is_phone(row.sender) and not is_chat else ""
    filed = file(arrived, Contact(email=email, phone=phone, language=row.language), city=city, at=at)
    if is_chat:
        db.session.add(
            ChatContact(case_id=filed.case.id, way=row.way, address=row.sender, language=row.language)
        )
    row.case_id = filed.case.id
    tell_left_out(filed.case, row, city=city, at=at)
    _settle(row, Incoming.LANDED, by, at)
    return filed.case.reference


def put_into_case(row: IncomingMessage, *, by: Account, at: datetime) -> str:
    """Put a message that was set apart into the case that it is about; returns the reference of that."""
    if row.case_id is None:
        raise RuleViolation(_("This message names no case."))
    case = case_reads.lock_case(queries.reference_of(row.case_id))
    join(case, _arrived(row), at=at)
    _settle(row, Incoming.JOINED, by, at)
    return case.reference


def keep_about_staff(event_id: int, *, city: CityFacts, at: datetime) -> None:
    """Put what waits for a person into its case, where that was handed to the integrity officers.

    They read it there as a note, with numbers and addresses hidden: these may tell who reported it.
    """
    for event in case_reads.events_of([event_id]):
        if event.data.get("turn") != Turn.ABOUT_STAFF or event.audience is Audience.STAFF:
            continue
        case = case_reads.lock_case(event.case.reference)
        for row in queries.lock_waiting_about(case.id):
            said = "\n\n".join(part for part in (row.subject, row.text) if part)
            note_for_staff(case, masked(said, row.language), row.language, at=at)
            row.state, row.settled_at = Incoming.JOINED, at
            tell_left_out(case, row, city=city, at=at)


def refuse(row: IncomingMessage, *, by: Account, at: datetime) -> None:
    """Let nothing come of a message that was set apart."""
    _settle(row, Incoming.REFUSED, by, at)


def block(row: IncomingMessage, reason: str, *, by: Account, at: datetime) -> None:
    """Let nothing come of this message, nor of others of its sender."""
    if not row.sender:
        raise RuleViolation(_("This message does not say who sent it."))
    if not queries.is_blocked(row.sender_tag):
        db.session.add(
            BlockedSender(
                sender_tag=row.sender_tag,
                known_by=known_by(row.sender),
                reason=reason,
                blocked_at=at,
                by_id=by.id,
            )
        )
        audit.record("block-sender", about=("incoming", str(row.id)), by=by.id, at=at)
    _settle(row, Incoming.REFUSED, by, at)


def unblock(sender_tag: str, *, by: Account, at: datetime) -> None:
    """Take messages of a sender again; not blocked is fine."""
    found = queries.blocked_sender(sender_tag)
    if found is not None:
        db.session.delete(found)
        audit.record("unblock-sender", about=("incoming", sender_tag[:12]), by=by.id, at=at)
        db.session.flush()


def _settle(row: IncomingMessage, state: Incoming, by: Account, at: datetime) -> None:
    row.state, row.settled_by_id, row.settled_at = state, by.id, at
    audit.record(
        "settle-message", about=("incoming", str(row.id)), by=by.id, at=at,
        changes={"state": [Incoming.QUARANTINED.value, state.value]},
    )  # fmt: skip
    db.session.flush()


def _arrived(row: IncomingMessage) -> Arrived:
    way = queries.way(row.way)
    return Arrived(
        way=row.way,
        kind=way.kind if way else WayKind.MAIL,
        external_id=row.external_id,
        sender=row.sender,
        sender_tag=row.sender_tag,
        text=row.text or row.subject or _("(no words)"),
        language=row.language or "en",
        received_at=row.received_at,
        subject=row.subject,
    )
