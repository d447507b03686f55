"""What people who wrote by chat are told of their cases, by the way they wrote; and what becomes of it."""

from datetime import datetime

from cps.cases import queries as case_reads
from cps.cases.models import Case
from cps.channels import queries
from cps.channels.models import ChatMessage
from cps.channels.services.answering import Words, chat
from cps.core import leases
from cps.core.db import db
from cps.notifications import links, sms_wording
from cps.notifications import queries as notifications
from cps.notifications.rules import Reader, readers


def tell_filed(case_id: int, *, at: datetime) -> None:
    """Write to whoever reported by chat that the city has the case."""
    case = db.session.get_one(Case, case_id)
    if not case.is_hidden:
        link = links.short_link(case_id)
        _tell(case_id, f"filed:{case_id}", lambda city: sms_wording.filed_text(city, case, link), at)


def tell_event(event_id: int, *, at: datetime) -> None:
    """Write to whoever reported by chat what happened, where its reporter is told of it."""
    event = notifications.event_with_case(event_id)
    if event is None:
        return
    case = event.case
    told = readers(event.kind, event.audience, is_private=case.is_private, is_hidden=case.is_hidden)
    if Reader.REPORTER in told:
        link = links.short_link(case.id)
        with case_reads.as_written([case], [event]):
            _tell(
                case.id, f"event:{event.id}", lambda city: sms_wording.news_text(city, case, event, link), at
            )


def _tell(case_id: int, about: str, write: Words, at: datetime) -> None:
    contact = queries.chat_contact(case_id)
    if contact is not None and not notifications.texts_are_stopped(case_id, None):
        chat(contact.way, contact.address, contact.language, about, write, at=at, case_id=case_id)


def mark_sent(key: int, owner: str, *, at: datetime) -> None:
    """Mark an answer as sent, if this worker's lease still holds, and blank what it said and to whom."""
    row = leases.still_ours(ChatMessage, key, owner)
    if row is not None:
        row.done_at = at
        row.address = row.text = row.last_error = ""
