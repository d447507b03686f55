"""Polls, who has voted, the ballots, and the ledger that everybody can read.

Who has voted (`VoterRoll`) and what was voted (`BallotInbox`, then `BallotBox`) stand in tables without any
common column. On SQLite these tables have no row numbers: their rows lie in the order of their keys, which is
that of a keyed hash. Raw pages, and `xmin` on PostgreSQL, still tell which roll row and which sealed ballot
of the inbox came together; a batch ends that. `cps.core.triggers` holds what may not change.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cps.core.db import BigId, Id, Json, Model
from cps.polls.rules import (
    BATCH_SIZE,
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


class VoterRoll(Model):
    """Somebody has voted: one row for a person and a poll, without time, channel, address or account.

    `tag` is keyed with a key of this poll alone. `cell` is ward × age band, for the turnout.
    """

    __tablename__ = "voter_roll"
    __table_args__ = NO_ROW_NUMBERS

    poll_id: Mapped[int] = mapped_column(ForeignKey("poll.id"), primary_key=True)
    tag: Mapped[str] = mapped_column(HASH, primary_key=True)
    cell: Mapped[str] = mapped_column(String(80))
    on_paper: Mapped[bool] = mapped_column(default=False)


class BallotInbox(Model):
    """A cast ballot that is not in the ledger yet; sealed, all of one size, in the order of a keyed hash."""

    __tablename__ = "ballot_inbox"
    __table_args__ = NO_ROW_NUMBERS

    handle: Mapped[str] = mapped_column(HASH, primary_key=True)
    poll_id: Mapped[int] = mapped_column(ForeignKey("poll.id"), index=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)


class BallotSpent(Model):
    """A receipt code whose ballot went into the box: a repeated request hears that it was recorded."""

    __tablename__ = "ballot_spent"
    __table_args__ = NO_ROW_NUMBERS

    handle: Mapped[str] = mapped_column(HASH, primary_key=True)
    poll_id: Mapped[int] = mapped_column(ForeignKey("poll.id"), index=True)


class BallotBox(Model):
    """A ballot of the ledger, sealed anew, under its leaf."""

    __tablename__ = "ballot_box"
    __table_args__ = NO_ROW_NUMBERS

    leaf: Mapped[str] = mapped_column(HASH, primary_key=True)
    poll_id: Mapped[int] = mapped_column(ForeignKey("poll.id"), index=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)


class LedgerLeaf(Model):
    """One leaf of the public ledger, `seq` from 0."""

    __tablename__ = "ledger_leaf"
    __table_args__ = NO_ROW_NUMBERS

    poll_id: Mapped[int] = mapped_column(ForeignKey("poll.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(BigId, primary_key=True)
    leaf: Mapped[str] = mapped_column(HASH, unique=True)
    batch_no: Mapped[int]


class TreeHead(Model):
    """A signed head of the ledger; `line` is what is public, `peaks` lets the next one be made quickly."""

    __tablename__ = "tree_head"

    poll_id: Mapped[int] = mapped_column(ForeignKey("poll.id"), primary_key=True)
    batch_no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    size: Mapped[int] = mapped_column(BigId)
    pending: Mapped[int] = mapped_column(BigId)
    roll_size: Mapped[int] = mapped_column(BigId)
    root: Mapped[str] = mapped_column(HASH)
    previous_head_hash: Mapped[str] = mapped_column(HASH)
    signed_at: Mapped[datetime]
    signature: Mapped[str] = mapped_column(String(128))
    is_final: Mapped[bool] = mapped_column(default=False)
    line: Mapped[str]
    peaks: Mapped[list[str]] = mapped_column(default=list)


class LiveCount(Model):
    """What the page of an open poll with live results shows: counts of its whole batches, and nothing else.

    Each batch raises the row in its own transaction; it goes with the close. Choices as ballots hold them
    stand nowhere: a pattern agreed on beforehand could be found among them batch by batch.
    """

    __tablename__ = "live_count"
    __table_args__ = (
        CheckConstraint(f"size >= {BATCH_SIZE} * batch_no", name="whole_batches"),
        CheckConstraint("blank >= 0 AND blank <= size", name="blank_are_some"),
    )

    poll_id: Mapped[int] = mapped_column(ForeignKey("poll.id"), primary_key=True)
    batch_no: Mapped[int]
    size: Mapped[int] = mapped_column(BigId)
    blank: Mapped[int] = mapped_column(BigId)
    counts: Mapped[dict[str, int]] = mapped_column(Json)


class PublishedBallot(Model):
    """What a voter finds under a receipt code once the result is out; known by the SHA-256 of the code.

    `choice` is there only where full lines are published. Nothing here leads to a voter or to a handle.
    """

    __tablename__ = "published_ballot"
    __table_args__ = NO_ROW_NUMBERS

    poll_id: Mapped[int] = mapped_column(ForeignKey("poll.id"), primary_key=True)
    code_sha256: Mapped[str] = mapped_column(HASH, primary_key=True)
    leaf: Mapped[str] = mapped_column(HASH)
    choice: Mapped[list[str] | None] = mapped_column(Json)


class CounterPass(Model):
    """Somebody identified at the counter may cast one vote at its screen, soon; gone once it is used.

    No row of the roll yet: that comes with the ballot, in one transaction.
    """

    __tablename__ = "counter_pass"
    __table_args__ = NO_ROW_NUMBERS

    token_hash: Mapped[str] = mapped_column(HASH, primary_key=True)
    poll_id: Mapped[int] = mapped_column(ForeignKey("poll.id"), index=True)
    tag: Mapped[str] = mapped_column(HASH)
    cell: Mapped[str] = mapped_column(String(80))
    expires_at: Mapped[datetime] = mapped_column(index=True)


class PaperCount(Model):
    """What one officer counted of the paper ballots; two must agree before it enters the result."""

    __tablename__ = "paper_count"

    poll_id: Mapped[int] = mapped_column(ForeignKey("poll.id"), primary_key=True)
    officer_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    totals: Mapped[dict[str, Any]]


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
