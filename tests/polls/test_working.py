"""The worker takes a poll from the first ballot to the final result, a piece at a time."""

import io
import json
from collections.abc import Sequence
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from cps.core.db import db, transaction
from cps.core.keys import app_keys_dir
from cps.polls import heads, key_files, queries, rules, verify
from cps.polls.key_ring import worker_keys
from cps.polls.models import BallotBox, Poll, PublishedBallot
from cps.polls.rules import BATCH_SIZE, BATCH_WAITS_FOR, Lines, Method, PollEventKind, PollState
from cps.polls.services import publishing
from tests.support import factories, polls
from tests.support.fixtures import Clock

pytestmark = pytest.mark.usefixtures("app")


def sizes(poll: Poll) -> list[tuple[int, int, bool]]:
    """Return size, pending and whether it is final, of every head."""
    return [(head.size, head.pending, head.is_final) for head in queries.heads(poll.id)]


def again(poll: Poll) -> Poll:
    return queries.get_poll(poll.slug)


def closed(poll: Poll, clock: Clock) -> Poll:
    """Return the poll after its end and all the work that follows."""
    clock.move(days=8)
    polls.work()
    return again(poll)


def published(poll: Poll, clock: Clock) -> Poll:
    """Return the poll with its provisional result."""
    poll, by = closed(poll, clock), factories.make_administrator()
    with transaction():
        publishing.ask_to_publish(queries.lock_poll(poll.slug), by=by, at=clock.now)
    polls.work()
    return again(poll)


def test_a_poll_opens_with_an_empty_head() -> None:
    assert sizes(polls.make_poll()) == [(0, 0, False)]


def test_no_batch_is_taken_while_few_ballots_wait(clock: Clock) -> None:
    poll = polls.make_poll()
    polls.vote_many(poll, *[["park"]] * (BATCH_WAITS_FOR - 1))
    clock.move(minutes=5)

    assert polls.work() == 0
    assert sizes(poll) == [(0, 0, False)]


def test_a_batch_leaves_some_ballots_waiting(clock: Clock) -> None:
    poll = polls.make_poll()
    polls.vote_many(poll, *[["park"]] * BATCH_WAITS_FOR)
    clock.move(minutes=1)

    polls.work()

    assert sizes(poll)[1:] == [(BATCH_SIZE, BATCH_WAITS_FOR - BATCH_SIZE, False)]


def test_there_is_one_batch_a_minute_at_most(clock: Clock) -> None:
    poll = polls.make_poll()
    polls.vote_many(poll, *[["park"]] * (2 * BATCH_SIZE + BATCH_WAITS_FOR))
    clock.move(minutes=1)
    polls.work()
    polls.work()
    assert len(sizes(poll)) == 2

    clock.move(minutes=1)
    polls.work()

    assert len(sizes(poll)) == 3


def test_after_the_close_every_ballot_goes_into_the_ledger(clock: Clock) -> None:
    poll, other = polls.make_poll(), polls.make_poll()
    polls.vote_many(other, ["pool"])
    polls.vote_many(poll, ["park"], ["pool"], ["park"], [])

    poll = closed(poll, clock)

    assert poll.state is PollState.TALLIED
    assert sizes(poll)[-1] == (4, 0, True)
    head = heads.check_chain(
        [heads.parse(line.encode()) for line in queries.head_lines(poll.id)],
        key_files.read_web(app_keys_dir(), poll.slug).heads_public,
    )
    assert (head.size, head.roll, head.final) == (4, 4, True)


def test_every_head_after_the_close_counts_the_same_roll(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "LAST_BATCHES", 2)
    poll, other = polls.make_poll(), polls.make_poll()
    polls.vote_many(other, ["pool"])
    polls.vote_many(poll, *[["park"]] * 7)

    poll = closed(poll, clock)

    assert sizes(poll) == [(0, 0, False), (2, 5, False), (4, 3, False), (7, 0, True)]
    assert [head.roll_size for head in queries.heads(poll.id)] == [0, 7, 7, 7]


def test_receipts_that_a_killed_worker_left_behind_stay_and_stand_once(clock: Clock) -> None:
    poll = polls.make_poll(lines=Lines.FULL)
    codes = polls.vote_many(poll, *[["park"]] * 21)
    poll = closed(poll, clock)
    left = next(publishing.receipts(poll, worker_keys(poll)))[:10]
    with transaction():
        publishing.keep_receipts(left)

    poll = published(again(poll), clock)

    found = set(db.session.scalars(select(PublishedBallot.code_sha256).filter_by(poll_id=poll.id)))
    assert poll.state is PollState.PUBLISHED
    assert found == {publishing.code_hash(code) for code in codes}


def test_a_poll_in_which_nobody_voted_has_a_result_without_a_winner(clock: Clock) -> None:
    poll = closed(polls.make_poll(), clock)

    result = json.loads(poll.result_json)
    assert (result["ballots"], result["winners"], result["tie"]) == (0, [], [])


