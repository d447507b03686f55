"""The vote: who has voted and what was voted, written together or not at all.

Every function opens no transaction of its own: the caller opens one, calls one of them, and commits. No call
leaves the process in between.
"""

import typing
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache

from sqlalchemy import Executable, Table, delete

from cps.core.db import db
from cps.core.keys import hashed_token
from cps.core.server_time import server_time
from cps.core.upsert import insert_for
from cps.polls import queries
from cps.polls.models import BallotInbox, CounterPass, VoterRoll
from cps.polls.rules import PollState

_ROLL = typing.cast("Table", VoterRoll.__table__)
_PUTTING_IN = typing.cast("Table", BallotInbox.__table__).insert()


class NotTaken(StrEnum):
    """Why a vote is not taken; nothing was changed. Pages have a sentence for each."""

    NOT_OPEN_YET = "not-open-yet"
    CLOSED = "closed"
    SUSPENDED = "suspended"
    VOID = "void"
    ALREADY_VOTED = "already-voted"
    PASS_GONE = "pass-gone"  # noqa: S105 - no password


class VoteRefused(Exception):
    """The vote is not taken; the transaction must be left, as the exception does."""

    def __init__(self, reason: NotTaken) -> None:
        super().__init__(reason.value)
        self.reason = reason


class Cast(StrEnum):
    """What became of a vote that counts."""

    RECORDED = "recorded"
    ALREADY_RECORDED = "already-recorded"


@dataclass(frozen=True, slots=True)
class Voter:
    """Somebody who may vote: the tag on the roll of this poll, and the cell of the turnout."""

    tag: str
    cell: str


@dataclass(frozen=True, slots=True)
class SealedBallot:
    """A ballot that nobody but the worker can open, and the keyed hash of its receipt code."""

    handle: str
    body: bytes


def cast(poll_id: int, ballot: SealedBallot, voter: Voter) -> Cast:
    """Record a vote: one row of the roll and one ballot.

    Raises VoteRefused. The very same ballot sent again is ALREADY_RECORDED, also when it is in the ledger.
    """
    try:
        _lock_and_check(poll_id)
        return _record(poll_id, ballot, voter)
    except VoteRefused:
        if queries.is_recorded(ballot.handle):
            return Cast.ALREADY_RECORDED
        raise


def cast_with_pass(poll_id: int, ballot: SealedBallot, token: str) -> Cast:
    """Record a vote at the counter's screen and use up its pass, in one transaction; raises VoteRefused."""
    try:
        at = _lock_and_check(poll_id)
        return _record(poll_id, ballot, _spend_pass(poll_id, token, at))
    except VoteRefused:
        if queries.is_recorded(ballot.handle):
            return Cast.ALREADY_RECORDED
        raise


def enter_on_roll(poll_id: int, voter: Voter, *, on_paper: bool) -> bool:
    """Put somebody on the roll; False where they are on it already, also by a vote of this very moment."""
    row = {"poll_id": poll_id, "tag": voter.tag, "cell": voter.cell, "on_paper": on_paper}
    return db.session.execute(_entering(db.engine.dialect.name), row).one_or_none() is not None


@cache
def _entering(dialect: str) -> Executable:
    """Build the statement once: every vote does it."""
    return insert_for(dialect, _ROLL).on_conflict_do_nothing().returning(_ROLL.c.tag)


def _lock_and_check(poll_id: int) -> datetime:
    """Take the lock, then read state and time: what the poll was before the lock does not matter."""
    queries.lock_shared(poll_id)
    gate, at = queries.gate(poll_id), server_time()
    if not gate.is_open(at):
        raise VoteRefused(why_closed(gate, at))
    return at


def why_closed(gate: queries.Gate, at: datetime) -> NotTaken:
    """Return why a poll that does not take votes now does not."""
    if gate.state is PollState.SUSPENDED:
        return NotTaken.SUSPENDED
    if gate.state is PollState.VOID:
        return NotTaken.VOID
    not_yet = gate.state is PollState.DRAFT or (gate.opens_at is not None and at < gate.opens_at)
    return NotTaken.NOT_OPEN_YET if not_yet else NotTaken.CLOSED


def _spend_pass(poll_id: int, token: str, at: datetime) -> Voter:
    spent = db.session.execute(
        delete(CounterPass)
        .where(
            CounterPass.token_hash == hashed_token(token),
            CounterPass.poll_id == poll_id,
            CounterPass.expires_at > at,
        )
        .returning(CounterPass.tag, CounterPass.cell)
    ).one_or_none()
    if spent is None:
        raise VoteRefused(NotTaken.PASS_GONE)
    return Voter(*spent)


def _record(poll_id: int, ballot: SealedBallot, voter: Voter) -> Cast:
    if not enter_on_roll(poll_id, voter, on_paper=False):
        raise VoteRefused(NotTaken.ALREADY_VOTED)
    row = {"handle": ballot.handle, "poll_id": poll_id, "body": ballot.body}
    db.session.execute(_PUTTING_IN, row)
    return Cast.RECORDED
