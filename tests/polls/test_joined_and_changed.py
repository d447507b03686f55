"""Nobody gets a second vote by a changed number or by joining two accounts; and nobody loses one."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask

from cps.accounts import queries as accounts
from cps.accounts import services as own
from cps.accounts.models import Account, Identity
from cps.accounts.rules import IdentityKind
from cps.core import clock as real_clock
from cps.core.db import db, transaction
from cps.core.errors import RuleViolation
from cps.polls import queries
from cps.polls.eligibility import NotEligible, WhyNot
from cps.polls.key_ring import web_keys
from cps.polls.models import Poll, VoterRoll
from cps.polls.rules import CountKey
from cps.polls.services import casting, electorate
from cps.polls.services.casting import Cast, VoteRefused
from tests.accounts.support import at_once
from tests.support import factories, polls
from tests.support.fixtures import Clock
from tests.support.site import Site

Wait = Callable[[], object]

ONE, OTHER = "+821012345678", "+821087654321"


def vote(poll: Poll, account: Account, choice: str = "park") -> str:
    """Vote as the page does; returns what the voter hears."""
    key, slug = account.id, poll.slug
    db.session.rollback()
    db.session.expire_all()
    return vote_by(slug, key, choice)


def vote_by(slug: str, account_id: int, choice: str = "park", wait: Wait = lambda: None) -> str:
    poll, account = queries.get_poll(slug), db.session.get_one(Account, account_id)
    try:
        prepared, voter = polls.prepare(poll, [choice]), polls.voter_of(poll, account)
        web, poll_id = web_keys(poll), poll.id
        for read in (poll, account):
            db.session.expunge(read)
        wait()
        with transaction():
            held = electorate.held_voter(poll, account, web, None, voter)
            return casting.cast(poll_id, prepared.ballot, held).value
    except VoteRefused as refused:
        return refused.reason.value
    except NotEligible as refused:
        return refused.reason.value


def join(into: Account, other: Account) -> None:
    keys = into.id, other.id
    with transaction():
        own.join_accounts(*keys, at=real_clock.now())
    db.session.expire_all()


def prove(account: Account, phone: str) -> None:
    key = account.id
    with transaction():
        own.prove_phone(accounts.lock_account(key), phone, at=real_clock.now())
    db.session.expire_all()


def roll() -> int:
    db.session.rollback()
    return db.session.scalar(db.select(db.func.count()).select_from(VoterRoll)) or 0


@pytest.mark.parametrize("voted", ["first", "second", "both"])
def test_after_joining_nobody_votes_who_has_voted_with_either_account(app: Flask, voted: str) -> None:
    poll, stranger = polls.make_poll(), polls.make_voter()
    into, other = polls.make_voter(), polls.make_voter()
    for account, name in ((into, "first"), (other, "second")):
        if voted in {name, "both"}:
            assert vote(poll, account) == Cast.RECORDED
    before = roll()

    join(into, other)

    assert vote(poll, into, "pool") == "already-voted"
    assert roll() == before
    assert vote(poll, stranger) == Cast.RECORDED


def test_after_joining_who_has_not_voted_votes_once(app: Flask) -> None:
    poll, into, other = polls.make_poll(), polls.make_voter(), polls.make_voter()

    join(into, other)

    assert [vote(poll, into), vote(poll, into)] == ["recorded", "already-voted"]
    assert roll() == 1


def test_the_closed_account_votes_no_more(app: Flask) -> None:
    poll, into, other = polls.make_poll(), polls.make_voter(), polls.make_voter()

    join(into, other)

    assert vote(poll, other) == WhyNot.NO_EMAIL
    assert roll() == 0


def test_an_account_that_is_too_young_for_a_poll_votes_as_the_older_one_it_was_joined_with(
    app: Flask, clock: Clock
) -> None:
    older, poll = polls.make_voter(), polls.make_poll()
    clock.move(hours=1)
    young = factories.make_resident()
    assert vote(poll, young) == WhyNot.VERIFIED_TOO_LATE

    join(young, older)

    assert [vote(poll, young), vote(poll, young)] == ["recorded", "already-voted"]


def test_joining_joined_accounts_gives_no_further_vote(app: Flask) -> None:
    poll = polls.make_poll()
    first, second, third = (polls.make_voter() for _account in range(3))
    assert vote(poll, third) == Cast.RECORDED

    join(second, third)
    join(first, second)

    assert vote(poll, first) == "already-voted"


def test_a_vote_and_a_joining_at_the_same_moment_leave_one_vote(app: Flask) -> None:
    poll = polls.make_poll()
    slug = poll.slug
    for _round in range(5):
        before = roll()
        into, other = polls.make_voter().id, polls.make_voter().id
        begun = Barrier(2)

        def act(number: int, into: int = into, other: int = other, begun: Barrier = begun) -> str:
            if number == 0:
                return vote_by(slug, other, wait=begun.wait)
            begun.wait()
            with transaction():
                own.join_accounts(into, other, at=real_clock.now())
            return "joined"

        heard = at_once(app, 2, act)
        later = vote_by(slug, into)

        assert heard[0] in {"recorded", WhyNot.NO_EMAIL}
        assert later == ("already-voted" if heard[0] == "recorded" else "recorded")
        assert roll() == before + 1


def test_a_vote_on_its_way_while_its_account_is_joined_and_the_other_votes_is_refused(app: Flask) -> None:
    poll = polls.make_poll()
    slug, into, other = poll.slug, polls.make_voter().id, polls.make_voter().id
    heard = []

    def join_and_vote() -> None:
        with transaction():
            own.join_accounts(into, other, at=real_clock.now())
        heard.append(vote_by(slug, into))

    late = vote_by(slug, other, wait=join_and_vote)

    assert heard == ["recorded"]
    assert late == WhyNot.NO_EMAIL
    assert roll() == 1


def test_a_changed_number_gives_no_second_vote(app: Flask, clock: Clock) -> None:
    person = polls.make_voter()
    prove(person, ONE)
    clock.move(hours=1)
    poll = polls.make_poll(key=CountKey.PHONE)
    assert vote(poll, person) == Cast.RECORDED
    clock.move(hours=1)

    prove(person, OTHER)
    assert vote(poll, person) == WhyNot.VERIFIED_TOO_LATE
    prove(person, ONE)

    assert vote(poll, person) == WhyNot.VERIFIED_TOO_LATE
    assert roll() == 1


def test_a_number_that_was_given_away_gives_its_new_owner_no_vote_in_an_open_poll(
    app: Flask, clock: Clock
) -> None:
    old, new = polls.make_voter(), polls.make_voter()
    prove(old, ONE)
    clock.move(hours=1)
    poll = polls.make_poll(key=CountKey.PHONE)
    assert vote(poll, old) == Cast.RECORDED
    with transaction():
        own.remove_phone(accounts.lock_account(old.id))

    prove(new, ONE)

    assert vote(poll, new) == WhyNot.VERIFIED_TOO_LATE
    assert roll() == 1


def test_two_numbers_of_joined_accounts_vote_once(app: Flask, clock: Clock) -> None:
    into, other = polls.make_voter(), polls.make_voter()
    prove(into, ONE)
    clock.move(minutes=1)
    prove(other, OTHER)
    clock.move(hours=1)
    poll = polls.make_poll(key=CountKey.PHONE)
    assert vote(poll, into) == Cast.RECORDED

    join(into, other)

    assert vote(poll, into) == "already-voted"
    assert roll() == 1


def test_an_account_with_nothing_but_a_number_is_counted_as_one(app: Flask, clock: Clock) -> None:
    with transaction():
        key = own.account_for_address(ONE, language="en", at=real_clock.now()).id
    clock.move(hours=1)
    poll = polls.make_poll()

    account = db.session.get_one(Account, key)

    assert [vote(poll, account), vote(poll, account)] == ["recorded", "already-voted"]


def test_the_page_says_that_one_has_voted_with_the_joined_account(site: Site) -> None:
    poll, into, other = polls.make_poll("park"), polls.make_voter(), polls.make_voter()
    vote(poll, other)
    join(into, other)
    site.sign_in(into)

    assert site.get("/polls/park").has("You have voted")


def test_a_register_mark_that_came_along_votes_as_before(app: Flask) -> None:
    ward = factories.make_ward()
    into, other = polls.make_voter(), polls.make_voter(ward)
    poll = polls.make_poll(key=CountKey.REGISTER)
    assert polls.vote(poll, other, "park") is Cast.RECORDED

    join(into, other)

    with pytest.raises(VoteRefused):
        polls.vote(poll, into, "pool")
    marks = db.session.scalars(db.select(Identity).filter_by(kind=IdentityKind.REGISTER)).all()
    assert {mark.account_id for mark in marks} == {into.id}
    with pytest.raises(RuleViolation), transaction():
        own.join_accounts(into.id, other.id, at=real_clock.now() + timedelta(hours=1))
