"""Polls: what is asked, of whom and when; what happens to a poll; who objects to it and who watches it."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cps.core.db import BigId, Id, Json, Model
from cps.polls.rules import (
    CountKey,
    Lines,
    Method,
    OptionOrder,
    PollEventKind,
    PollState,
    ResultsWhen,
    TieRule,
)

HASH = String(64)
NO_ROW_NUMBERS = {"sqlite_with_rowid": False}
"""On SQLite the rows lie in the order of their keys, a keyed hash, and nothing tells which came first."""


class Poll(Model):
    """One poll, from draft to final result.

    While it is a draft its columns are what the administrator edits. At the opening they become the
    specification, whose bytes (`spec_json`) and hash stand for ever; only `closes_at` may still grow.
    """

    __tablename__ = "poll"
    __table_args__ = (
        CheckConstraint("opens_at < closes_at", name="opens_before_it_closes"),
        CheckConstraint("(spec_sha256 = '') = (state = 'draft')", name="frozen_when_no_draft"),
        CheckConstraint("(void_reason <> '') = (state = 'void')", name="void_has_reason"),
        CheckConstraint("age_from <= age_to", name="ages_in_order"),
        Index("ix_poll_state", "state", "closes_at"),
    )

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    state: Mapped[PollState] = mapped_column(default=PollState.DRAFT)

    question: Mapped[dict[str, str]] = mapped_column(default=dict)
    explanation: Mapped[dict[str, str]] = mapped_column(default=dict)
    picture: Mapped[str] = mapped_column(String(40), default="")
    picture_sha256: Mapped[str] = mapped_column(HASH, default="")
    method: Mapped[Method] = mapped_column(default=Method.SINGLE)
    most: Mapped[int] = mapped_column(default=1)
    budget: Mapped[int | None] = mapped_column(BigId)
    option_order: Mapped[OptionOrder] = mapped_column(default=OptionOrder.PUBLISHED)

    key: Mapped[CountKey] = mapped_column(default=CountKey.REGISTER)
    verified_before: Mapped[datetime | None]
    ward_codes: Mapped[list[str]] = mapped_column(default=list)
    age_from: Mapped[int | None]
    age_to: Mapped[int | None]
    is_listed: Mapped[bool] = mapped_column(default=False)
    is_declared: Mapped[bool] = mapped_column(default=False)
    age_bands: Mapped[list[int]] = mapped_column(Json, default=list)

    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    results: Mapped[ResultsWhen] = mapped_column(default=ResultsWhen.AFTER)
    lines: Mapped[Lines] = mapped_column(default=Lines.COUNTS)
    is_sensitive: Mapped[bool] = mapped_column(default=False)
    tie: Mapped[TieRule] = mapped_column(default=TieRule.REPORT)
    draw_text: Mapped[str] = mapped_column(default="")
    objection_days: Mapped[int] = mapped_column(default=5)
    decision_days: Mapped[int] = mapped_column(default=20)
    objection_category_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"))
    witnesses: Mapped[list[str]] = mapped_column(default=list)
    has_no_witnesses: Mapped[bool] = mapped_column(default=False)

    rehearsed_at: Mapped[datetime | None]
    copy_read_at: Mapped[datetime | None]
    spec_json: Mapped[str] = mapped_column(default="")
    spec_sha256: Mapped[str] = mapped_column(HASH, default="")
    eligible: Mapped[int | None]

    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    tallied_at: Mapped[datetime | None]
    publish_asked_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    objections_until: Mapped[datetime | None]
    final_at: Mapped[datetime | None]
    keys_destroyed_at: Mapped[datetime | None]
    void_reason: Mapped[str] = mapped_column(default="")
    draw: Mapped[list[str]] = mapped_column(default=list)
    result_json: Mapped[str] = mapped_column(default="")
    turnout: Mapped[dict[str, Any]] = mapped_column(default=dict)
    bundle_sha256: Mapped[str] = mapped_column(HASH, default="")

    decision: Mapped[dict[str, str]] = mapped_column(default=dict)
    decision_due_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]

    cloned_from_id: Mapped[int | None] = mapped_column(ForeignKey("poll.id"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    options: Mapped[list["PollOption"]] = relationship(
        order_by="PollOption.ord", cascade="all, delete-orphan", lazy="selectin"
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def is_draft(self) -> bool:
        """Whether everything can still be changed."""
        return self.state is PollState.DRAFT


class PollOption(Model):
    """One answer that can be chosen; `code` is what ballots hold."""

    __tablename__ = "poll_option"
    __table_args__ = (CheckConstraint("cost > 0", name="cost_above_zero"),)

    poll_id: Mapped[int] = mapped_column(ForeignKey("poll.id", ondelete="CASCADE"), primary_key=True)
    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    ord: Mapped[int]
    labels: Mapped[dict[str, str]] = mapped_column(default=dict)
    texts: Mapped[dict[str, str]] = mapped_column(default=dict)
    cost: Mapped[int | None] = mapped_column(BigId)
    picture: Mapped[str] = mapped_column(String(40), default="")
    picture_sha256: Mapped[str] = mapped_column(HASH, default="")


class PollExtension(Model):
    """A later end with its public reason; appended, never changed. The end of a poll only moves by one."""

    __tablename__ = "poll_extension"

    id: Mapped[Id]
    poll_id: Mapped[int] = mapped_column(ForeignKey("poll.id"), index=True)
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(BigId)
    closes_at: Mapped[datetime]
    reason: Mapped[str]


class PollEvent(Model):
    """One thing that happened to a poll, readable by everybody; appended, never changed."""

    __tablename__ = "poll_event"
    __table_args__ = (Index("ix_poll_event_story", "poll_id", "at", "id"),)

    id: Mapped[Id]
    poll_id: Mapped[int] = mapped_column(ForeignKey("poll.id"))
    kind: Mapped[PollEventKind]
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(BigId)
    text: Mapped[str] = mapped_column(default="")
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)


class PollListed(Model):
    """Somebody on the list of those who may vote in a poll that has one; the tag is that of the roll."""

    __tablename__ = "poll_listed"
    __table_args__ = NO_ROW_NUMBERS

    poll_id: Mapped[int] = mapped_column(ForeignKey("poll.id", ondelete="CASCADE"), primary_key=True)
    tag: Mapped[str] = mapped_column(HASH, primary_key=True)


class PollObjection(Model):
    """An objection to a result: a case with a clock."""

    __tablename__ = "poll_objection"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)
    poll_id: Mapped[int] = mapped_column(ForeignKey("poll.id"), index=True)


class PollWatch(Model):
    """Somebody wants every signed head by mail: one row for an account and a poll."""

    __tablename__ = "poll_watch"

    poll_id: Mapped[int] = mapped_column(ForeignKey("poll.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    at: Mapped[datetime]
