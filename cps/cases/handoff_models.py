"""The tables of handing over: each transfer with its answer, and when departments looked at what is new."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from cps.cases.rules import TransferAnswer
from cps.core.db import Id, Model

UNANSWERED = text("answered_at IS NULL")


class Transfer(Model):
    """A case was handed to another department, which accepts or refuses it; a case has at most one waiting.

    The reason is the message of `event_id`, that of a refusal the message of `answer_event_id`; both stand in
    the story of the case. `names_id` or `whose` is whom the refusing department names instead. A decision of
    whose it is (`is_decision`) cannot be refused.
    """

    __tablename__ = "transfer"
    __table_args__ = (
        CheckConstraint("from_id <> to_id", name="to_another"),
        CheckConstraint("(answered_at IS NULL) = (answer IS NULL)", name="answered_whole"),
        CheckConstraint("answer <> 'refused' OR answer_event_id IS NOT NULL", name="refused_with_reason"),
        CheckConstraint("answer <> 'refused' OR NOT is_decision", name="decision_stands"),
        Index("uq_transfer_waiting", "case_id", unique=True,
              sqlite_where=UNANSWERED, postgresql_where=UNANSWERED),
    )  # fmt: skip

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    from_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    to_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    is_decision: Mapped[bool] = mapped_column(default=False)
    event_id: Mapped[int] = mapped_column(ForeignKey("case_event.id", ondelete="CASCADE"))
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    asked_at: Mapped[datetime]
    answer: Mapped[TransferAnswer | None]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    answer_event_id: Mapped[int | None] = mapped_column(ForeignKey("case_event.id", ondelete="CASCADE"))
    names_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    whose: Mapped[str] = mapped_column(String(120), default="")


class InboxLook(Model):
    """When somebody of a department last looked at its new cases, and whether its silence was told since."""

    __tablename__ = "inbox_look"

    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), primary_key=True)
    looked_at: Mapped[datetime | None]
    alarmed_at: Mapped[datetime | None]
