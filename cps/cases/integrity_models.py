"""The tables of complaints about staff: whom they name, who never sees them, who may read reporters."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from cps.core.db import Model


class IntegrityReport(Model):
    """Whom a complaint about staff or corruption names, in the words of its reporter.

    Who works in the department never sees it, whatever their role. Since `released_at` it is an ordinary
    case of a department, whose reporter stays unknown there.
    """

    __tablename__ = "integrity_report"
    __table_args__ = (
        CheckConstraint("released_at IS NOT NULL OR released_by_id IS NULL", name="released_whole"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)
    about_department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"), index=True)
    about_person: Mapped[str] = mapped_column(String(200), default="")
    released_at: Mapped[datetime | None]
    released_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))


class IntegrityBar(Model):
    """An account that never sees a complaint about staff or corruption: it is named in it, or stepped back.

    `by_id` is the integrity officer who entered it, nobody where the words of the reporter named the account.
    """

    __tablename__ = "integrity_bar"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    at: Mapped[datetime]


class IntegrityReader(Model):
    """One of the two people at most who may read who reported a complaint about staff or corruption."""

    __tablename__ = "integrity_reader"
    __table_args__ = (
        CheckConstraint("slot IN (1, 2)", name="two_at_most"),
        CheckConstraint("named_by_id <> account_id", name="named_by_another"),
    )

    slot: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), unique=True)
    named_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    named_at: Mapped[datetime]
