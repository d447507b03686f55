"""The tables of the answer clock: what moved a due date, what waits for a supervisor, what was escalated.

When a case was received, seen, promised, paused and answered stands in columns of `Case`.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from cps.cases.rules import EscalationStep
from cps.core.db import Id, Model

UNDECIDED = text("decided_at IS NULL")


class DueChange(Model):
    """One move of one due date; appended, never edited. A due date cannot move without its row (trigger).

    `key` is what moved it, once each: `extension:1`, `extension:2`, `pause` or `suspension:<id>`. Only a
    correction of a suspension moves a date to an earlier one. `days` are the working days of an extension,
    `paused_from` and `paused_until` say how long the city waited for the resident.
    """

    __tablename__ = "due_change"
    __table_args__ = (
        UniqueConstraint("case_id", "key"),
        CheckConstraint(
            "key IN ('extension:1', 'extension:2', 'pause') OR key LIKE 'suspension:%'", name="known_key"
        ),
        CheckConstraint("after >= before OR key LIKE 'suspension:%'", name="moves_later"),
        CheckConstraint("(key LIKE 'extension:%') = (days > 0)", name="extension_has_days"),
        CheckConstraint("(key LIKE 'extension:%') = (event_id IS NOT NULL)", name="extension_has_reason"),
        CheckConstraint("(key LIKE 'suspension:%') = (suspension_id IS NOT NULL)", name="suspension_named"),
        CheckConstraint("(key = 'pause') = (paused_until IS NOT NULL)", name="pause_has_end"),
        CheckConstraint("(paused_from IS NULL) = (paused_until IS NULL)", name="pause_whole"),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(40))
    before: Mapped[datetime]
    after: Mapped[datetime]
    at: Mapped[datetime] = mapped_column(index=True)
    days: Mapped[int] = mapped_column(default=0)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("case_event.id", ondelete="CASCADE"))
    suspension_id: Mapped[int | None] = mapped_column(ForeignKey("work_suspension.id"))
    paused_from: Mapped[datetime | None]
    paused_until: Mapped[datetime | None]


class ExtensionRequest(Model):
    """An extension that waits for a supervisor's yes, or had its answer; a case has at most one waiting."""

    __tablename__ = "extension_request"
    __table_args__ = (
        CheckConstraint("days > 0", name="days_positive"),
        CheckConstraint("(decided_at IS NULL) = (is_granted IS NULL)", name="decided_whole"),
        Index("uq_extension_request_waiting", "case_id", unique=True,
              sqlite_where=UNDECIDED, postgresql_where=UNDECIDED),
    )  # fmt: skip

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    days: Mapped[int]
    reason: Mapped[str]
    reply: Mapped[str]
    language: Mapped[str] = mapped_column(String(12), default="")
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    asked_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    is_granted: Mapped[bool | None]


class Escalation(Model):
    """A step of escalation that was taken for one due date of a case; the key makes it be taken once."""

    __tablename__ = "escalation"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)
    step: Mapped[EscalationStep] = mapped_column(primary_key=True)
    due_at: Mapped[datetime] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
