"""5. The close: no ballot of whoever saw the poll closed, none after it, and it does not wait for long."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock

import pytest
from flask import Flask

from cps.core.db import db, transaction
from cps.polls import queries
from cps.polls.models import Poll, PollEvent
from cps.polls.rules import PollEventKind, PollState
from cps.polls.services import casting, course
from cps.polls.services.casting import VoteRefused
from cps.polls.services.events import move
from tests.polls.sentences.crowd import THREADS, Ready, people, ready, tell
from tests.support import polls
from tests.support.fixtures import Clock

PATIENCE = 30.0


def close(poll_id: int) -> int:
    """Close a poll whose end has come; returns how many ballots there were when that was committed."""
    with transaction():
        assert course.close_if_over(poll_id)
    return queries.balance(poll_id).inbox


def let_end(poll: Poll, clock: Clock) -> None:
    """Let the end of the poll come, for a close that looks at nothing but the state."""
    assert poll.closes_at
    clock.set_to(poll.closes_at)


class Queue:
    """Voters who come one after the other, from several threads."""

    def __init__(self, crowd: list[Ready]) -> None:
        self._left, self._lock = crowd, Lock()
        self.heard: list[str] = []

    def next(self) -> None:
        """Let the next one vote."""
        with self._lock:
            one = self._left.pop() if self._left else None
        if one is None:
            time.sleep(0.01)
        else:
            self.heard.append(one.cast())


def test_after_the_close_is_committed_the_count_stands_still_under_full_load(
    app: Flask, clock: Clock
) -> None:
    poll = polls.make_poll()
    queue = Queue(people(poll, 1_500))
    poll_id, closes_at = poll.id, poll.closes_at
    db.session.rollback()
    with ThreadPoolExecutor(THREADS) as pool:
        enough = Event()

        def keep_voting() -> None:
            with app.app_context():
                while not enough.is_set():
                    queue.next()

        going = [pool.submit(keep_voting) for _thread in range(THREADS)]
        while len(queue.heard) < 100:
            time.sleep(0.01)
        assert closes_at
        clock.set_to(closes_at)
        begun = time.monotonic()
        count = close(poll_id)
        waited = time.monotonic() - begun
        heard_by_then = len(queue.heard)
        while len(queue.heard) < heard_by_then + 50:
            time.sleep(0.01)
        enough.set()
        for one in going:
            one.result()
    db.session.rollback()

    recorded = queue.heard.count("recorded")
    closed = db.session.scalars(db.select(PollEvent).where(PollEvent.kind == PollEventKind.CLOSED)).one()
    assert queries.balance(poll_id).inbox == count == recorded == closed.data["roll"]
    assert set(queue.heard) == {"recorded", "closed"}
    assert waited < PATIENCE
    tell(f"5. {THREADS} threads voting, {recorded} votes; the close waited {waited * 1000:.0f} ms")


def void_without_lock(poll_id: int) -> None:
    """End a poll without waiting for votes under way."""
    with transaction():
        poll = db.session.get_one(Poll, poll_id)
        move(poll, PollState.VOID, at=poll.updated_at, reason="The wrong map was printed.")
        poll.void_reason = "The wrong map was printed."


def void(poll_id: int) -> None:
    """End a poll as the program does."""
    with transaction():
        queries.lock_alone(poll_id)
    void_without_lock(poll_id)


class SlowVote:
    """A vote that stops for a while between seeing that the poll is open and writing."""

    def __init__(self, one: Ready) -> None:
        self.one = one
        self.saw_it_open, self.may_write = Event(), Event()

    def cast(self) -> str:
        """Cast as the program does: the lock first, then the look."""
        try:
            with transaction():
                casting._lock_and_check(self.one.poll_id)
                self._stop()
                return casting._record(self.one.poll_id, self.one.ballot, self.one.voter).value
        except VoteRefused as refused:
            return refused.reason.value

    def cast_without_lock(self) -> str:
        """Look first, and write in a transaction that begins later."""
        assert queries.gate(self.one.poll_id).state is PollState.OPEN
        db.session.rollback()
        self._stop()
        with transaction():
            return casting._record(self.one.poll_id, self.one.ballot, self.one.voter).value

    def _stop(self) -> None:
        self.saw_it_open.set()
        assert self.may_write.wait(PATIENCE)


def in_context(app: Flask, act: object, *arguments: object) -> object:
    with app.app_context():
        return act(*arguments)  # type: ignore[operator]


@pytest.mark.parametrize("has_lock", [True, False], ids=["the-program", "control"])
def test_the_close_waits_for_a_vote_that_saw_the_poll_open_and_without_the_lock_it_slips_in(
    app: Flask, clock: Clock, has_lock: bool
) -> None:
    poll = polls.make_poll()
    slow = SlowVote(ready(poll))
    poll_id = poll.id
    db.session.rollback()
    with ThreadPoolExecutor(2) as pool:
        voting = pool.submit(in_context, app, slow.cast if has_lock else slow.cast_without_lock)
        assert slow.saw_it_open.wait(PATIENCE)
        closing = pool.submit(in_context, app, void if has_lock else void_without_lock, poll_id)
        if has_lock:
            time.sleep(0.3)
            closed_before_the_vote = closing.done()
        else:
            closing.result(PATIENCE)
            closed_before_the_vote = True
        at_the_close = queries.balance(poll_id).inbox
        db.session.rollback()
        slow.may_write.set()
        heard = voting.result(PATIENCE)
        closing.result(PATIENCE)
    db.session.rollback()

    late = ready(queries.get_poll(poll.slug)).cast()
    slipped_in = closed_before_the_vote and queries.balance(poll_id).inbox > at_the_close

    assert (heard, late) == ("recorded", "void")
    assert slipped_in is not has_lock


def test_whoever_gets_the_lock_after_the_close_sees_that_it_is_closed(app: Flask, clock: Clock) -> None:
    """Votes that wait for the lock while the close has it are refused by what they read afterwards."""
    poll = polls.make_poll()
    crowd = people(poll, THREADS)
    let_end(poll, clock)
    poll_id = poll.id
    db.session.rollback()
    with ThreadPoolExecutor(THREADS) as pool:
        with transaction():
            queries.lock_alone(poll_id)
            waiting = [pool.submit(in_context, app, one.cast) for one in crowd]
            time.sleep(0.2)
            assert course.close_if_over(poll_id)
        heard = {one.result(PATIENCE) for one in waiting}

    assert heard == {"closed"}
    assert queries.balance(poll_id).inbox == 0
