"""Who has voted, the ballots, and the ledger that everybody can read.

Who has voted (`VoterRoll`) and what was voted (`BallotInbox`, then `BallotBox`) stand in tables without any
common column. On SQLite these tables have no row numbers: their rows lie in the order of their keys, which is
that of a keyed hash. Raw pages, and `xmin` on PostgreSQL, still tell which roll row and which sealed ballot
of the inbox came together; a batch ends that. `cps.core.triggers` holds what may not change.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from cps.core.db import BigId, Json, Model
from cps.polls.models.polls import HASH, NO_ROW_NUMBERS
from cps.polls.rules import BATCH_SIZE


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
