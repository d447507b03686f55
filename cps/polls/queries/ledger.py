"""What the ledger is made of and shows: ballots that wait, leaves, heads, and the roll beside them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Select, func, select

from cps.core.db import db
from cps.polls.models import BallotBox, BallotInbox, LedgerLeaf, TreeHead, VoterRoll

AT_ONCE = 1_000

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Balance:
    """Who has voted without paper, and what was cast: the roll is always inbox and box together."""

    roll: int
    inbox: int
    box: int


def balance(poll_id: int) -> Balance:
    """Count all three in one statement, so that they are of one moment."""
    roll = select(func.count()).where(VoterRoll.poll_id == poll_id, VoterRoll.on_paper.is_(False))
    inbox = select(func.count()).where(BallotInbox.poll_id == poll_id)
    box = select(func.count()).where(BallotBox.poll_id == poll_id)
    counted = select(roll.scalar_subquery(), inbox.scalar_subquery(), box.scalar_subquery())
    return Balance(*db.session.execute(counted).one())


def on_roll(poll_id: int, *, on_paper: bool) -> int:
    """Count who has voted with paper, or without."""
    counted = select(func.count()).select_from(VoterRoll)
    return (
        db.session.scalar(counted.where(VoterRoll.poll_id == poll_id, VoterRoll.on_paper.is_(on_paper))) or 0
    )


def nobody_voted(poll_id: int) -> bool:
    """Return whether the roll of a poll is empty: no vote on a screen, none on paper."""
    return db.session.scalar(select(VoterRoll.tag).where(VoterRoll.poll_id == poll_id).limit(1)) is None


def on_roll_by_cell(poll_id: int) -> dict[str, int]:
    """Count who has voted, with paper and without, by cell."""
    counted = select(VoterRoll.cell, func.count()).where(VoterRoll.poll_id == poll_id)
    rows = db.session.execute(counted.group_by(VoterRoll.cell))
    return {row.cell: row[1] for row in rows}


def waiting(poll_id: int, *, most: int | None = None) -> int:
    """Count the ballots that are not in the ledger yet, up to `most`."""
    there = select(BallotInbox.handle).where(BallotInbox.poll_id == poll_id).limit(most).subquery()
    return db.session.scalar(select(func.count()).select_from(there)) or 0


def waiting_ballots(poll_id: int, *, most: int) -> list[tuple[str, bytes]]:
    """Return (handle, body) of ballots that wait, in the order of handles, which tells nothing of time."""
    wanted = select(BallotInbox.handle, BallotInbox.body).where(BallotInbox.poll_id == poll_id)
    rows = db.session.execute(wanted.order_by(BallotInbox.handle).limit(most))
    return [(row.handle, row.body) for row in rows]


def heads(poll_id: int) -> Sequence[TreeHead]:
    """Return every head, oldest first."""
    return db.session.scalars(
        select(TreeHead).where(TreeHead.poll_id == poll_id).order_by(TreeHead.batch_no)
    ).all()


def last_head(poll_id: int) -> TreeHead | None:
    """Return the newest head; None before the opening."""
    newest = select(TreeHead).where(TreeHead.poll_id == poll_id).order_by(TreeHead.batch_no.desc()).limit(1)
    return db.session.scalars(newest).one_or_none()


def head_lines(poll_id: int) -> Sequence[str]:
    """Return the public line of every head, oldest first."""
    return db.session.scalars(
        select(TreeHead.line).where(TreeHead.poll_id == poll_id).order_by(TreeHead.batch_no)
    ).all()


def leaves(poll_id: int) -> Iterator[str]:
    """Yield every leaf in the order of the ledger; reads some at a time, the session may end in between."""
    return _in_order(poll_id, select(LedgerLeaf.leaf))


def box_bodies(poll_id: int) -> Iterator[bytes]:
    """Yield the sealed ballots in the order of the ledger, read as `leaves` are."""
    return _in_order(poll_id, select(BallotBox.body).join(LedgerLeaf, LedgerLeaf.leaf == BallotBox.leaf))


def _in_order(poll_id: int, wanted: Select[T]) -> Iterator[T]:
    """Yield one thing for each leaf of a poll."""
    first, of_poll = 0, wanted.where(LedgerLeaf.poll_id == poll_id).order_by(LedgerLeaf.seq)
    while found := db.session.scalars(of_poll.where(LedgerLeaf.seq >= first).limit(AT_ONCE)).all():
        yield from found
        first += len(found)
