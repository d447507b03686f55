"""Messages that leave the city."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, false, text
from sqlalchemy.orm import Mapped, mapped_column

from cps.core.db import BigId, Id, Model
from cps.core.models import Leased
from cps.core.sms_budget import SmsPurpose
from cps.notifications.rules import MessageChannel, Pace, Topic

_WAITING = text("done_at IS NULL AND failed_at IS NULL")
_UNGATHERED = text("digest_at IS NOT NULL AND digested_at IS NULL")


class Message(Leased, Model):
    """One message to one address; `dedupe_key` makes each be sent once and holds no address.

    Once it has left, address, subject, bodies and links are blanked; what remains is that a message was sent,
    when, in which language, to which account and about which case. `unsubscribe_url` ends what the message
    came from; empty where it answers an act of the reader's own. Who `takes_replies` may answer it, and the
    answer lands in the case. `in_reply_to` is the Message-ID of the mail it answers.
    """

    __tablename__ = "message"
    __table_args__ = (
        Index("ix_message_waiting", "run_at", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )

    id: Mapped[Id]
    dedupe_key: Mapped[str] = mapped_column(String(160), unique=True)
    channel: Mapped[MessageChannel]
    address: Mapped[str] = mapped_column(String(254))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    language: Mapped[str] = mapped_column(String(12))
    subject: Mapped[str] = mapped_column(String(300))
    body_text: Mapped[str]
    body_html: Mapped[str] = mapped_column(default="")
    unsubscribe_url: Mapped[str] = mapped_column(String(400), default="")
    takes_replies: Mapped[bool] = mapped_column(default=False, server_default=false())
    in_reply_to: Mapped[str] = mapped_column(String(300), default="", server_default="")
    created_at: Mapped[datetime]


class TextMessage(Leased, Model):
    """One text message to one number; `dedupe_key` makes each be sent once and holds no number.

    Once it has left, number and text are blanked.
    """

    __tablename__ = "text_message"
    __table_args__ = (
        Index("ix_text_message_waiting", "run_at", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )

    id: Mapped[Id]
    dedupe_key: Mapped[str] = mapped_column(String(160), unique=True)
    purpose: Mapped[SmsPurpose]
    phone: Mapped[str] = mapped_column(String(20))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    language: Mapped[str] = mapped_column(String(12))
    text: Mapped[str]
    created_at: Mapped[datetime]


class SmsDay(Model):
    """What text messages of one day, purpose and country came to; the cost in thousandths of the currency."""

    __tablename__ = "sms_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    purpose: Mapped[SmsPurpose] = mapped_column(primary_key=True)
    country: Mapped[str] = mapped_column(String(2), primary_key=True)
    messages: Mapped[int] = mapped_column(default=0)
    segments: Mapped[int] = mapped_column(default=0)
    cost_thousandths: Mapped[int] = mapped_column(BigId, default=0)


class Told(Model):
    """One thing that an account was told, as its own list shows it; `about` names the fact.

    `path` leads to it on this site, never by a secret link. From `digest_at` on the daily digest gathers it,
    which is noted in `digested_at`.
    """

    __tablename__ = "told"
    __table_args__ = (
        Index("ix_told_newest", "account_id", "told_at"),
        Index(
            "ix_told_ungathered",
            "digest_at",
            "account_id",
            sqlite_where=_UNGATHERED,
            postgresql_where=_UNGATHERED,
        ),
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    about: Mapped[str] = mapped_column(String(160), primary_key=True)
    topic: Mapped[Topic]
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    language: Mapped[str] = mapped_column(String(12))
    subject: Mapped[str] = mapped_column(String(300))
    path: Mapped[str] = mapped_column(String(200))
    told_at: Mapped[datetime] = mapped_column(index=True)
    read_at: Mapped[datetime | None]
    digest_at: Mapped[datetime | None]
    digested_at: Mapped[datetime | None]


class MessageWish(Model):
    """How an account wants to hear of a topic, where it chose so."""

    __tablename__ = "message_wish"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    topic: Mapped[Topic] = mapped_column(primary_key=True)
    pace: Mapped[Pace]


class BouncedAddress(Model):
    """The address of mail of an account, by a keyed tag, that its server refuses for good."""

    __tablename__ = "bounced_address"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    tag: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
