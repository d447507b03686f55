"""The demo's mailbox: what was delivered into it, mails and text messages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute

from cps.core.db import db
from cps.notifications.models import Message, TextMessage

MAILBOX_SIZE = 200


@dataclass(frozen=True, slots=True)
class Delivered:
    """One message in the demo's mailbox; `is_text` says that it was for a phone."""

    id: int
    is_text: bool
    address: str
    language: str
    subject: str
    body: str
    at: datetime


def mailbox(words: str = "") -> Sequence[Delivered]:
    """Return the newest delivered messages with these words, mails and text messages; without bodies."""
    mails = select(
        Message.id, Message.address, Message.language, Message.subject, Message.done_at.label("at")
    ).where(Message.done_at.is_not(None), Message.address != "")
    texts = select(
        TextMessage.id,
        TextMessage.phone,
        TextMessage.language,
        TextMessage.text,
        TextMessage.done_at.label("at"),
    ).where(TextMessage.done_at.is_not(None), TextMessage.phone != "")
    if words:
        mails = mails.where(_has(words, Message.address, Message.subject))
        texts = texts.where(_has(words, TextMessage.phone, TextMessage.text))
    found = [
        Delivered(row.id, is_text, row[1], row.language, row[3], "", row.at)
        for is_text, statement, key in ((False, mails, Message.id), (True, texts, TextMessage.id))
        for row in db.session.execute(statement.order_by(key.desc()).limit(MAILBOX_SIZE))
    ]
    return sorted(found, key=lambda one: (one.at, one.id), reverse=True)[:MAILBOX_SIZE]


def next_to_leave(words: str, at: datetime) -> datetime | None:
    """Return when the first of the messages leaves that wait for their hour; None where none waits."""
    waiting = [
        select(table.run_at).where(
            table.done_at.is_(None),
            table.failed_at.is_(None),
            table.run_at > at,
            *([_has(words, *columns)] if words else []),
        )
        for table, columns in (
            (Message, (Message.address, Message.subject)),
            (TextMessage, (TextMessage.phone, TextMessage.text)),
        )
    ]
    first: datetime | None = db.session.scalar(select(func.min(union_all(*waiting).subquery().c.run_at)))
    return first


def _has(words: str, *columns: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    return or_(*(column.icontains(words, autoescape=True) for column in columns))


def delivered_text(key: int) -> Delivered | None:
    """Return one text message of the demo's mailbox."""
    found = db.session.get(TextMessage, key)
    if found is None or found.done_at is None or not found.phone:
        return None
    return Delivered(found.id, True, found.phone, found.language, "", found.text, found.done_at)


def delivered(message_id: int) -> Message | None:
    """Return one delivered message."""
    found = select(Message).where(Message.id == message_id, Message.done_at.is_not(None))
    return db.session.scalars(found).one_or_none()
