"""What comes in besides the site: ways in, messages, pieces of text messages, and paper forms to come."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from cps.channels.rules import Incoming, WayKind
from cps.core.db import Id, Model, Texts
from cps.core.models import Leased

IS_QUARANTINED = text("state = 'quarantined'")
WAITS_FOR_OTHERS = text("message_id IS NULL")
TO_BE_SENT = text("done_at IS NULL AND failed_at IS NULL")


class WayIn(Model):
    """One way in, as the city set it up: a number, a mailbox, a chat service.

    `address` is the city's own there. `sealed_secret` signs what a gateway hands over and what is answered to
    `answers_url`; it is sealed with a key that is not in the database. `greeting` begins the first answer.
    """

    __tablename__ = "way_in"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    kind: Mapped[WayKind]
    is_on: Mapped[bool] = mapped_column(default=True)
    address: Mapped[str] = mapped_column(String(254), default="")
    sealed_secret: Mapped[str] = mapped_column(default="")
    answers_url: Mapped[str] = mapped_column(String(400), default="")
    greeting: Mapped[Texts] = mapped_column(default=dict)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class Inbound:
    """Columns of what came by a way; the same twice is one row, by its `external_id` within its way.

    `external_id` and `sender_tag` are keyed.
    """

    way: Mapped[str] = mapped_column(String(40))
    external_id: Mapped[str] = mapped_column(String(64))
    sender_tag: Mapped[str] = mapped_column(String(64))
    sender: Mapped[str] = mapped_column(String(254))
    text: Mapped[str]
    received_at: Mapped[datetime]
    entered_at: Mapped[datetime]


class IncomingMessage(Inbound, Model):
    """One message that came in.

    `thread_id` is what an answer by mail refers to, `original_key` where the whole mail is stored,
    `left_out` the names of attachments that were not kept.
    """

    __tablename__ = "incoming_message"
    __table_args__ = (
        UniqueConstraint("way", "external_id"),
        CheckConstraint("state NOT IN ('landed', 'joined') OR case_id IS NOT NULL", name="landed_has_case"),
        CheckConstraint(
            "state NOT IN ('refused', 'quarantined') OR reason <> ''", name="set_apart_has_reason"
        ),
        Index("ix_incoming_message_quarantined", "received_at", "id",
              sqlite_where=IS_QUARANTINED, postgresql_where=IS_QUARANTINED),
        Index("ix_incoming_message_sender_tag", "sender_tag", "received_at"),
        Index("ix_incoming_message_entered_at", "entered_at", "id"),
    )  # fmt: skip

    id: Mapped[Id]
    subject: Mapped[str] = mapped_column(String(300), default="")
    language: Mapped[str] = mapped_column(String(12))
    state: Mapped[Incoming]
    reason: Mapped[str] = mapped_column(String(40), default="")
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    thread_id: Mapped[str] = mapped_column(String(300), default="")
    original_key: Mapped[str] = mapped_column(String(200), default="")
    left_out: Mapped[list[str]] = mapped_column(default=list)
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    settled_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class IncomingPart(Inbound, Model):
    """One piece of a text message that came in several; it waits for the others until it has a message.

    `ref` is what all pieces of one message share; a phone uses it again some messages later.
    """

    __tablename__ = "incoming_part"
    __table_args__ = (
        UniqueConstraint("way", "external_id"),
        CheckConstraint("of BETWEEN 2 AND 255", name="of_several"),
        CheckConstraint("part BETWEEN 1 AND of", name="part_of_them"),
        Index("uq_incoming_part_waiting", "way", "sender_tag", "ref", "of", "part", unique=True,
              sqlite_where=WAITS_FOR_OTHERS, postgresql_where=WAITS_FOR_OTHERS),
        Index("ix_incoming_part_waiting_since", "entered_at",
              sqlite_where=WAITS_FOR_OTHERS, postgresql_where=WAITS_FOR_OTHERS),
    )  # fmt: skip

    id: Mapped[Id]
    ref: Mapped[int]
    of: Mapped[int]
    part: Mapped[int]
    message_id: Mapped[int | None] = mapped_column(
        ForeignKey("incoming_message.id", ondelete="CASCADE"), index=True
    )


class BlockedSender(Model):
    """Nothing comes of messages of this sender; `known_by` lets staff tell one from another: `•••• 5678`."""

    __tablename__ = "blocked_sender"

    sender_tag: Mapped[str] = mapped_column(String(64), primary_key=True)
    known_by: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(String(300))
    blocked_at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))


class ChatContact(Model):
    """Where the reporter of a case is answered who wrote by chat."""

    __tablename__ = "chat_contact"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)
    way: Mapped[str] = mapped_column(String(40))
    address: Mapped[str] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(12))


class ChatMessage(Leased, Model):
    """An answer by chat; each `dedupe_key` is sent once. Once it has left, address and text are blank."""

    __tablename__ = "chat_message"
    __table_args__ = (
        Index("ix_chat_message_waiting", "run_at", "id",
              sqlite_where=TO_BE_SENT, postgresql_where=TO_BE_SENT),
    )  # fmt: skip

    id: Mapped[Id]
    dedupe_key: Mapped[str] = mapped_column(String(160), unique=True)
    way: Mapped[str] = mapped_column(String(40))
    address: Mapped[str] = mapped_column(String(254))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    text: Mapped[str]
    created_at: Mapped[datetime]


class PaperForm(Model):
    """A reference that was set aside and printed on a form; entered once, it is its case's.

    `pin_hash` is of the PIN on the part that the resident keeps.
    """

    __tablename__ = "paper_form"
    __table_args__ = (CheckConstraint("(case_id IS NULL) = (entered_at IS NULL)", name="entered_whole"),)

    reference: Mapped[str] = mapped_column(String(12), primary_key=True)
    pin_hash: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(12))
    printed_at: Mapped[datetime] = mapped_column(index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), unique=True)
    entered_at: Mapped[datetime | None]
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
