"""A large poll is counted and published in short pieces, and whoever begins again comes to the same."""

import threading
from itertools import cycle, islice

import pytest
from flask import Flask

from cps.core.db import db, transaction
from cps.core.leases import Turn
from cps.polls import bundle, pieces, queries, verify, working
from cps.polls.models import Poll, PublishedBallot
from cps.polls.queries import ledger
from cps.polls.rules import BATCH_SIZE, BATCH_WAITS_FOR, Lines, PollState
from cps.polls.services import counting, publishing
from tests.support import factories, polls
from tests.support.fixtures import Clock

pytestmark = pytest.mark.usefixtures("app", "small_pieces")

VOTES = 40
AT_ONCE = 10


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "BALLOTS_AT_ONCE", AT_ONCE)
    monkeypatch.setattr(bundle, "_PARTS_AT_ONCE", AT_ONCE)
    monkeypatch.setattr(ledger, "AT_ONCE", 7)
    another_worker(monkeypatch)


def another_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget what was half done, as a process that was killed does."""
    monkeypatch.setattr(working, "_under_way", pieces.UnderWay())


def closed(clock: Clock) -> str:
    """Return a poll whose last batch is taken: its ballots wait to be counted."""
    poll = polls.make_poll(lines=Lines.FULL)
    polls.vote_many(poll, *islice(cycle([["park"], ["park"], ["pool"], []]), VOTES))
    clock.move(days=8)
    slug = poll.slug
    assert piece(slug)
    assert piece(slug)
    return slug


def asked(clock: Clock) -> str:
    """Return a poll that is counted and that somebody asked to publish."""
    slug = closed(clock)
    pieces_until(slug, PollState.TALLIED)
    by = factories.make_administrator()
    with transaction():
        publishing.ask_to_publish(queries.lock_poll(slug), by=by, at=clock.now)
    return slug


def piece(slug: str) -> bool:
    """Let the worker do one piece in a session that ends with it, as its rounds do."""
    try:
        return working.work_on(slug)
    finally:
        db.session.remove()


def pieces_until(slug: str, state: PollState) -> int:
    done = 0
    while now(slug).state is not state:
        assert piece(slug)
        done += 1
    return done


def now(slug: str) -> Poll:
    db.session.rollback()
    return queries.get_poll(slug)


def kept_receipts(slug: str) -> int:
    count = db.select(db.func.count()).where(PublishedBallot.poll_id == now(slug).id)
    return db.session.scalar(count) or 0


def stored(app: Flask, slug: str) -> bytes:
    content: bytes = app.extensions["cps_storage"].get(publishing.bundle_key(slug))
    return content


def test_the_count_takes_as_many_pieces_as_it_has_ballots(clock: Clock) -> None:
    slug = closed(clock)

    assert pieces_until(slug, PollState.TALLIED) == VOTES / AT_ONCE + 1
    assert '"counts":{"park":20,"pool":10,"school":0}' in now(slug).result_json


def test_a_count_begins_anew_where_the_poll_was_changed_in_between(clock: Clock) -> None:
    slug = closed(clock)
    assert piece(slug)
    by = factories.make_administrator()
    clock.move(minutes=1)
    with transaction():
        working.course.tell_incident(queries.lock_poll(slug), by=by, at=clock.now, text="No light.")

    assert pieces_until(slug, PollState.TALLIED) == VOTES / AT_ONCE + 1
    assert '"ballots":40' in now(slug).result_json


def test_a_poll_is_published_in_pieces_and_its_bundle_is_whole(clock: Clock, app: Flask) -> None:
    slug = asked(clock)

    receipts = 0
    while now(slug).state is PollState.TALLIED:
        assert piece(slug)
        assert kept_receipts(slug) - receipts <= AT_ONCE
        receipts = kept_receipts(slug)

    file = app.extensions["cps_config"].instance / "bundle.zip"
    file.write_bytes(stored(app, slug))
    assert receipts == VOTES
    assert verify.main([str(file)]) == 0


@pytest.mark.parametrize("killed_after", [2, 6, 14])
def test_a_killed_worker_begins_again_and_writes_the_same_bytes(
    clock: Clock, app: Flask, monkeypatch: pytest.MonkeyPatch, killed_after: int
) -> None:
    slug = asked(clock)
    expected = pieces.finish(working._made_public(slug, working.worker_keys(now(slug))))[bundle.Kind.PUBLIC]
    for _number in range(killed_after):
        assert piece(slug)
    another_worker(monkeypatch)
    clock.move(hours=3)

    pieces_until(slug, PollState.PUBLISHED)

    assert now(slug).bundle_sha256 == expected
    assert publishing.hashlib.sha256(stored(app, slug)).hexdigest() == expected
    assert kept_receipts(slug) == VOTES


def test_two_workers_at_the_same_poll_publish_it_once(
    clock: Clock, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    slug = asked(clock)
    here, there = pieces.UnderWay(), pieces.UnderWay()

    while now(slug).state is PollState.TALLIED:
        for worker in (here, there):
            monkeypatch.setattr(working, "_under_way", worker)
            piece(slug)

    assert now(slug).bundle_sha256 == publishing.hashlib.sha256(stored(app, slug)).hexdigest()
    assert kept_receipts(slug) == VOTES
    assert [event.kind for event in queries.events(now(slug).id)].count("published") == 1


def test_an_open_poll_gets_its_batch_while_a_large_one_is_counted(clock: Clock) -> None:
    large, open_poll = closed(clock), polls.make_poll()
    polls.vote_many(open_poll, *[["park"]] * BATCH_WAITS_FOR)
    slug = open_poll.slug
    clock.move(minutes=1)

    working.work(Turn("test", AskedOften(4)))

    assert now(large).state is PollState.CLOSED
    head = queries.last_head(now(slug).id)
    assert head is not None
    assert head.size == BATCH_SIZE


class AskedOften(threading.Event):
    """Is set once it was asked so many times: a turn asks before every piece."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.left = times

    def is_set(self) -> bool:
        self.left -= 1
        return self.left < 0


def test_what_was_begun_for_a_poll_that_is_no_more_at_work_is_forgotten(clock: Clock) -> None:
    slug = closed(clock)
    assert piece(slug)
    assert working._under_way._begun

    working._under_way.forget_all_but([])

    assert not working._under_way._begun
    assert pieces_until(slug, PollState.TALLIED) == VOTES / AT_ONCE + 1
