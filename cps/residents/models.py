"""The register of residents, without a name or a number in it; and the codes that are shown at a counter."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from cps.core.db import Model

_WITH_LETTER = text("letter_code_hash IS NOT NULL")
_STILL_IN = text("gone_at IS NULL")


class RegisterEntry(Model):
    """One person of the city's register, known by the keyed tag of their number.

    The tag is the one of their `Identity`. `imported_at` is when a file first told of them, empty where only
    the word of a clerk did; `gone_at` is when a full file no longer told of them. Of the code in a letter
    only a keyed hash is kept, until it is used.
    """

    __tablename__ = "register_entry"
    __table_args__ = (
        Index(
            "ix_register_entry_eligible",
            "ward_id",
            "born_on",
            sqlite_where=_STILL_IN,
            postgresql_where=_STILL_IN,
        ),
        Index(
            "ix_register_entry_letter",
            "letter_code_hash",
            unique=True,
            sqlite_where=_WITH_LETTER,
            postgresql_where=_WITH_LETTER,
        ),
    )

    tag: Mapped[str] = mapped_column(String(64), primary_key=True)
    ward_id: Mapped[int] = mapped_column(ForeignKey("ward.id"))
    born_on: Mapped[date]
    letter_code_hash: Mapped[str | None] = mapped_column(String(64))
    letter_made_at: Mapped[datetime | None]
    letter_tries: Mapped[int] = mapped_column(default=0)
    imported_at: Mapped[datetime | None]
    gone_at: Mapped[datetime | None]


class CounterCode(Model):
    """The short code by which somebody at a counter shows which account is theirs; one for each account."""

    __tablename__ = "counter_code"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class CityCard(Model):
    """A card of the city by the keyed tag of its number, and the tag of whose it is in the register."""

    __tablename__ = "city_card"

    tag: Mapped[str] = mapped_column(String(64), primary_key=True)
    entry_tag: Mapped[str] = mapped_column(ForeignKey("register_entry.tag", ondelete="CASCADE"), index=True)
    imported_at: Mapped[datetime]
