"""Batches go into the ledger whole, in an order that tells nothing, each under a signed head."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from cps.core.db import db, transaction
from cps.core.models import OutboxFact
from cps.core.outbox import Fact
from cps.polls import ballot, heads, queries, tree
from cps.polls.key_ring import specification_of, worker_keys
from cps.polls.models import BallotBox, BallotInbox, BallotSpent, LedgerLeaf, Poll
from cps.polls.rules import BATCH_SIZE, BATCH_WAITS_FOR, LAST_BATCHES, size_of_last_batch
from cps.polls.seal import open_sealed
from cps.polls.services import course, ledger, watching
from tests.support import polls
from tests.support.fixtures import Clock


def filled(clock: Clock, votes: int = BATCH_WAITS_FOR) -> Poll:
    """Return an open poll with votes, beside one that has some as well, a minute after the opening."""
    polls.vote_many(polls.make_poll(), ["pool"], [])
    poll = polls.make_poll()
    polls.vote_many(poll, *[["park"], ["pool"], []] * (votes // 3))
    clock.move(minutes=1)
    return queries.get_poll(poll.slug)


def take(poll: Poll, clock: Clock) -> ledger.Batch:
    keys = worker_keys(poll)
    batch = ledger.next_batch(poll, keys)
    with transaction():
        ledger.take(batch, keys, at=clock.now)
    return batch


def count(
    table: type[BallotInbox] | type[BallotSpent] | type[BallotBox] | type[LedgerLeaf], poll: Poll
) -> int:
    return db.session.scalar(select(func.count()).where(table.poll_id == poll.id)) or 0


@pytest.mark.usefixtures("app")
def test_a_batch_waits_for_enough_ballots_and_for_its_minute(clock: Clock) -> None:
    poll = filled(clock, BATCH_WAITS_FOR - 3)
    few = ledger.batch_is_due(poll, clock.now)
    polls.vote_many(poll, *[["park"]] * 3)

    assert not few
    assert ledger.batch_is_due(poll, clock.now)
    assert not ledger.batch_is_due(poll, clock.now - timedelta(seconds=1))


@pytest.mark.usefixtures("app")
def test_a_batch_moves_every_part_of_its_ballots_and_nothing_of_the_others(clock: Clock) -> None:
    poll = filled(clock)
    waiting = {handle for handle, _body in queries.waiting_ballots(poll.id, most=BATCH_WAITS_FOR)}

    batch = take(poll, clock)

    spent = {*db.session.scalars(select(BallotSpent.handle).where(BallotSpent.poll_id == poll.id))}
    assert spent == {one.handle for one in batch.moved} <= waiting
    assert count(BallotInbox, poll) == BATCH_WAITS_FOR - BATCH_SIZE
    assert count(BallotBox, poll) == count(LedgerLeaf, poll) == len(spent) == BATCH_SIZE
    assert (
        db.session.scalar(select(func.count()).select_from(BallotInbox)) == BATCH_WAITS_FOR - BATCH_SIZE + 2
    )


@pytest.mark.usefixtures("app")
def test_leaves_are_appended_in_the_order_of_their_hashes(clock: Clock) -> None:
    poll = filled(clock, 2 * BATCH_WAITS_FOR)
    for _batch in range(2):
        take(poll, clock)
        clock.move(minutes=1)

    leaves = [*queries.leaves(poll.id)]

    for batch in (leaves[:BATCH_SIZE], leaves[BATCH_SIZE:]):
        assert batch == sorted(batch)
    assert leaves != sorted(leaves)


@pytest.mark.usefixtures("app")
def test_a_ballot_in_the_box_is_sealed_anew_and_is_the_one_of_its_leaf(clock: Clock) -> None:
    poll = filled(clock)
    before = {body for _handle, body in queries.waiting_ballots(poll.id, most=BATCH_WAITS_FOR)}
    take(poll, clock)
    keys, bound = worker_keys(poll), poll.spec_sha256.encode()

    for row in db.session.scalars(select(BallotBox).where(BallotBox.poll_id == poll.id)):
        line = ballot.unpad(open_sealed(keys.seal_private, row.body, bound))
        assert row.body not in before
        assert tree.leaf_hash(line).hex() == row.leaf
        assert ballot.parse_line(line, specification_of(poll))


@pytest.mark.usefixtures("app")
def test_a_head_counts_ledger_inbox_and_roll_and_is_stated_for_whoever_keeps_heads(clock: Clock) -> None:
    poll, by, other = filled(clock), polls.make_voter(), filled(clock)
    with transaction():
        watching.watch(poll, by=by, at=clock.now)

    take(poll, clock)
    take(other, clock)

    head = queries.last_head(poll.id)
    assert head
    assert (head.size, head.pending, head.roll_size) == (BATCH_SIZE, 50, BATCH_WAITS_FOR)
    assert not head.is_final
    chain = [heads.parse(line.encode()) for line in queries.head_lines(poll.id)]
    assert heads.check_chain(chain, worker_keys(poll).heads_public).batch == 1
    about = select(OutboxFact.about_id).where(OutboxFact.fact == Fact.POLL_HEAD)
    assert [*db.session.scalars(about)] == [poll.id]


@pytest.mark.usefixtures("app")
def test_a_batch_that_was_taken_cannot_be_taken_again(clock: Clock) -> None:
    poll = filled(clock)
    keys = worker_keys(poll)
    slow = ledger.next_batch(poll, keys)
    take(poll, clock)

    with pytest.raises(ledger.SomebodyElse), transaction():
        ledger.take(slow, keys, at=clock.now)

    assert len(queries.heads(poll.id)) == 2
    assert count(BallotBox, poll) == BATCH_SIZE


@pytest.mark.usefixtures("app")
def test_nothing_follows_a_final_head(clock: Clock) -> None:
    poll = filled(clock)
    clock.move(days=8)
    polls.work()
    poll = queries.get_poll(poll.slug)
    heads_before = len(queries.heads(poll.id))

    with pytest.raises(ledger.SomebodyElse):
        take(poll, clock)

    assert len(queries.heads(poll.id)) == heads_before == 2


@pytest.mark.usefixtures("app")
def test_a_suspended_poll_gets_no_batch(clock: Clock) -> None:
    poll = filled(clock)
    with transaction():
        course.suspend(queries.lock_poll(poll.slug), at=clock.now, text="The network is down.")
    clock.move(minutes=5)

    polls.work()

    assert count(BallotInbox, poll) == BATCH_WAITS_FOR


@pytest.mark.parametrize(
    ("waiting", "taken"),
    [
        (0, 0),
        (1, 1),
        (LAST_BATCHES, LAST_BATCHES),
        (LAST_BATCHES + 1, LAST_BATCHES + 1),
        (2 * LAST_BATCHES - 1, 2 * LAST_BATCHES - 1),
        (2 * LAST_BATCHES, LAST_BATCHES),
        (7 * LAST_BATCHES, LAST_BATCHES),
    ],
)
def test_after_the_close_no_small_rest_is_left_for_a_batch_of_its_own(waiting: int, taken: int) -> None:
    """A last batch of one ballot would say whose it is."""
    assert size_of_last_batch(waiting) == taken
    assert waiting - taken == 0 or waiting - taken >= LAST_BATCHES
