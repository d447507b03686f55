"""1. Roll rows that are not on paper are inbox and box together, always."""

import time

import pytest
from flask import Flask

from cps.core.db import transaction
from cps.polls import queries
from cps.polls.models import BallotInbox, Poll
from cps.polls.queries import Balance
from cps.polls.rules import CountKey
from cps.polls.services import casting, counter
from cps.polls.services.casting import Voter
from tests.polls.sentences.crowd import Ready, meanwhile, people, tell, together, watched
from tests.support import factories, polls
from tests.support.fixtures import Clock

VOTERS = 400


def unequal(seen: list[Balance]) -> list[Balance]:
    return [one for one in seen if one.roll != one.inbox + one.box]


@pytest.fixture
def poll(app: Flask, clock: Clock) -> Poll:
    """An open poll in which some vote on paper, beside another one."""
    polls.vote_many(polls.make_poll(), ["pool"], ["park"])
    poll, officer = polls.make_poll(key=CountKey.REGISTER), factories.make_officer()
    for number in range(3):
        with transaction():
            counter.mark_paper(poll, Voter(f"{number:064}", "-|-"), by=officer, at=clock.now)
    return queries.get_poll(poll.slug)


def test_at_every_moment_there_are_as_many_ballots_as_people_on_the_roll(
    app: Flask, clock: Clock, poll: Poll
) -> None:
    def let_work() -> None:
        clock.move(minutes=1)
        polls.work()
        time.sleep(0.02)

    crowd = people(poll, VOTERS)
    with watched(app, poll.id) as seen, meanwhile(app, let_work):
        told = together(app, [one.cast for one in crowd])
    clock.move(days=8)
    with watched(app, poll.id) as seen_after:
        polls.work()

    assert unequal(seen + seen_after) == []
    assert set(told) == {"recorded"}
    assert queries.balance(poll.id) == Balance(roll=VOTERS, inbox=0, box=VOTERS)
    assert len({one.box for one in seen}) > 1, "no batch was taken while people voted"
    moments = len(set(seen + seen_after))
    tell(f"1. {VOTERS} votes, {len(queries.heads(poll.id))} heads, {len(seen)} looks, {moments} states")


def test_control_with_two_transactions_the_same_watcher_sees_a_difference(app: Flask, poll: Poll) -> None:
    with watched(app, poll.id) as seen:
        for one in people(poll, 3):
            cast_in_two(one, seen)

    assert len(unequal(seen)) >= 3


def cast_in_two(one: Ready, seen: list[Balance]) -> None:
    """Write roll and ballot one after the other, as a program would that trusts in luck."""
    with transaction():
        casting.enter_on_roll(one.poll_id, one.voter, on_paper=False)
    looks = len(seen)
    while len(seen) < looks + 2:
        time.sleep(0.001)
    factories.save(BallotInbox(handle=one.ballot.handle, poll_id=one.poll_id, body=one.ballot.body))
