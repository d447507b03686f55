"""The ledger: ballots go from the inbox into the box in batches, and a head is signed after each.

Opening and sealing take most of the time and happen before the transaction (`next_batch`), which then takes
exactly those ballots or, where another worker was faster, nothing (`take`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert
from sqlalchemy.exc import IntegrityError

from cps.core import outbox
from cps.core.db import db
from cps.polls import ballot, heads, queries, tally, tree
from cps.polls.key_ring import specification_of
from cps.polls.keys import WorkerKeys
from cps.polls.models import BallotBox, BallotInbox, BallotSpent, LedgerLeaf, Poll, TreeHead
from cps.polls.rules import (
    BATCH_EVERY,
    BATCH_SIZE,
    BATCH_WAITS_FOR,
    LAST_BATCHES,
    PollState,
    ResultsWhen,
    size_of_last_batch,
)
from cps.polls.seal import opener, seal
from cps.polls.services import counting, live
from cps.polls.specification import Specification


@dataclass(frozen=True, slots=True)
class Moved:
    """A ballot on its way from the inbox to the box, under its leaf."""

    leaf: str
    handle: str
    body: bytes


@dataclass(frozen=True, slots=True)
class _Opened:
    """A ballot as only the worker sees it, padded as it lay sealed under its handle."""

    handle: str
    padded: bytes


@dataclass(frozen=True, slots=True)
class Batch:
    """Ballots to be taken together, in the order of their leaves."""

    poll_id: int
    moved: Sequence[Moved]
    closed_at: datetime | None
    """When the poll was closed; only then can a head be the final one."""
    counted: tally.Result | None = None
    """The count of these ballots, for a poll that shows counts while it is open."""


class SomebodyElse(Exception):
    """Another worker took these ballots; nothing was changed."""


def batch_is_due(poll: Poll, at: datetime) -> bool:
    """Say whether a batch of an open poll should be taken: a minute since the last, and enough waiting."""
    head = queries.last_head(poll.id)
    rested = head is None or head.signed_at + BATCH_EVERY <= at
    return rested and queries.waiting(poll.id, most=BATCH_WAITS_FOR) >= BATCH_WAITS_FOR


def next_batch(poll: Poll, worker: WorkerKeys) -> Batch:
    """Return the next ballots of a poll, opened and sealed anew; outside the transaction that takes them.

    While the poll is open a batch has BATCH_SIZE ballots; raises SomebodyElse where fewer than
    BATCH_WAITS_FOR wait any more, for then too few would be left to the close. After it all that wait are
    taken in turn; the head with which none waits any more is the final one.
    """
    if poll.state is not PollState.OPEN:
        most = size_of_last_batch(queries.waiting(poll.id, most=2 * LAST_BATCHES))
        opened = _opened(poll, worker, queries.waiting_ballots(poll.id, most=most))
        return Batch(poll.id, _sealed_anew(opened, worker, poll.spec_sha256), poll.closed_at)
    rows = queries.waiting_ballots(poll.id, most=BATCH_WAITS_FOR)
    if len(rows) < BATCH_WAITS_FOR:
        raise SomebodyElse
    opened = _opened(poll, worker, rows[:BATCH_SIZE])
    moved = _sealed_anew(opened, worker, poll.spec_sha256)
    return Batch(poll.id, moved, None, counted=_counted_live(opened, specification_of(poll)))


def take(batch: Batch, worker: WorkerKeys, *, at: datetime) -> None:
    """Move a batch into the box and the ledger, and sign the head after it; raises SomebodyElse."""
    _move(batch)
    before = queries.last_head(batch.poll_id)
    if before is None or before.is_final:
        raise SomebodyElse
    grown = tree.Tree.resumed(before.size, [bytes.fromhex(peak) for peak in before.peaks])
    batch_no = before.batch_no + 1
    _append(batch, grown, batch_no=batch_no)
    _sign_next(before, grown, worker, closed_at=batch.closed_at, at=at)
    if batch.counted is not None:
        live.add(batch.poll_id, batch.counted, batch_no=batch_no)


def sign_first(poll: Poll, worker: WorkerKeys, *, at: datetime) -> None:
    """Sign the head of the opening in the running transaction."""
    head = heads.sign(heads.first(poll.slug, poll.spec_sha256, at=at), worker.heads_private)
    db.session.add(_row(poll.id, head, tree.Tree(), at))


def _opened(poll: Poll, worker: WorkerKeys, rows: Sequence[tuple[str, bytes]]) -> list[_Opened]:
    open_one = opener(worker.seal_private, poll.spec_sha256.encode())
    return [_Opened(handle, open_one(body)) for handle, body in rows]


def _sealed_anew(opened: Sequence[_Opened], worker: WorkerKeys, spec_sha256: str) -> list[Moved]:
    """Find the leaf of each ballot and seal it anew; in the order of leaves."""
    bound, public = spec_sha256.encode(), worker.seal_public
    moved = []
    for one in opened:
        leaf = tree.leaf_hash(ballot.unpad(one.padded)).hex()
        moved.append(Moved(leaf, one.handle, seal(public, one.padded, bound)))
    return sorted(moved, key=lambda one: one.leaf)


def _counted_live(opened: Sequence[_Opened], specification: Specification) -> tally.Result | None:
    """Count these ballots where the poll shows counts while it is open."""
    if specification.results is not ResultsWhen.LIVE:
        return None
    lines = (ballot.parse_line(ballot.unpad(one.padded), specification) for one in opened)
    return tally.count(counting.rules_of(specification), tally.collect(line.choice for line in lines))


def _move(batch: Batch) -> None:
    if not batch.moved:
        return
    poll_id, handles = batch.poll_id, [one.handle for one in batch.moved]
    for start in range(0, len(handles), 500):
        chunk = handles[start : start + 500]
        gone = delete(BallotInbox).where(BallotInbox.handle.in_(chunk), BallotInbox.poll_id == poll_id)
        if len(db.session.execute(gone.returning(BallotInbox.handle)).all()) != len(chunk):
            raise SomebodyElse
    db.session.execute(
        insert(BallotBox), [{"leaf": one.leaf, "poll_id": poll_id, "body": one.body} for one in batch.moved]
    )
    db.session.execute(
        insert(BallotSpent), [{"handle": handle, "poll_id": poll_id} for handle in sorted(handles)]
    )


def _append(batch: Batch, grown: tree.Tree, *, batch_no: int) -> None:
    rows = []
    for one in batch.moved:
        rows.append({"poll_id": batch.poll_id, "seq": grown.size, "leaf": one.leaf, "batch_no": batch_no})
        grown.append(bytes.fromhex(one.leaf))
    if rows:
        db.session.execute(insert(LedgerLeaf), rows)


def _sign_next(
    before: TreeHead, grown: tree.Tree, worker: WorkerKeys, *, closed_at: datetime | None, at: datetime
) -> None:
    """Sign the head of what the ledger holds now."""
    pending, roll = _counted(before, grown.size, closed_at)
    following = heads.following(
        heads.parse(before.line.encode()),
        size=grown.size,
        pending=pending,
        roll=roll,
        root=grown.root(),
        final=closed_at is not None and pending == 0,
        at=at,
    )
    db.session.add(_row(before.poll_id, heads.sign(following, worker.heads_private), grown, at))
    try:
        db.session.flush()
    except IntegrityError:
        raise SomebodyElse from None
    if queries.is_watched(before.poll_id):
        outbox.state(outbox.Fact.POLL_HEAD, before.poll_id, at=at, batch=following.batch)


def _counted(before: TreeHead, size: int, closed_at: datetime | None) -> tuple[int, int]:
    """Count who wait and who have voted, in one statement.

    The roll stands still after the close. It is counted once then, and once more for the final head: counting
    all of a large roll for every batch took longer than the batches.
    """
    is_counted = closed_at is not None and before.signed_at > closed_at
    if is_counted and queries.waiting(before.poll_id, most=1):
        return before.roll_size - size, before.roll_size
    counted = queries.balance(before.poll_id)
    return counted.inbox, counted.roll


def _row(poll_id: int, head: heads.Head, grown: tree.Tree, at: datetime) -> TreeHead:
    return TreeHead(
        poll_id=poll_id,
        batch_no=head.batch,
        size=head.size,
        pending=head.pending,
        roll_size=head.roll,
        root=head.root,
        previous_head_hash=head.previous,
        signed_at=at,
        signature=head.signature,
        is_final=head.final,
        line=head.line().decode(),
        peaks=[peak.hex() for peak in grown.peaks],
    )
