"""That somebody may file and follow for somebody else."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from cps.core.db import Id, Model
from cps.helpers.rules import ConsentHow, HelperScope

IS_GIVEN = text("given_at IS NOT NULL AND ended_at IS NULL")
IS_ASKED = text("address_tag <> ''")
HAS_ENDED = text("ended_at IS NOT NULL")


class HelperConsent(Model):
    """A resident named a helper; it counts from `given_at`, when the helper said yes, until `ended_at`.

    Before that it waits until `expires_at` for whoever has the code, or has proven the address: of both only
    a keyed hash is kept. `helper_name` is what the helper is called in it. `asked_by_id` is the clerk who
    noted at a counter what the resident wants. Of one pair one row counts at a time.
    """

    __tablename__ = "helper_consent"
    __table_args__ = (
        CheckConstraint("helper_id <> resident_id", name="two_people"),
        CheckConstraint("(given_at IS NULL) = (helper_id IS NULL)", name="given_by_somebody"),
        CheckConstraint("(given_at IS NULL) = (expires_at IS NOT NULL)", name="waits_until"),
        CheckConstraint("given_at IS NULL OR (code_hash IS NULL AND address_tag = '')", name="named_once"),
        CheckConstraint("ended_at IS NULL OR given_at IS NOT NULL", name="ended_was_given"),
        CheckConstraint("ended_at >= given_at", name="ends_after_beginning"),
        Index(
            "uq_helper_consent_pair",
            "resident_id",
            "helper_id",
            unique=True,
            sqlite_where=IS_GIVEN,
            postgresql_where=IS_GIVEN,
        ),
        Index("ix_helper_consent_asked", "address_tag", sqlite_where=IS_ASKED, postgresql_where=IS_ASKED),
        Index("ix_helper_consent_ended", "ended_at", sqlite_where=HAS_ENDED, postgresql_where=HAS_ENDED),
    )

    id: Mapped[Id]
    resident_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    helper_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    helper_name: Mapped[str] = mapped_column(String(120), default="")
    scope: Mapped[HelperScope]
    how: Mapped[ConsentHow]
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    code_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    address_tag: Mapped[str] = mapped_column(String(64), default="")
    expires_at: Mapped[datetime | None]
    given_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}

    @property
    def is_open(self) -> bool:
        """Whether the helper may act now."""
        return self.given_at is not None and self.ended_at is None
