"""Months of figures as they were published, the year of what came, and who reads the morning report."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cps.core.db import Id, Model

HASH = String(64)


class PromiseFile(Model):
    """The figures of one month as a signed file; never changed and never deleted, by trigger.

    `text` is canonical JSON in ASCII, and `signature` the Ed25519 signature over its bytes by `public_key`,
    both in hex. Edition 1 is the first; each later one corrects the one before and says why.
    """

    __tablename__ = "promise_file"
    __table_args__ = (
        UniqueConstraint("month", "edition"),
        CheckConstraint("edition > 0", name="edition_above_zero"),
        CheckConstraint("(reason = '') = (edition = 1)", name="correction_has_reason"),
    )

    id: Mapped[Id]
    month: Mapped[str] = mapped_column(String(7))
    edition: Mapped[int]
    reason: Mapped[str]
    text: Mapped[str]
    sha256: Mapped[str] = mapped_column(HASH, unique=True)
    public_key: Mapped[str] = mapped_column(HASH)
    signature: Mapped[str] = mapped_column(String(128))
    frozen_at: Mapped[datetime]


class YearFigures(Model):
    """What came in the year up to a day, as `cps.insights.year.Year` is written; only the newest is kept."""

    __tablename__ = "year_figures"

    day: Mapped[date] = mapped_column(primary_key=True)
    counted_at: Mapped[datetime]
    figures: Mapped[dict[str, Any]]


class MorningReader(Model):
    """An address that gets the morning report of all departments; the mayor's, for one."""

    __tablename__ = "morning_reader"

    id: Mapped[Id]
    email: Mapped[str] = mapped_column(String(254), unique=True)
    language: Mapped[str] = mapped_column(String(12), default="")
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    added_at: Mapped[datetime]


class MorningStop(Model):
    """A supervisor who does not want the morning report by mail; the page stays open to them."""

    __tablename__ = "morning_stop"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime]
