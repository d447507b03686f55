"""A process writes the page of a result once for each of its states, and shows none that is over."""

from contextlib import suppress

import pytest

from cps.accounts.models import Account
from cps.cases.models import Case
from cps.cases.rules import Outcome, Status
from cps.core.db import db, transaction
from cps.polls import queries
from cps.polls.models import Poll
from cps.polls.rules import PollState
from cps.polls.services import course, publishing
from tests.faults.serving import Server, serving
from tests.support import factories, polls
from tests.support.fixtures import Clock, Database
from tests.support.site import Site

ASKED = 16
"""Often enough that each of two processes is asked."""


def told(server: Server, poll: Poll) -> str:
    """Return what the page says, which is the same at each of many requests."""
    pages = {server.ask(f"/polls/{poll.slug}/results").text for _time in range(ASKED)}
    assert len(pages) == 1
    return pages.pop()


def test_every_process_shows_each_state_of_a_result_from_its_commit_on(
    site: Site, database: Database, clock: Clock
) -> None:
    by, poll = factories.make_administrator(), polls.make_poll()
    polls.vote_many(poll, ["park"], ["park"], ["pool"])
    with serving(database) as server:
        assert "No result yet" in told(server, poll)

        clock.move(days=8)
        polls.work()
        publish(poll, by, clock)
        assert "Park won with 2 of 3 votes." in (page := told(server, poll))
        assert "Nobody has objected." in page

        case = objection(poll, clock)
        assert "Objection to: What first?" in (page := told(server, poll))
        assert "Received" in page

        with transaction():
            answered = db.session.get_one(Case, case.id)
            answered.status, answered.outcome, answered.closed_at = Status.CLOSED, Outcome.ANSWERED, clock.now
        assert "Answered" in told(server, poll)

        decide(poll, "The park comes first.", by, clock)
        assert "The park comes first." in told(server, poll)

        decide(poll, "The park comes first, in spring.", by, clock)
        assert "The park comes first, in spring." in told(server, poll)

        clock.move(days=20)
        with transaction():
            publishing.finalise(queries.lock_poll(poll.slug), by=by, at=clock.now)
        assert "Final result" in told(server, poll)


def publish(poll: Poll, by: Account, clock: Clock) -> None:
    """Publish what was counted."""
    with transaction():
        publishing.ask_to_publish(queries.lock_poll(poll.slug), by=by, at=clock.now)
    polls.work()


def objection(poll: Poll, clock: Clock) -> Case:
    """Object to a result."""
    case = factories.make_complaint(title="Objection to: What first?", status=Status.RECEIVED)
    with transaction():
        publishing.object_to(queries.lock_poll(poll.slug), case.id, at=clock.now)
    return case


def decide(poll: Poll, words: str, by: Account, clock: Clock) -> None:
    """Say what the city decided."""
    with transaction():
        publishing.decide(queries.lock_poll(poll.slug), {"en": words}, by=by, at=clock.now)


def test_a_result_that_is_declared_void_is_shown_no_more(site: Site, clock: Clock) -> None:
    poll, by = polls.make_published("", ["park"]), factories.make_administrator()
    assert site.get(f"/polls/{poll.slug}/results").has("Park won")

    with transaction():
        course.void(queries.lock_poll(poll.slug), by=by, at=clock.now, reason="The wrong map.")

    assert not site.get(f"/polls/{poll.slug}/results").has("Park won")


def test_what_a_page_says_by_the_clock_does_not_wait_for_a_change(site: Site, clock: Clock) -> None:
    poll = polls.make_published("", ["park"])
    clock.move(days=8)
    assert site.get(f"/polls/{poll.slug}/results").has("Anybody may object until")

    clock.move(days=60)

    page = site.get(f"/polls/{poll.slug}/results")
    assert not page.has("Anybody may object until")
    assert page.has("The city has not said it yet.")


def test_each_language_has_a_page_of_its_own(site: Site) -> None:
    poll = polls.make_published("", ["park"])
    english = site.get(f"/polls/{poll.slug}/results")

    korean = site.get(f"/polls/{poll.slug}/results", headers={"Accept-Language": "ko"})

    assert english.text_of("h1") == "What first?"
    assert korean.text_of("h1") == "무엇을 먼저?"


def test_whoever_has_the_page_gets_it_again_when_it_says_something_else(site: Site, clock: Clock) -> None:
    poll, by = polls.make_published("", ["park"]), factories.make_administrator()
    address = f"/polls/{poll.slug}/results"
    known = {"If-None-Match": site.get(address).header("ETag") or ""}

    assert site.get(address, headers=known).status == 304
    decide(poll, "The park comes first.", by, clock)
    assert site.get(address, headers=known).status == 200


@pytest.mark.usefixtures("app")
def test_a_poll_that_pages_show_is_read_once_for_each_version(clock: Clock) -> None:
    slug = polls.make_poll().slug
    first = seen(slug)
    assert seen(slug) is first

    clock.move(hours=1)
    by = factories.make_administrator()
    with transaction():
        course.tell_incident(queries.lock_poll(slug), by=by, at=clock.now, text="A screen is broken.")

    assert seen(slug).version > first.version


@pytest.mark.usefixtures("app")
def test_what_a_write_transaction_that_came_to_nothing_made_of_a_poll_is_not_remembered(clock: Clock) -> None:
    slug = polls.make_poll().slug
    with suppress(ZeroDivisionError), transaction():
        course.suspend(queries.lock_poll(slug), at=clock.now, text="Restored.")
        db.session.flush()
        assert queries.shown_poll(slug).state is PollState.SUSPENDED
        raise ZeroDivisionError

    assert seen(slug).state is PollState.OPEN


def seen(slug: str) -> Poll:
    """Return a poll as a new request would see it."""
    db.session.remove()
    return queries.shown_poll(slug)
