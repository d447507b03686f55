"""Partners, and the links by which they open cases."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cps.cases.models import Case
from cps.core.db import Id, Model
from cps.partners.rules import Ending

UNENDED = text("ended_at IS NULL")


class Partner(Model):
    """A body outside the city that does its part of a case; letters to it are in `language`."""

    __tablename__ = "partner"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(120), unique=True)
    email: Mapped[str] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(12), default="")
    is_active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class PartnerLink(Model):
    """A case was sent to a partner: one link, for this case alone, that ends with the answer.

    Only the SHA-256 of its token is kept. A case lies with one partner at a time. `shares` is what the
    officer ticked (values of `Share`), `message` what they wrote to the partner.
    """

    __tablename__ = "partner_link"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (ending IS NULL)", name="ended_whole"),
        CheckConstraint("expires_at > asked_at", name="expires_later"),
        Index("uq_partner_link_unended", "case_id", unique=True,
              sqlite_where=UNENDED, postgresql_where=UNENDED),
    )  # fmt: skip

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    shares: Mapped[list[str]] = mapped_column(default=list)
    message: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(String(12), default="")
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    taken_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ending: Mapped[Ending | None]
    answer_event_id: Mapped[int | None] = mapped_column(ForeignKey("case_event.id", ondelete="CASCADE"))

    partner: Mapped[Partner] = relationship()
    case: Mapped[Case] = relationship()
