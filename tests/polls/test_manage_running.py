"""What administrators do with an open poll and after its close; no page tells counts before the result."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest

from cps.core.db import transaction
from cps.polls import queries
from cps.polls.key_ring import web_keys
from cps.polls.keys import voter_tag
from cps.polls.models import Poll
from cps.polls.rules import BATCH_WAITS_FOR, CountKey, MoveRefused, PollState, TieRule
from cps.polls.services import counter, course, publishing
from cps.polls.services.casting import Voter
from tests.polls.managing import ADMIN, administrator, here, send
from tests.support import factories, polls
from tests.support.fixtures import Clock
from tests.support.page import Page
from tests.support.site import Site

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def admin(site: Site) -> Site:
    return administrator(site)[0]


def again(slug: str = "park") -> Any:
    return queries.get_poll(slug)


def closed(clock: Clock, *choices: list[str], **columns: Any) -> Poll:
    """Return a counted poll, published by nobody."""
    poll = polls.make_poll("park", **columns)
    polls.vote_many(poll, *choices)
    clock.move(days=8)
    polls.work()
    return again()


def published(clock: Clock, *choices: list[str]) -> Poll:
    poll, by = closed(clock, *choices), factories.make_administrator()
    with transaction():
        publishing.ask_to_publish(queries.lock_poll(poll.slug), by=by, at=clock.now)
    polls.work()
    return again()


def suspended(clock: Clock) -> Poll:
    polls.make_poll("park")
    with transaction():
        course.suspend(queries.lock_poll("park"), at=clock.now, text="", batch=3, size=300, roll=420)
    return again()


def figures(page: Page) -> dict[str, str]:
    return dict(zip(page.all(".facts dt"), page.all(".facts dd"), strict=True))


def test_the_list_says_what_waits(admin: Site, clock: Clock) -> None:
    closed(clock, ["park"])
    polls.make_draft("ready", rehearsed_at=None)

    page = admin.get(ADMIN)

    assert page.has("3 things to do before it can open")
    assert page.has("The result is counted: publish it")


def test_a_poll_that_takes_no_votes_yet_is_not_called_open(admin: Site, clock: Clock) -> None:
    polls.make_poll("now")
    polls.make_poll("later", opens_at=clock.now + timedelta(days=2), closes_at=clock.now + timedelta(days=9))

    assert sorted(admin.get(ADMIN).all(".poll-manage-list .status")) == ["Open now", "Opens soon"]
    assert admin.get(here("later")).has("Opens soon")


def test_only_whole_numbers_are_told_while_a_poll_is_open(admin: Site, clock: Clock) -> None:
    poll = polls.make_poll("park")
    polls.vote_many(poll, *[["school"]] * BATCH_WAITS_FOR)
    clock.move(minutes=1)
    polls.work()

    told = figures(admin.get(here("park")))

    assert (told["Have voted"], told["In the public ledger"], told["Waiting for the next batch"]) == (
        "150",
        "100",
        "50",
    )


def test_an_end_moves_later_with_a_public_reason(admin: Site, clock: Clock) -> None:
    before = polls.make_poll("park").closes_at
    assert before is not None

    later = (before + timedelta(days=2)).date().isoformat()
    send(admin, "park", "/extend", closes_on=later, closes_time="12:00", reason="The network was down.")

    assert again().closes_at > before
    assert admin.another().get("/polls/park").has("The network was down.")


@pytest.mark.parametrize(
    "fields", [{"closes_on": "2026-11-19"}, {"reason": ""}, {"closes_on": ""}, {"closes_on": "soon"}]
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_an_earlier_end_or_one_without_a_reason_is_refused(admin: Site, fields: dict[str, str]) -> None:
    before = polls.make_poll("park").closes_at

    page = send(admin, "park", "/extend", **{"closes_on": "2026-12-24", "reason": "Snow.", **fields})

    assert page.status == 422
    assert again().closes_at == before


def test_an_incident_stands_on_the_public_page(admin: Site) -> None:
    polls.make_poll("park")

    send(admin, "park", "/incident", reason="A counter was shut for an hour.")

    assert admin.another().get("/polls/park").has("A counter was shut for an hour.")


def test_a_poll_is_void_with_a_public_reason(admin: Site) -> None:
    polls.make_poll("park")
    assert send(admin, "park", "/void", reason=" ").status == 422
    assert again().state is PollState.OPEN

    page = send(admin, "park", "/void", reason="The ballot named a place twice.")

    assert again().state is PollState.VOID
    assert page.has("The ballot named a place twice.")
    assert page.has("Nothing: this poll is void.")
    assert "Declare it void" not in page.links


def test_an_interrupted_poll_says_what_a_restore_lost_and_goes_on(admin: Site, clock: Clock) -> None:
    suspended(clock)

    page = admin.get(here("park"))
    assert page.has("batch 3 with 300 ballots; 420 people")
    send(admin, "park", "/resume", reason="Every witness has the same heads.")

    assert again().state is PollState.OPEN


def test_nothing_but_an_interrupted_poll_is_resumed(clock: Clock) -> None:
    by = factories.make_administrator()
    polls.make_draft("park")

    with pytest.raises(MoveRefused), transaction():
        course.resume(queries.lock_poll("park"), by=by, at=clock.now, reason="Because.")

    assert again().is_draft


def test_counts_are_told_to_administrators_no_sooner_than_to_everybody(admin: Site, clock: Clock) -> None:
    closed(clock, *[["park"]] * 37, *[["pool"]] * 23)

    pages = [admin.get(here("park", rest)) for rest in ("", "/publish", "/protocol/closing")]

    assert again().state is PollState.TALLIED
    for page in pages:
        told = page.text_of("main")
        assert not re.search(r"\b(37|23)\b", told)
        assert "Park" not in told


def test_a_counted_result_is_published_by_the_worker(admin: Site, clock: Clock) -> None:
    closed(clock, ["park"], ["pool"], ["park"])

    page = send(admin, "park", "/publish")
    polls.work()

    assert page.has("Nothing: the server prepares the result.")
    assert not page.has("Count the ballots on paper")
    assert again().state is PollState.PUBLISHED
    assert admin.another().get("/polls/park/results").status == 200


def test_a_tie_waits_for_the_announced_draw(admin: Site, clock: Clock) -> None:
    closed(clock, ["park"], ["pool"], tie=TieRule.DRAW, draw_text="In the hall, at noon.")

    assert admin.get(ADMIN).has("A tie: enter the public draw")
    assert "Publish the result" not in admin.get(here("park")).all("a.button")
    refused = send(admin, "park", "/publish")
    assert refused.status == 422
    assert refused.has("Hold the draw")
    send(admin, "park", "/draw", drawn_park="2", drawn_pool="1", drawn_school="3")
    polls.work()

    assert again().draw == ["pool", "park", "school"]
    assert json.loads(again().result_json)["winners"] == ["pool"]


def test_where_nobody_voted_no_draw_is_asked_for_and_that_is_published(admin: Site, clock: Clock) -> None:
    closed(clock, tie=TieRule.DRAW, draw_text="In the hall, at noon.")

    page = admin.get(here("park"))
    assert page.has("Nobody voted: publish that")
    assert "Enter the public draw" not in page.all("a.button")
    send(admin, "park", "/publish")
    polls.work()

    assert admin.another().get("/polls/park/results").text_of(".poll-outcome") == "Nobody voted."


@pytest.mark.parametrize(
    ("drawn", "told"),
    [
        (
            ("1", "1", "2"),
            [
                "Park: Another option was drawn as number 1, too.",
                "Pool: Another option was drawn as number 1, too.",
            ],
        ),
        (("1", "2", "4"), ["School: Each number from 1 on, once."]),
        (("1", "2", ""), ["School: Write as which it was drawn: 1 for the first."]),
    ],
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_a_draw_with_a_place_twice_or_none_is_refused_and_kept(
    admin: Site, clock: Clock, drawn: tuple[str, str, str], told: list[str]
) -> None:
    closed(clock, ["park"], ["pool"], tie=TieRule.DRAW, draw_text="In the hall.")

    page = send(admin, "park", "/draw", drawn_park=drawn[0], drawn_pool=drawn[1], drawn_school=drawn[2])

    assert page.status == 422
    assert page.all(".error-summary li") == told
    assert page.value_of("#drawn_pool") == drawn[1]
    assert again().draw == []


def test_the_city_says_what_it_decided_in_each_language(admin: Site, clock: Clock) -> None:
    published(clock, ["park"])
    assert admin.get(ADMIN).has("Decision due")

    send(admin, "park", "/decision", decision_en="The park is built in May.", decision_ko="공원을 짓습니다.")

    assert again().decision == {"en": "The park is built in May.", "ko": "공원을 짓습니다."}
    assert admin.another().get("/polls/park/results").has("The park is built in May.")
    assert send(admin, "park", "/decision", decision_en="").status == 422


def test_a_result_becomes_final_after_the_time_for_objections(admin: Site, clock: Clock) -> None:
    published(clock, ["park"])

    clock.move(days=20)
    send(admin, "park", "/final")
    polls.work()

    assert again().state is PollState.FINAL
    assert admin.get(here("park")).has("Destroyed on")
    assert admin.get(here("park")).has("destroy the second copy of the keys")


def test_the_page_of_the_final_result_says_until_when_people_may_object(admin: Site, clock: Clock) -> None:
    published(clock, ["park"])

    page = admin.get(here("park", "/final"))
    forced = admin.post_raw(here("park", "/final"), {"version": again().version})

    assert (page.status, forced.status) == (200, 422)
    for told in (page, forced):
        assert told.heading == "It cannot be final yet"
        assert told.has("Anybody may object until")
        assert not told.has("Nobody can object any more")
        assert not told.has("Declare it final")
    assert again().state is PollState.PUBLISHED


def test_a_result_is_not_offered_as_final_while_an_objection_waits(admin: Site, clock: Clock) -> None:
    published(clock, ["park"])
    somebody = admin.another()
    somebody.get("/polls/park/object")
    somebody.submit(body="The hall closed early.", email="")
    clock.move(days=20)

    page = admin.get(here("park"))

    assert page.has("1 objection to answer")
    assert not page.has("Declare the result final")
    asked = admin.get(here("park", "/final"))
    assert asked.has("Answer every objection first.")
    assert not asked.has("Declare it final")


def test_the_protocol_of_the_opening_names_hash_key_people_and_roll(admin: Site, clock: Clock) -> None:
    poll = polls.make_poll("park")

    page = admin.get(here("park", "/protocol/opening"))
    told = figures(page)

    assert told["SHA-256 of the specification"] == poll.spec_sha256
    assert told["Counted by"] == "One vote per account"
    assert told["Key of the signed heads"] == json.loads(poll.spec_json)["keys"]["heads"]
    assert str(clock.now.year) in told["Fixed on"]
    assert told["On the roll at the opening"] == "0"
    assert len(page.all(".poll-manage-signatures p")) == 2
    assert page.has("The rules were fixed for good")
    assert admin.get(here("park", "/protocol/closing")).path == here("park")


def test_the_protocol_of_the_close_joins_small_channels(admin: Site, clock: Clock) -> None:
    ward = factories.make_ward()
    poll = polls.make_poll("park", key=CountKey.REGISTER)
    for _number in range(12):
        polls.vote(poll, polls.make_voter(ward), "park")
    clerk, web = factories.make_agent(), web_keys(poll)
    for number in range(3):
        with transaction():
            voter = Voter(voter_tag(web.roll, CountKey.REGISTER, f"paper {number}"), "-|-")
            counter.mark_paper(queries.lock_poll("park"), voter, by=clerk, at=clock.now)
    send(admin, "park", "/incident", reason="The lights went out.")
    clock.move(days=8)
    polls.work()

    page = admin.get(here("park", "/protocol/closing"))
    told = figures(page)

    assert told["On the roll"] == "15"
    assert told["By channel"] == "not told apart: fewer than ten by one of them"
    assert told["Ballots in the ledger"] == "12"
    assert page.has("The lights went out.")
    assert page.has("the server")
    assert not admin.get(here("park", "/protocol/opening")).has("Incidents")


def test_two_administrators_do_not_void_what_the_other_just_extended(admin: Site, clock: Clock) -> None:
    polls.make_poll("park")
    asked = admin.get(here("park", "/void"))
    clock.move(minutes=5)
    other = administrator(admin.another())[0]
    send(other, "park", "/extend", closes_on="2026-12-24", closes_time="12:00", reason="Snow.")

    page = admin.submit(asked, reason="Nobody can come.")

    assert page.status == 409
    assert page.text_of("#reason") == "Nobody can come."
    assert again().state is PollState.OPEN
