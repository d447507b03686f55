"""4. A refused request changes nothing: every row of every table stays as it was."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask

from cps.core.db import db, transaction
from cps.polls import queries
from cps.polls.models import Poll
from cps.polls.rules import CountKey, Method, PollState
from cps.polls.services import counter, course
from cps.polls.services.casting import VoteRefused
from tests.polls.sentences.crowd import tell
from tests.polls.sentences.tables import changed, snapshot
from tests.support import factories, polls
from tests.support.fixtures import Clock
from tests.support.page import Page
from tests.support.site import OWN, Site

Refused = Callable[[], int]


@dataclass
class Town:
    """A register poll with a ward, a vote in it, and people of all kinds."""

    site: Site
    clock: Clock

    def __post_init__(self) -> None:
        self.here, self.there = factories.make_ward("hill"), factories.make_ward("sea")
        self.poll = polls.make_poll(key=CountKey.REGISTER, ward_codes=["hill"], age_from=16)
        self.budget = polls.make_poll(method=Method.BUDGET, budget=100, costs=[60, 60, 40])
        self.voter = self.enter(polls.make_voter(self.here))
        self.voted = self.enter(account := polls.make_voter(self.here))
        polls.vote(self.poll, account, "park")
        self.tag = polls.voter_of(self.poll, account)

    def enter(self, account: object) -> Site:
        return self.site.another().sign_in(account)  # type: ignore[arg-type]

    def stopped(self, poll: Poll, to: PollState) -> Poll:
        """Suspend a poll, or declare it void."""
        by = factories.make_administrator()
        with transaction():
            locked = queries.lock_poll(poll.slug)
            if to is PollState.VOID:
                course.void(locked, by=by, at=self.clock.now, reason="The wrong map was printed.")
            else:
                course.suspend(locked, at=self.clock.now, text="The network is down.")
        return queries.get_poll(poll.slug)


def address(poll: Poll) -> str:
    return f"/polls/{poll.slug}/vote"


def check(visitor: Site, poll: Poll, *choice: str) -> Page:
    return visitor.post_raw(address(poll), {"choice": list(choice)}, follow=False)


def cast(visitor: Site, poll: Poll, carried: str) -> Page:
    return visitor.post_raw(address(poll), {"act": "cast", "carried": carried}, follow=False)


def carried_of(visitor: Site, poll: Poll, choice: str = "park") -> str:
    return check(visitor, poll, choice).form(address(poll), {"carried"}).value("carried")


@pytest.fixture
def town(site: Site, clock: Clock) -> Town:
    return Town(site, clock)


def test_whoever_may_not_vote_changes_nothing(app: Flask, town: Town) -> None:
    elsewhere = town.enter(polls.make_voter(town.there))
    unknown = town.enter(polls.make_voter())
    young = town.enter(polls.make_voter(town.here, born_on=polls.BORN.replace(year=2015)))
    late = town.enter(polls.make_voter(town.here, verified_at=town.clock.now + timedelta(minutes=1)))
    unproven = town.enter(polls.make_voter(email_verified_at=None))
    visitors = (elsewhere, unknown, young, late, town.site.another(), unproven, town.voted)
    own = carried_of(town.voter, town.poll)
    before = snapshot()

    asked = [visitor.get(address(town.poll)).status for visitor in visitors]
    checked = [check(visitor, town.poll, "park").status for visitor in visitors]
    stolen = [cast(visitor, town.poll, own).status for visitor in visitors]

    assert changed(before) == {}
    assert set(asked) <= {200, 302, 303}
    assert set(checked) | set(stolen) <= {403, 409, 422}
    tell(f"4. {len(asked) * 3} requests of people who may not vote changed no table")


def test_marks_that_make_no_ballot_change_nothing(app: Flask, town: Town) -> None:
    before = snapshot()

    answers = [
        check(town.voter, town.poll),
        check(town.voter, town.poll, "castle"),
        check(town.voter, town.poll, "park", "pool"),
        check(town.voter, town.poll, "park", "-"),
        check(town.voter, town.budget, "park", "pool"),
        check(town.voter, town.budget, "park", "park"),
    ]

    assert changed(before) == {}
    assert {answer.status for answer in answers} == {422}


def test_what_was_not_signed_for_this_voter_changes_nothing(app: Flask, town: Town) -> None:
    own, other = carried_of(town.voter, town.poll), carried_of(town.voter, town.budget)
    before = snapshot()

    answers = [
        cast(town.voter, town.poll, carried)
        for carried in ("", "nonsense", own[:-1], own + "A", other, "." * 5_000, own.replace(".", "", 1))
    ]

    assert changed(before) == {}
    assert {answer.status for answer in answers} == {409}


def test_a_cast_from_elsewhere_changes_nothing(app: Flask, town: Town) -> None:
    fields = {"act": "cast", "carried": carried_of(town.voter, town.poll)}
    foreign = {**OWN, "Origin": "https://evil.test", "Sec-Fetch-Site": "cross-site"}
    before = snapshot()

    without_token = town.voter.post_raw(address(town.poll), fields, with_token=False, follow=False)
    from_elsewhere = town.voter.post_raw(address(town.poll), fields, follow=False, headers=foreign)

    assert changed(before) == {}
    assert {without_token.status, from_elsewhere.status} <= {400, 403}


@pytest.mark.parametrize("why", ["suspended", "void", "closed", "soon", "draft"])
def test_a_poll_that_takes_no_vote_changes_nothing(app: Flask, town: Town, clock: Clock, why: str) -> None:
    poll = town.budget
    carried = carried_of(town.voter, poll)
    if why in {"suspended", "void"}:
        town.stopped(poll, PollState(why))
    elif why == "closed":
        clock.move(days=7)
        town.voter.get("/polls")  # their session is seen for the first time today
    elif why == "soon":
        at = clock.now
        poll = polls.make_poll(opens_at=at + timedelta(days=1), closes_at=at + timedelta(days=2))
    else:
        poll = polls.make_draft()
    before = snapshot()

    answers = [check(town.voter, poll, "park"), cast(town.voter, poll, carried)]

    assert changed(before) == {}
    assert {answer.status for answer in answers} <= {404, 409}


def test_a_second_vote_by_whatever_way_changes_nothing(app: Flask, town: Town, clock: Clock) -> None:
    poll, officer = town.poll, factories.make_officer()
    second = carried_of(town.voter, poll, "pool")
    cast(town.voter, poll, carried_of(town.voter, poll, "park"))
    before = snapshot()

    assert cast(town.voter, poll, second).status == 409
    with pytest.raises(VoteRefused), transaction():
        counter.issue_pass(poll, town.tag, by=officer, at=clock.now)
    with pytest.raises(VoteRefused), transaction():
        counter.mark_paper(poll, town.tag, by=officer, at=clock.now)
    gone = town.site.another().post_raw(
        f"/polls/{poll.slug}/counter/{factories.token()}", {"act": "cast", "carried": second}, follow=False
    )

    assert gone.status == 409
    assert changed(before) == {}


def test_what_is_compared_sees_a_vote(app: Flask, town: Town) -> None:
    before = snapshot()

    cast(town.voter, town.poll, carried_of(town.voter, town.poll))

    assert changed(before) == {"ballot_inbox": (1, 2), "voter_roll": (1, 2)}
    db.session.rollback()
