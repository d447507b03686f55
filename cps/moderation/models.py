"""Objections of readers, acts of moderators with the appeals against them, and what was there before."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cps.cases.models import Case
from cps.cases.rules import HidingReason
from cps.core.db import BigId, Id, Model
from cps.moderation.rules import ActKind, FlagReason, Thing

IS_HIDING = text("what = 'hide' AND ended_at IS NULL")
IS_APPEALED = text("appealed_at IS NOT NULL AND decided_at IS NULL")
IS_WAITING = text("settled_at IS NULL")


class Flag(Model):
    """A reader objects to something; one row a person and thing, settled by a moderator.

    A visitor without an account is known by `tag`, a keyed hash of their network. `thing_id` is the key of a
    case, an event, a photo or a comment, all of which hang on `case_id`. `answer` is what the moderator wrote
    to whoever objected.
    """

    __tablename__ = "moderation_flag"
    __table_args__ = (
        CheckConstraint("account_id IS NULL OR tag IS NULL", name="account_or_tag"),
        UniqueConstraint("thing", "thing_id", "account_id", name="uq_moderation_flag_of_account"),
        UniqueConstraint("thing", "thing_id", "tag", name="uq_moderation_flag_of_visitor"),
        Index("ix_moderation_flag_waiting", "at", sqlite_where=IS_WAITING, postgresql_where=IS_WAITING),
    )

    id: Mapped[Id]
    thing: Mapped[Thing]
    thing_id: Mapped[int] = mapped_column(BigId)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    tag: Mapped[str | None] = mapped_column(String(64))
    reason: Mapped[FlagReason]
    words: Mapped[str] = mapped_column(String(500), default="")
    at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(String(500), default="")

    case: Mapped[Case] = relationship()


class Act(Model):
    """A moderator hid something, or blacked out parts of it; until `ended_at`, when it is shown again.

    Everybody reads the reason, the author also the note. The author may appeal once; another moderator
    decides, or the same one where there is no other (`decided_alone`). Of one thing one hiding holds.
    """

    __tablename__ = "moderation_act"
    __table_args__ = (
        CheckConstraint("(appealed_at IS NULL) = (appeal = '')", name="appeal_with_words"),
        CheckConstraint("decided_at IS NULL OR appealed_at IS NOT NULL", name="appealed_before_decided"),
        CheckConstraint("(decided_at IS NULL) = (is_granted IS NULL)", name="decided_whole"),
        CheckConstraint("decided_by_id <> by_id OR decided_alone", name="decided_by_another"),
        CheckConstraint("ended_at >= at", name="ends_after_beginning"),
        Index("ix_moderation_act_thing", "thing", "thing_id", "id"),
        Index("ix_moderation_act_at", "at", "id"),
        Index(
            "uq_moderation_act_hiding",
            "thing",
            "thing_id",
            unique=True,
            sqlite_where=IS_HIDING,
            postgresql_where=IS_HIDING,
        ),
        Index(
            "ix_moderation_act_appealed",
            "appealed_at",
            sqlite_where=IS_APPEALED,
            postgresql_where=IS_APPEALED,
        ),
    )

    id: Mapped[Id]
    thing: Mapped[Thing]
    thing_id: Mapped[int] = mapped_column(BigId)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    what: Mapped[ActKind]
    reason: Mapped[HidingReason]
    note: Mapped[str] = mapped_column(String(500), default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    appealed_at: Mapped[datetime | None]
    appeal: Mapped[str] = mapped_column(String(2000), default="")
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    decided_alone: Mapped[bool] = mapped_column(default=False)
    is_granted: Mapped[bool | None]
    decision: Mapped[str] = mapped_column(String(500), default="")
    version: Mapped[int] = mapped_column()

    case: Mapped[Case] = relationship()

    __mapper_args__ = {"version_id_col": version}


class ModerationOriginal(Model):
    """What a thing was before parts of it were blacked out: its texts by field, or the name of the photo.

    Read by moderators alone; each reading is recorded.
    """

    __tablename__ = "moderation_original"

    act_id: Mapped[int] = mapped_column(ForeignKey("moderation_act.id", ondelete="CASCADE"), primary_key=True)
    texts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    photo: Mapped[str] = mapped_column(String(40), default="")
