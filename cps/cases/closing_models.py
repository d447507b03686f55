"""The table of ends that wait for a second pair of eyes."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from cps.cases.clock_models import UNDECIDED
from cps.cases.rules import Outcome
from cps.core.db import Id, Model


class ClosingRequest(Model):
    """An end of a case that a colleague has to agree to, or answered; a case has at most one waiting.

    Its words, what else the end tells and its photos hang on `event_id`, which only staff read; the words
    of a no on `answer_event_id`.
    """

    __tablename__ = "closing_request"
    __table_args__ = (
        CheckConstraint("(decided_at IS NULL) = (is_granted IS NULL)", name="decided_whole"),
        Index("uq_closing_request_waiting", "case_id", unique=True,
              sqlite_where=UNDECIDED, postgresql_where=UNDECIDED),
    )  # fmt: skip

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("case_event.id", ondelete="CASCADE"))
    outcome: Mapped[Outcome]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    asked_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    is_granted: Mapped[bool | None]
    answer_event_id: Mapped[int | None] = mapped_column(ForeignKey("case_event.id", ondelete="CASCADE"))

    @property
    def key(self) -> str:
        """By what it is stated: its own number may come again on SQLite once asking was undone."""
        return f"second:{self.event_id}"
