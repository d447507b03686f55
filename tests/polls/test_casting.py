"""A vote is one row of the roll and one ballot, written together or not at all."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from cps.core.db import db, transaction
from cps.polls import queries
from cps.polls.eligibility import NotEligible, WhyNot
from cps.polls.models import BallotInbox, CounterPass, VoterRoll
from cps.polls.rules import CountKey
from cps.polls.services import casting, counter, course
from cps.polls.services.casting import Cast, NotTaken, VoteRefused
from tests.support import factories, polls
from tests.support.fixtures import Clock

pytestmark = pytest.mark.usefixtures("app")


def rows() -> tuple[int, int]:
    """Return how many rows roll and inbox have, over all polls."""
    counted = db.session.execute(
        db.select(
            db.select(db.func.count()).select_from(VoterRoll).scalar_subquery(),
            db.select(db.func.count()).select_from(BallotInbox).scalar_subquery(),
        )
    ).one()
    return counted[0], counted[1]


def test_a_vote_puts_the_voter_on_the_roll_and_a_ballot_into_the_inbox() -> None:
    poll, other = polls.make_poll(), polls.make_poll()
    polls.vote(other, polls.make_voter(), "pool")

    assert polls.vote(poll, polls.make_voter(), "park") is Cast.RECORDED

    assert queries.balance(poll.id) == queries.Balance(roll=1, inbox=1, box=0)
    assert queries.balance(other.id) == queries.Balance(roll=1, inbox=1, box=0)


def test_a_second_vote_of_the_same_person_changes_nothing() -> None:
    poll, voter = polls.make_poll(), polls.make_voter()
    polls.vote(poll, voter, "park")

    with pytest.raises(VoteRefused) as refused:
        polls.vote(poll, voter, "pool")

    assert refused.value.reason is NotTaken.ALREADY_VOTED
    assert rows() == (1, 1)


def test_the_very_same_ballot_sent_again_hears_that_it_is_recorded() -> None:
    poll, voter = polls.make_poll(), polls.make_voter()
    code = "K7QF9XTMP2JDVRWA"
    polls.vote(poll, voter, "park", code=code)

    assert polls.vote(poll, voter, "park", code=code) is Cast.ALREADY_RECORDED
    assert rows() == (1, 1)


def test_a_ballot_that_went_into_the_ledger_is_still_known_when_sent_again(clock: Clock) -> None:
    poll, voter = polls.make_poll(), polls.make_voter()
    code = "K7QF9XTMP2JDVRWA"
    polls.vote(poll, voter, "park", code=code)
    prepared, known = polls.prepare(poll, ["park"], code), polls.voter_of(poll, voter)
    clock.move(days=8)
    polls.work()

    with transaction():
        assert casting.cast(poll.id, prepared.ballot, known) is Cast.ALREADY_RECORDED
    assert queries.balance(poll.id) == queries.Balance(roll=1, inbox=0, box=1)


def test_one_person_may_vote_in_two_polls() -> None:
    voter = polls.make_voter()

    assert polls.vote(polls.make_poll(), voter, "park") is Cast.RECORDED
    assert polls.vote(polls.make_poll(), voter, "park") is Cast.RECORDED


def test_the_roll_of_two_polls_knows_one_person_by_two_tags() -> None:
    voter, first, second = polls.make_voter(), polls.make_poll(), polls.make_poll()

    assert polls.voter_of(first, voter).tag != polls.voter_of(second, voter).tag


@pytest.mark.parametrize("late", [timedelta(0), timedelta(microseconds=1), timedelta(days=1)])
def test_from_the_moment_of_the_close_on_no_vote_is_taken(clock: Clock, late: timedelta) -> None:
    poll, voter = polls.make_poll(), polls.make_voter()
    assert poll.closes_at
    clock.set_to(poll.closes_at + late)

    with pytest.raises(VoteRefused) as refused:
        polls.vote(poll, voter, "park")

    assert refused.value.reason is NotTaken.CLOSED
    assert rows() == (0, 0)


def test_a_moment_before_the_close_a_vote_is_taken(clock: Clock) -> None:
    poll, voter = polls.make_poll(), polls.make_voter()
    assert poll.closes_at
    clock.set_to(poll.closes_at - timedelta(microseconds=1))

    assert polls.vote(poll, voter, "park") is Cast.RECORDED


def test_before_the_opening_no_vote_is_taken(clock: Clock) -> None:
    voter = polls.make_voter()
    poll = polls.make_poll(opens_at=clock.now + timedelta(days=1), closes_at=clock.now + timedelta(days=2))

    with pytest.raises(VoteRefused) as refused:
        polls.vote(poll, voter, "park")

    assert refused.value.reason is NotTaken.NOT_OPEN_YET
    assert rows() == (0, 0)


def test_a_void_poll_takes_no_vote(clock: Clock) -> None:
    poll, voter, by = polls.make_poll(), polls.make_voter(), factories.make_administrator()
    with transaction():
        course.void(queries.lock_poll(poll.slug), by=by, at=clock.now, reason="The wrong map was printed.")

    with pytest.raises(VoteRefused) as refused:
        polls.vote(poll, voter, "park")

    assert refused.value.reason is NotTaken.VOID


def test_a_replayed_ballot_of_another_voter_counts_once() -> None:
    """The signed form is bound to its voter; should it ever not be, the database still counts one ballot."""
    poll, first, second = polls.make_poll(), polls.make_voter(), polls.make_voter()
    prepared = polls.prepare(poll, ["park"])
    known, other = polls.voter_of(poll, first), polls.voter_of(poll, second)
    with transaction():
        casting.cast(poll.id, prepared.ballot, known)

    with pytest.raises(IntegrityError), transaction():
        casting.cast(poll.id, prepared.ballot, other)

    assert rows() == (1, 1)


def test_a_pass_of_the_counter_takes_one_vote_and_is_gone(clock: Clock) -> None:
    ward = factories.make_ward()
    poll, voter = polls.make_poll(key=CountKey.REGISTER), polls.make_voter(ward)
    officer, prepared = factories.make_officer(), polls.prepare(poll, ["park"])
    with transaction():
        token = counter.issue_pass(poll, polls.voter_of(poll, voter), by=officer, at=clock.now)

    with transaction():
        assert casting.cast_with_pass(poll.id, prepared.ballot, token) is Cast.RECORDED
    with pytest.raises(VoteRefused) as refused, transaction():
        casting.cast_with_pass(poll.id, polls.prepare(poll, ["pool"]).ballot, token)

    assert refused.value.reason is NotTaken.PASS_GONE
    assert db.session.scalar(db.select(db.func.count()).select_from(CounterPass)) == 0
    assert rows() == (1, 1)


def test_a_pass_lapses_after_a_quarter_of_an_hour(clock: Clock) -> None:
    ward = factories.make_ward()
    poll, voter = polls.make_poll(key=CountKey.REGISTER), polls.make_voter(ward)
    officer = factories.make_officer()
    with transaction():
        token = counter.issue_pass(poll, polls.voter_of(poll, voter), by=officer, at=clock.now)
    clock.move(minutes=15)

    with pytest.raises(VoteRefused) as refused, transaction():
        casting.cast_with_pass(poll.id, polls.prepare(poll, ["park"]).ballot, token)

    assert refused.value.reason is NotTaken.PASS_GONE
    assert rows() == (0, 0)


def test_who_votes_on_paper_cannot_vote_on_the_phone_as_well(clock: Clock) -> None:
    ward = factories.make_ward()
    poll, voter = polls.make_poll(key=CountKey.REGISTER), polls.make_voter(ward)
    officer = factories.make_officer()
    with transaction():
        counter.mark_paper(poll, polls.voter_of(poll, voter), by=officer, at=clock.now)

    with pytest.raises(VoteRefused) as refused:
        polls.vote(poll, voter, "park")

    assert refused.value.reason is NotTaken.ALREADY_VOTED
    assert queries.balance(poll.id) == queries.Balance(roll=0, inbox=0, box=0)


def test_who_is_not_in_the_register_is_told_to_prove_it() -> None:
    poll = polls.make_poll(key=CountKey.REGISTER)

    with pytest.raises(NotEligible) as refused:
        polls.voter_of(poll, polls.make_voter())

    assert refused.value.reason is WhyNot.NO_REGISTER


def test_a_proof_that_came_after_the_opening_is_too_late(clock: Clock) -> None:
    poll = polls.make_poll(key=CountKey.REGISTER)
    voter = polls.make_voter(factories.make_ward(), verified_at=clock.now + timedelta(hours=1))
    clock.move(hours=2)

    with pytest.raises(NotEligible) as refused:
        polls.voter_of(poll, voter)

    assert refused.value.reason is WhyNot.VERIFIED_TOO_LATE


def test_an_account_that_was_made_again_after_the_opening_cannot_vote(clock: Clock) -> None:
    poll = polls.make_poll()
    clock.move(hours=1)
    voter = polls.make_voter(created_at=clock.now, email_verified_at=clock.now)

    with pytest.raises(NotEligible) as refused:
        polls.voter_of(poll, voter)

    assert refused.value.reason is WhyNot.VERIFIED_TOO_LATE


def test_who_lives_in_another_ward_cannot_vote() -> None:
    here, there = factories.make_ward(), factories.make_ward()
    poll = polls.make_poll(key=CountKey.REGISTER, ward_codes=[here.code])

    assert polls.voter_of(poll, polls.make_voter(here)).cell == f"{here.code}|45"
    with pytest.raises(NotEligible) as refused:
        polls.voter_of(poll, polls.make_voter(there))

    assert refused.value.reason is WhyNot.OTHER_WARD
