"""Keys of other programs, which case came by which key, and (in `outgoing`) what is sent to other systems."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from cps.core.db import Id, Model
from cps.open311.outgoing.models import OtherSystem, SentCase

__all__ = ["ApiKey", "FiledByKey", "OtherSystem", "SentCase"]


class ApiKey(Model):
    """A key by which another program may file complaints; only its SHA-256 is kept.

    `client` is the program as staff read it, `contact` whom to write to about it. Links to photos on
    `media_host` are shown to everybody; those on other hosts only staff read.
    """

    __tablename__ = "open311_key"
    __table_args__ = (
        CheckConstraint("client <> ''", name="client_named"),
        CheckConstraint("revoked_at >= created_at", name="revoked_after_created"),
    )

    id: Mapped[Id]
    client: Mapped[str] = mapped_column(String(120))
    contact: Mapped[str] = mapped_column(String(254))
    media_host: Mapped[str] = mapped_column(String(254), default="")
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class FiledByKey(Model):
    """A case that came by a key. `sent_tag` tells a repetition; it is keyed, and one for one case.

    `media_url` is a link to a photo at the client's own host, shown where the case has no photo of its own.
    """

    __tablename__ = "open311_request"
    __table_args__ = (Index("ix_open311_request_key", "key_id", "sent_at"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)
    key_id: Mapped[int] = mapped_column(ForeignKey("open311_key.id"))
    sent_tag: Mapped[str] = mapped_column(String(64), unique=True)
    sent_at: Mapped[datetime]
    media_url: Mapped[str] = mapped_column(String(2000), default="")
