"""Counts of an open poll with live results: raised with each batch and gone with the close."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from cps.core.db import db, transaction
from cps.core.errors import RuleViolation
from cps.polls import keys as poll_keys
from cps.polls import queries, tally
from cps.polls.checklist import Item, Light
from cps.polls.key_ring import specification_of, worker_keys
from cps.polls.models import LedgerLeaf, LiveCount, Poll
from cps.polls.rules import (
    BATCH_SIZE,
    BATCH_WAITS_FOR,
    SMALL_ELECTORATE,
    CountKey,
    Method,
    PollState,
    ResultsWhen,
)
from cps.polls.services import casting, counting, course, drafting, ledger, live, opening, restoring
from cps.polls.services.casting import Voter
from tests.polls.live import fill, in_ledger, make_live, shown, take, work_in_a_minute
from tests.polls.sentences.crowd import meanwhile
from tests.support import factories, polls
from tests.support.fixtures import Clock

pytestmark = pytest.mark.usefixtures("app")


class CutOff(Exception):
    """The worker is no more."""


def rows() -> int:
    return db.session.scalar(select(func.count()).select_from(LiveCount)) or 0


def of_ledger(poll: Poll) -> tuple[dict[str, int], int]:
    """Count the ledger from its ballots: votes by option, and blank ones."""
    ballots = in_ledger(poll)
    counted = tally.count(counting.rules_of(specification_of(queries.get_poll(poll.slug))), ballots)
    return {**counted.counts}, counted.blank


def lights(draft: Poll, clock: Clock) -> dict[Item, Light]:
    return opening.checked(draft, None, at=clock.now)


def test_a_poll_without_live_results_keeps_no_counts(clock: Clock) -> None:
    poll = polls.make_poll()
    fill(poll)

    work_in_a_minute(clock)

    assert len(queries.heads(poll.id)) == 2
    assert rows() == 0
    assert queries.so_far(poll.id) is None


def test_before_the_first_batch_every_count_is_nought(clock: Clock) -> None:
    poll = make_live(votes=BATCH_WAITS_FOR - 1)

    work_in_a_minute(clock)

    found = shown(poll)
    assert (found.batch, found.size, found.blank, found.pending, found.roll) == (0, 0, 0, 0, 0)
    assert found.counts == {"park": 0, "pool": 0, "school": 0}


def test_at_the_end_of_each_batch_the_counts_are_exactly_those_of_the_ledger(clock: Clock) -> None:
    poll, other = make_live(votes=420), make_live(votes=170)

    for batch in (1, 2, 3):
        work_in_a_minute(clock)
        found = shown(poll)
        assert (found.batch, found.size, found.at) == (batch, batch * BATCH_SIZE, clock.now)
        assert (found.counts, found.blank) == of_ledger(poll)
        assert sum(found.counts.values()) + found.blank == found.size
        assert found.pending == 420 - found.size

    assert (shown(other).counts, shown(other).blank) == of_ledger(other)


@pytest.mark.parametrize(
    ("method", "columns", "choices"),
    [
        (Method.APPROVAL, {"most": 2}, [["park", "pool"], ["school"], []]),
        (Method.RANKING, {"most": 3}, [["pool", "park"], ["school", "pool", "park"], ["park"]]),
        (Method.BUDGET, {"budget": 100, "costs": (60, 50, 40)}, [["park", "school"], ["pool"], []]),
    ],
)
def test_every_method_counts_what_its_result_counts(
    clock: Clock, method: Method, columns: dict[str, object], choices: list[list[str]]
) -> None:
    poll = make_live(method=method, **columns)
    fill(poll, 260, choices)
    for _batch in range(2):
        work_in_a_minute(clock)

    assert shown(poll).size == 2 * BATCH_SIZE
    assert (shown(poll).counts, shown(poll).blank) == of_ledger(poll)


def test_what_waits_changes_nothing_that_is_shown(clock: Clock) -> None:
    poll = make_live(votes=BATCH_WAITS_FOR)
    work_in_a_minute(clock)
    before = shown(poll)

    fill(poll, BATCH_WAITS_FOR - before.pending - 1, [["school"]])
    work_in_a_minute(clock)

    assert queries.waiting(poll.id) == BATCH_WAITS_FOR - 1
    assert shown(poll) == before


def test_paper_is_not_in_the_counts(clock: Clock) -> None:
    poll = make_live(votes=BATCH_WAITS_FOR)
    with transaction():
        for number in range(30):
            casting.enter_on_roll(poll.id, Voter(f"{number:064}", "-|-"), on_paper=True)

    work_in_a_minute(clock)

    found = shown(poll)
    assert (found.size, found.roll) == (BATCH_SIZE, BATCH_WAITS_FOR)
    assert sum(found.counts.values()) + found.blank == BATCH_SIZE


def test_nobody_ever_sees_counts_of_other_batches_than_the_ledger_has(app: Flask, clock: Clock) -> None:
    poll = make_live(votes=BATCH_WAITS_FOR + 4 * BATCH_SIZE)
    poll_id, seen = poll.id, set[tuple[int, int]]()
    leaves = select(func.count()).where(LedgerLeaf.poll_id == poll_id).scalar_subquery()
    look = select(LiveCount.size, leaves).where(LiveCount.poll_id == poll_id)

    def see() -> None:
        size, number = db.session.execute(look).one()
        seen.add((size, number))

    with meanwhile(app, see):
        for _batch in range(5):
            work_in_a_minute(clock)

    assert shown(poll).size == 5 * BATCH_SIZE
    assert all(size == number for size, number in seen)
    assert len(seen) > 1


def test_a_worker_that_is_cut_off_leaves_neither_batch_nor_counts(clock: Clock) -> None:
    poll = make_live(votes=BATCH_WAITS_FOR)
    keys, before = worker_keys(poll), shown(poll)
    batch = ledger.next_batch(poll, keys)

    with pytest.raises(CutOff), transaction():  # noqa: PT012 - the cut comes last in the transaction
        ledger.take(batch, keys, at=clock.now)
        raise CutOff
    db.session.rollback()
    assert (len(queries.heads(poll.id)), shown(poll)) == (1, before)
    work_in_a_minute(clock)

    assert shown(poll).batch == 1
    assert (shown(poll).counts, shown(poll).blank) == of_ledger(poll)


def test_a_batch_that_another_worker_took_is_counted_once(clock: Clock) -> None:
    poll = make_live(votes=BATCH_WAITS_FOR)
    keys = worker_keys(poll)
    slow = ledger.next_batch(poll, keys)
    work_in_a_minute(clock)

    with pytest.raises(ledger.SomebodyElse), transaction():
        ledger.take(slow, keys, at=clock.now)
    db.session.rollback()

    assert shown(poll).size == BATCH_SIZE
    assert (shown(poll).counts, shown(poll).blank) == of_ledger(poll)


@pytest.mark.parametrize("votes", [BATCH_WAITS_FOR, 2 * BATCH_SIZE])
def test_a_batch_of_an_open_poll_leaves_fifty_for_the_close(clock: Clock, votes: int) -> None:
    """Another worker may take ballots between the look at how many wait and the batch.

    Who subtracts the last counts from the result has the rest, which must not be a few.
    """
    poll = make_live(votes=votes)
    take(poll, clock)

    with pytest.raises(ledger.SomebodyElse):
        take(poll, clock)

    assert shown(poll).size == BATCH_SIZE
    assert queries.waiting(poll.id) >= BATCH_WAITS_FOR - BATCH_SIZE


@pytest.mark.parametrize(("batch", "size"), [(1, BATCH_SIZE - 1), (2, BATCH_SIZE)])
def test_the_database_keeps_no_counts_of_smaller_batches(clock: Clock, batch: int, size: int) -> None:
    poll = make_live()

    with pytest.raises(IntegrityError), transaction() as session:
        session.execute(
            db.update(LiveCount).where(LiveCount.poll_id == poll.id).values(batch_no=batch, size=size)
        )


def test_counts_that_miss_a_batch_end(clock: Clock) -> None:
    """An older worker beside this one takes batches without counting them."""
    poll = make_live(votes=BATCH_WAITS_FOR + BATCH_SIZE)
    keys = worker_keys(poll)
    batch = ledger.next_batch(poll, keys)
    with transaction():
        ledger.take(ledger.Batch(batch.poll_id, batch.moved, None), keys, at=clock.now)
    assert queries.so_far(poll.id) == shown(poll)
    assert shown(poll).batch == 0

    work_in_a_minute(clock)

    assert len(queries.heads(poll.id)) == 3
    assert queries.so_far(poll.id) is None


def test_an_extension_goes_on_counting(clock: Clock) -> None:
    poll, by = make_live(votes=BATCH_WAITS_FOR), factories.make_administrator()
    work_in_a_minute(clock)
    with transaction():
        locked = queries.lock_poll(poll.slug)
        later = (locked.closes_at or clock.now) + timedelta(days=1)
        course.extend(locked, later, by=by, at=clock.now, reason="The server stood still.")
    fill(poll, BATCH_SIZE)

    work_in_a_minute(clock)

    assert shown(poll).batch == 2
    assert (shown(poll).counts, shown(poll).blank) == of_ledger(poll)


def test_with_the_close_the_counts_are_gone_and_the_last_batches_make_none(clock: Clock) -> None:
    poll, other = (
        make_live(votes=BATCH_WAITS_FOR),
        make_live(votes=3, closes_at=clock.now + timedelta(days=30)),
    )
    work_in_a_minute(clock)
    clock.move(days=8)

    with transaction():
        assert course.close_if_over(poll.id)
    assert queries.so_far(poll.id) is None
    polls.work()

    assert queries.get_poll(poll.slug).state is PollState.TALLIED
    assert queries.so_far(poll.id) is None
    assert shown(other).batch == 0


def test_a_slow_worker_brings_no_counts_back_after_the_close(clock: Clock) -> None:
    poll = make_live(votes=BATCH_WAITS_FOR)
    keys = worker_keys(poll)
    slow = ledger.next_batch(poll, keys)
    clock.move(days=8)
    with transaction():
        course.close_if_over(poll.id)

    with transaction():
        ledger.take(slow, keys, at=clock.now)

    assert len(queries.heads(poll.id)) == 2
    assert rows() == 0


def test_a_void_poll_shows_no_counts(clock: Clock) -> None:
    poll, by = make_live(votes=BATCH_WAITS_FOR), factories.make_administrator()
    work_in_a_minute(clock)

    with transaction():
        course.void(queries.lock_poll(poll.slug), by=by, at=clock.now, reason="Two options were swapped.")

    assert queries.so_far(poll.id) is None


def test_in_a_restored_copy_the_counts_end_for_good(clock: Clock) -> None:
    """A batch taken anew could differ by one ballot from one whose counts were seen before."""
    poll, by = make_live(votes=BATCH_WAITS_FOR), factories.make_administrator()
    work_in_a_minute(clock)
    with transaction():
        restoring.suspend_open_polls(clock.now)
    assert queries.so_far(poll.id) is None
    with transaction():
        course.resume(queries.lock_poll(poll.slug), by=by, at=clock.now, reason="All heads are here.")
    fill(poll, BATCH_SIZE)

    work_in_a_minute(clock)

    assert len(queries.heads(poll.id)) == 3
    assert queries.so_far(poll.id) is None


def test_ended_counts_of_one_poll_leave_those_of_another(clock: Clock) -> None:
    poll, other = make_live(), make_live()

    with transaction():
        live.end(poll.id)

    assert queries.so_far(poll.id) is None
    assert queries.so_far(other.id)


def test_a_sensitive_poll_cannot_be_opened_with_live_results(clock: Clock) -> None:
    draft, by = polls.make_draft(results=ResultsWhen.LIVE, is_sensitive=True), factories.make_administrator()
    made = poll_keys.make(draft.slug)

    with pytest.raises(RuleViolation), transaction():
        opening.open_poll(
            queries.lock_poll(draft.slug), made.fingerprints(), made.worker, by=by, at=clock.now
        )

    assert lights(draft, clock)[Item.RESULTS] is Light.RED
    assert queries.get_poll(draft.slug).is_draft


def test_a_poll_counted_by_account_cannot_be_opened_with_live_results(clock: Clock) -> None:
    draft = polls.make_draft(results=ResultsWhen.LIVE, key=CountKey.ACCOUNT)
    by, made = factories.make_administrator(), poll_keys.make(draft.slug)

    with pytest.raises(RuleViolation), transaction():
        opening.open_poll(
            queries.lock_poll(draft.slug), made.fingerprints(), made.worker, by=by, at=clock.now
        )

    assert lights(draft, clock)[Item.RESULTS] is Light.RED
    assert queries.get_poll(draft.slug).is_draft


@pytest.mark.parametrize("key", [CountKey.REGISTER, CountKey.PHONE])
def test_what_people_have_one_of_may_be_counted_live(clock: Clock, key: CountKey) -> None:
    assert lights(polls.make_draft(results=ResultsWhen.LIVE, key=key), clock)[Item.RESULTS] is Light.AMBER


def test_live_results_are_for_fifty_people_or_more(clock: Clock) -> None:
    draft, by = polls.make_draft(results=ResultsWhen.LIVE, is_listed=True), factories.make_administrator()
    found = []
    for people in (SMALL_ELECTORATE - 1, SMALL_ELECTORATE):
        with transaction():
            tags = [f"{number:064}" for number in range(people)]
            drafting.set_list(queries.lock_poll(draft.slug), tags, by=by, at=clock.now)
        seen = lights(queries.get_poll(draft.slug), clock)
        found.append((seen[Item.ELECTORATE], seen[Item.RESULTS]))

    assert found == [(Light.RED, Light.RED), (Light.GREEN, Light.AMBER)]


def test_live_results_are_a_line_to_read_before_the_opening(clock: Clock) -> None:
    draft, plain = polls.make_draft(results=ResultsWhen.LIVE), polls.make_draft()

    assert lights(draft, clock)[Item.RESULTS] is Light.AMBER
    assert lights(plain, clock)[Item.RESULTS] is Light.GREEN
