"""What the desk keeps of its own work: acts to undo, who has a case open, closed cases to check."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from cps.core.db import Id, Model
from cps.triage.work.rules import CaseState, PhotoDoubtKind

WAITS = text("state = 'waiting'")
IS_UNCHECKED = text("checked_at IS NULL")


class DeskAct(Model):
    """One act of an officer, on one case or on many; on many it is planned, looked at, then done.

    `kind` is an `Act` or a `BulkAct`, `wanted` what was typed for many. Until `public_from`, set when it
    begins, whoever did it may undo it, and nobody outside is told.
    """

    __tablename__ = "desk_act"
    __table_args__ = (
        CheckConstraint("(started_at IS NULL) = (public_from IS NULL)", name="started_whole"),
        CheckConstraint("done_at IS NULL OR started_at IS NOT NULL", name="started_before_done"),
        CheckConstraint("undone_at IS NULL OR started_at IS NOT NULL", name="started_before_undone"),
        Index("ix_desk_act_by", "by_id", "id"),
    )

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(20))
    is_bulk: Mapped[bool]
    wanted: Mapped[dict[str, Any]] = mapped_column(default=dict)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    planned_at: Mapped[datetime] = mapped_column(index=True)
    started_at: Mapped[datetime | None]
    public_from: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]


class DeskActCase(Model):
    """One case of an act: the version that was seen, the one it has once it is done, and what was before.

    `before` holds the columns that the act changed and what else it made; `why` says why a case was skipped.
    """

    __tablename__ = "desk_act_case"
    __table_args__ = (
        CheckConstraint(
            "state NOT IN ('done', 'undone') OR version_after IS NOT NULL", name="done_has_version"
        ),
        CheckConstraint("(state IN ('skipped', 'kept')) = (why <> '')", name="skipped_has_reason"),
        Index("ix_desk_act_case_waiting", "act_id", "case_id", sqlite_where=WAITS, postgresql_where=WAITS),
    )

    act_id: Mapped[int] = mapped_column(ForeignKey("desk_act.id", ondelete="CASCADE"), primary_key=True)
    case_id: Mapped[int] = mapped_column(
        ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    version_seen: Mapped[int]
    version_after: Mapped[int | None]
    state: Mapped[CaseState]
    why: Mapped[str] = mapped_column(String(300), default="")
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)


class CasePresence(Model):
    """Who of the staff had a case open, and when last; kept for an hour."""

    __tablename__ = "case_presence"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    seen_at: Mapped[datetime] = mapped_column(index=True)


class ClosedCheck(Model):
    """A supervisor looked at a closed case of the week's sample; each case is looked at once in a week.

    `week` is the Monday of the week in which it was closed.
    """

    __tablename__ = "closed_check"
    __table_args__ = (CheckConstraint("is_good OR note <> ''", name="not_good_has_note"),)

    week: Mapped[str] = mapped_column(String(10), primary_key=True)
    case_id: Mapped[int] = mapped_column(
        ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    is_good: Mapped[bool]
    note: Mapped[str] = mapped_column(default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    at: Mapped[datetime]


class PhotoDoubt(Model):
    """A photo of the work that a supervisor should look at, and what they found.

    `other_id` is the photo that shows the same picture; a photo older than its case has none.
    """

    __tablename__ = "photo_doubt"
    __table_args__ = (
        UniqueConstraint("photo_id", "kind"),
        CheckConstraint("(kind = 'same') = (other_id IS NOT NULL)", name="same_as_another"),
        CheckConstraint("photo_id <> other_id", name="of_two_photos"),
        CheckConstraint("(checked_at IS NULL) = (is_good IS NULL)", name="checked_whole"),
        CheckConstraint("is_good OR note <> ''", name="not_good_has_note"),
        Index("ix_photo_doubt_unchecked", "id", sqlite_where=IS_UNCHECKED, postgresql_where=IS_UNCHECKED),
    )

    id: Mapped[Id]
    photo_id: Mapped[int] = mapped_column(ForeignKey("attachment.id", ondelete="CASCADE"))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    kind: Mapped[PhotoDoubtKind]
    other_id: Mapped[int | None] = mapped_column(ForeignKey("attachment.id", ondelete="CASCADE"))
    found_at: Mapped[datetime]
    is_good: Mapped[bool | None]
    note: Mapped[str] = mapped_column(default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    checked_at: Mapped[datetime | None]
