"""What a vote reads: whether the poll takes it, and whether it has been taken before."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, exists, func, or_, select, text

from cps.core.db import db
from cps.polls.models import (
    BallotInbox,
    BallotSpent,
    CounterPass,
    Poll,
    PollListed,
    PublishedBallot,
    VoterRoll,
)
from cps.polls.rules import PollState

_GATE = select(Poll.state, Poll.opens_at, Poll.closes_at).where(Poll.id == bindparam("poll"))
_ON_ROLL = select(VoterRoll.tag).where(
    VoterRoll.poll_id == bindparam("poll"), VoterRoll.tag == bindparam("tag")
)
_RECORDED = select(
    or_(
        exists().where(BallotInbox.handle == bindparam("handle")),
        exists().where(BallotSpent.handle == bindparam("handle")),
    )
)

LOCK_CLASS = 0x706F6C6C
"""Tells the advisory locks of polls from others: "poll" in ASCII."""


def lock_shared(poll_id: int) -> None:
    """Hold the poll open until the running write transaction ends; many votes hold it at once.

    The close waits for all of them and lets no new one before it: an advisory lock keeps its queue, a row
    lock does not, and the close starved behind late votes. On SQLite a write transaction is alone anyway.
    """
    _lock("pg_advisory_xact_lock_shared", poll_id)


def lock_alone(poll_id: int) -> None:
    """Wait until every vote under way is committed, and let no other begin until the transaction ends."""
    _lock("pg_advisory_xact_lock", poll_id)


def _lock(function: str, poll_id: int) -> None:
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text(f"SELECT {function}(:class, :poll)"), {"class": LOCK_CLASS, "poll": poll_id})


@dataclass(frozen=True, slots=True)
class Gate:
    """What decides whether a vote is taken now."""

    state: PollState
    opens_at: datetime | None
    closes_at: datetime | None

    def is_open(self, at: datetime) -> bool:
        """Say whether a vote at this moment counts: from the opening on, and before the close."""
        opens, closes = self.opens_at, self.closes_at
        return bool(self.state is PollState.OPEN and opens and closes and opens <= at < closes)


def gate(poll_id: int) -> Gate:
    """Return the state of a poll as it is now; call it after taking a lock."""
    return Gate(*db.session.execute(_GATE, {"poll": poll_id}).one())


def has_voted(poll_id: int, tag: str) -> bool:
    """Return whether somebody is on the roll of a poll."""
    return db.session.scalar(_ON_ROLL, {"poll": poll_id, "tag": tag}) is not None


def is_recorded(handle: str) -> bool:
    """Return whether the ballot with this receipt code was recorded, in the ledger or not yet."""
    return bool(db.session.scalar(_RECORDED, {"handle": handle}))


def is_listed(poll_id: int, tag: str) -> bool:
    """Return whether somebody is on the list of those who may vote."""
    return db.session.get(PollListed, (poll_id, tag)) is not None


def count_listed(poll_id: int) -> int:
    """Count who is on the list of those who may vote."""
    counted = select(func.count()).where(PollListed.poll_id == poll_id)
    return db.session.scalar(counted) or 0


def pass_is_good(poll_id: int, token_hash: str, at: datetime) -> bool:
    """Return whether a pass of the counter still gives a vote in a poll."""
    good = select(CounterPass.poll_id).where(
        CounterPass.token_hash == token_hash, CounterPass.poll_id == poll_id, CounterPass.expires_at > at
    )
    return db.session.scalar(good) is not None


def published_ballot(poll_id: int, code_sha256: str) -> PublishedBallot | None:
    """Return what is published under the hash of a receipt code; None where no ballot had this code."""
    return db.session.get(PublishedBallot, (poll_id, code_sha256))