METHODS: list[tuple[Method, dict[str, Any], Sequence[Sequence[str]], list[str]]] = [
    (Method.SINGLE, {}, [["park"], ["park"], ["pool"], []], ["park"]),
    (Method.APPROVAL, {"most": 2}, [["park", "pool"], ["pool"], ["school"]], ["pool"]),
    (
        Method.RANKING,
        {"most": 3},
        [["park"]] * 3 + [["pool"]] * 3 + [["school", "pool"]],
        ["pool"],
    ),
    (
        Method.BUDGET,
        {"budget": 100, "costs": (60, 50, 40)},
        [["park", "school"], ["school"], ["pool"], ["park"]],
        ["school", "park"],
    ),
]


@pytest.mark.parametrize(("method", "columns", "ballots", "winners"), METHODS)
def test_every_method_is_counted_and_its_bundle_is_verified(
    clock: Clock,
    app: Flask,
    method: Method,
    columns: dict[str, Any],
    ballots: Sequence[Sequence[str]],
    winners: list[str],
) -> None:
    poll = polls.make_poll(method=method, lines=Lines.FULL, **columns)
    polls.vote_many(poll, *ballots)

    poll = published(poll, clock)

    assert sorted(json.loads(poll.result_json)["winners"]) == sorted(winners)
    content = app.extensions["cps_storage"].get(publishing.bundle_key(poll.slug))
    folder = app.extensions["cps_config"].instance / "bundle.zip"
    folder.write_bytes(content)
    assert verify.main([str(folder)]) == 0


def test_a_receipt_leads_to_its_ballot_only_where_full_lines_are_published(clock: Clock) -> None:
    full, counts = polls.make_poll(lines=Lines.FULL), polls.make_poll(lines=Lines.COUNTS)
    shown, kept = polls.vote_many(full, ["park"], ["pool"]), polls.vote_many(counts, ["park"])

    full, counts = published(full, clock), published(counts, clock)

    found = db.session.get(PublishedBallot, (full.id, publishing.code_hash(shown[1])))
    hidden = db.session.get(PublishedBallot, (counts.id, publishing.code_hash(kept[0])))
    assert found is not None
    assert hidden is not None
    assert (found.choice, hidden.choice) == (["pool"], None)


def test_a_final_poll_has_no_keys_and_says_so(clock: Clock) -> None:
    poll, by = polls.make_poll(), factories.make_administrator()
    polls.vote_many(poll, ["park"])
    poll = published(poll, clock)
    clock.move(days=14)
    with transaction():
        publishing.finalise(queries.lock_poll(poll.slug), by=by, at=clock.now)

    polls.work()

    poll = again(poll)
    assert key_files.was_destroyed(app_keys_dir(), poll.slug)
    assert poll.keys_destroyed_at == clock.now
    assert [event.kind for event in queries.events(poll.id)][-2:] == [
        PollEventKind.FINAL,
        PollEventKind.KEYS_DESTROYED,
    ]


def test_a_poll_whose_keys_are_not_here_waits_and_the_others_go_on(clock: Clock) -> None:
    lost, other = polls.make_poll(), polls.make_poll()
    polls.vote_many(lost, ["park"])
    polls.vote_many(other, ["park"])
    (app_keys_dir() / "polls" / f"{lost.slug}.worker.json").unlink()
    clock.move(days=8)

    polls.work()

    assert again(lost).state is PollState.CLOSED
    assert again(other).state is PollState.TALLIED


def test_two_workers_take_each_ballot_once(clock: Clock) -> None:
    """The second finds that its ballots were taken and changes nothing."""
    from cps.polls.key_ring import worker_keys
    from cps.polls.services import ledger

    poll = polls.make_poll()
    polls.vote_many(poll, *[["park"]] * BATCH_WAITS_FOR)
    worker, slow = worker_keys(poll), ledger.next_batch(poll, worker_keys(poll))
    clock.move(minutes=1)
    polls.work()

    with pytest.raises(ledger.SomebodyElse), transaction():
        ledger.take(slow, worker, at=clock.now)

    assert sizes(poll)[1:] == [(BATCH_SIZE, BATCH_WAITS_FOR - BATCH_SIZE, False)]
    assert db.session.scalar(db.select(db.func.count()).select_from(BallotBox)) == BATCH_SIZE


def test_the_worker_writes_the_bundle_that_the_poll_names(clock: Clock, app: Flask) -> None:
    poll = polls.make_poll()
    polls.vote_many(poll, ["park"])

    poll = published(poll, clock)

    stored = app.extensions["cps_storage"].get(publishing.bundle_key(poll.slug))
    assert io.BytesIO(stored).read(2) == b"PK"
    assert publishing.hashlib.sha256(stored).hexdigest() == poll.bundle_sha256
