"""The table of questions that the city asks reporters: what they can tap, until when, and what came of it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from cps.cases.rules import QuestionEnding
from cps.core.db import Id, Model

UNENDED = text("ended_at IS NULL")


class CaseQuestion(Model):
    """An officer asked the reporter something; a case has at most one question that waits.

    The words are the message of `event_id`, those of the reply the message of `answer_event_id`; both stand
    in the story of the case. `choices` are short answers to tap, in the order of the page; `choice` is the
    place in that list, from 0, of the one that was tapped. A reply that came too late is kept with a question
    that has lapsed.
    """

    __tablename__ = "case_question"
    __table_args__ = (
        CheckConstraint("ends_at > asked_at", name="ends_later"),
        CheckConstraint("(ended_at IS NULL) = (ending IS NULL)", name="ended_whole"),
        CheckConstraint("(answered_at IS NULL) = (answer_event_id IS NULL)", name="answered_whole"),
        CheckConstraint("answered_at IS NULL OR ended_at IS NOT NULL", name="answered_is_ended"),
        CheckConstraint("choice IS NULL OR answered_at IS NOT NULL", name="chosen_is_answered"),
        Index("uq_case_question_unended", "case_id", unique=True,
              sqlite_where=UNENDED, postgresql_where=UNENDED),
    )  # fmt: skip

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("case_event.id", ondelete="CASCADE"), unique=True)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    asked_at: Mapped[datetime]
    choices: Mapped[list[str]] = mapped_column(default=list)
    ends_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ending: Mapped[QuestionEnding | None]
    answered_at: Mapped[datetime | None]
    answer_event_id: Mapped[int | None] = mapped_column(ForeignKey("case_event.id", ondelete="CASCADE"))
    choice: Mapped[int | None]
