"""What a restored copy makes of polls: those that are open wait for an administrator."""

from datetime import timedelta

import pytest

from cps.core.db import transaction
from cps.core.errors import RuleViolation
from cps.polls import queries
from cps.polls.models import Poll
from cps.polls.rules import BATCH_SIZE, BATCH_WAITS_FOR, MoveRefused, PollEventKind, PollState
from cps.polls.services import course, restoring
from cps.polls.services.casting import VoteRefused
from tests.support import factories, polls
from tests.support.fixtures import Clock
from tests.support.site import Site

pytestmark = pytest.mark.usefixtures("app")


def suspend_all(clock: Clock) -> str:
    with transaction():
        return restoring.suspend_open_polls(clock.now)


def state(poll: Poll) -> PollState:
    return queries.gate(poll.id).state


def test_every_open_poll_is_suspended_and_no_other(clock: Clock) -> None:
    over, now = polls.make_published("", ["park"]), clock.now
    open_one = polls.make_poll()
    soon = polls.make_poll(opens_at=now + timedelta(days=1), closes_at=now + timedelta(days=2))
    draft = polls.make_draft()

    told = suspend_all(clock)

    assert told == "2 open polls are suspended until an administrator resumes or voids them"
    assert [state(poll) for poll in (open_one, soon)] == [PollState.SUSPENDED] * 2
    assert [state(poll) for poll in (draft, over)] == [PollState.DRAFT, PollState.PUBLISHED]


def test_the_public_event_names_the_newest_head_of_the_copy(clock: Clock, site: Site) -> None:
    poll = polls.make_poll("park")
    polls.vote_many(poll, *[["park"]] * BATCH_WAITS_FOR)
    clock.move(minutes=1)
    polls.work()

    suspend_all(clock)

    event = queries.events(poll.id)[-1]
    assert (event.kind, event.by_id) == (PollEventKind.SUSPENDED, None)
    assert event.data == {"batch": 1, "size": BATCH_SIZE, "roll": BATCH_WAITS_FOR}
    page = site.get("/polls/park")
    assert page.has("The newest signed head in it is batch 1")


def test_no_vote_is_taken_until_an_administrator_decides(clock: Clock) -> None:
    poll, voter, by = polls.make_poll(), polls.make_voter(), factories.make_administrator()
    suspend_all(clock)

    with pytest.raises(VoteRefused) as refused:
        polls.vote(poll, voter, "park")
    with transaction():
        course.resume(queries.lock_poll(poll.slug), by=by, at=clock.now, reason="All heads are here.")

    assert refused.value.reason.value == "suspended"
    assert polls.vote(poll, voter, "park").value == "recorded"
    assert queries.events(poll.id)[-1].text == "All heads are here."


def test_a_poll_that_lost_heads_can_be_declared_void(clock: Clock) -> None:
    poll, by = polls.make_poll(), factories.make_administrator()
    suspend_all(clock)

    with transaction():
        course.void(queries.lock_poll(poll.slug), by=by, at=clock.now, reason="Forty votes are missing.")

    assert queries.get_poll(poll.slug).void_reason == "Forty votes are missing."
    assert state(poll) is PollState.VOID


def test_resuming_needs_a_public_reason(clock: Clock) -> None:
    poll, by = polls.make_poll(), factories.make_administrator()
    suspend_all(clock)

    with pytest.raises((MoveRefused, RuleViolation)), transaction():
        course.resume(queries.lock_poll(poll.slug), by=by, at=clock.now, reason=" ")

    assert state(poll) is PollState.SUSPENDED


def test_a_suspended_poll_whose_end_has_come_is_not_closed_behind_anybodys_back(clock: Clock) -> None:
    poll = polls.make_poll()
    polls.vote_many(poll, ["park"])
    suspend_all(clock)
    clock.move(days=8)

    polls.work()

    assert state(poll) is PollState.SUSPENDED
    assert queries.balance(poll.id) == queries.Balance(roll=1, inbox=1, box=0)
