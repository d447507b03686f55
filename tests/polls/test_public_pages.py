"""Polls as everybody sees them: lists, the page of one, its files, receipts, one's own marks."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from cps.core.db import transaction
from cps.polls import canonical, explaining, heads, queries
from cps.polls.key_ring import specification_of
from cps.polls.models import Poll
from cps.polls.rules import CountKey, Lines, Method, PollState, ResultsWhen
from cps.polls.services import course, publishing, restoring
from cps.polls.specification import from_bytes
from tests.support import factories, polls
from tests.support.fixtures import Clock
from tests.support.page import Page
from tests.support.site import Site


def page_of(site: Site, poll: Poll | str, below: str = "") -> Page:
    slug = poll if isinstance(poll, str) else poll.slug
    return site.get(f"/polls/{slug}{below}")


def publish(slug: str, clock: Clock) -> None:
    """Let a poll close, be counted and be published."""
    clock.move(days=8)
    polls.work()
    by = factories.make_administrator()
    with transaction():
        publishing.ask_to_publish(queries.lock_poll(slug), by=by, at=clock.now)
    polls.work()
    assert queries.get_poll(slug).state is PollState.PUBLISHED


def test_the_list_says_what_will_appear_while_there_is_no_poll(site: Site) -> None:
    polls.make_draft("secret-plan")

    page = site.get("/polls")

    assert page.has("No polls yet")
    assert not page.has("What first?")


def test_the_list_has_open_polls_those_to_come_and_results(site: Site, clock: Clock) -> None:
    polls.make_poll("done-poll")
    publish("done-poll", clock)
    polls.make_poll("open-poll")
    later = {"opens_at": clock.now + timedelta(days=2), "closes_at": clock.now + timedelta(days=4)}
    polls.make_poll("soon-poll", **later)

    page = site.get("/polls")

    for heading, slug in (("open", "open-poll"), ("soon", "soon-poll"), ("past", "done-poll")):
        section = page.tree.css_first(f'section[aria-labelledby="{heading}-heading"]')
        assert section is not None
        assert [node.attributes["href"] for node in section.css("h3 a")] == [f"/polls/{slug}"]
    assert page.has("Closes in 7 days") or page.has("Closes in 1 week")
    assert page.has("Opens in 2 days")
    assert page.has("One vote per account")


def test_a_draft_is_no_page_for_anybody(site: Site) -> None:
    polls.make_draft("secret-plan")

    for below in ("", "/protection", "/receipt", "/heads.jsonl", "/specification.json"):
        assert page_of(site, "secret-plan", below).status == 404
    assert site.get("/polls/no-such-poll").status == 404


def test_the_page_of_a_poll_says_what_is_asked_who_may_vote_when_and_what_follows(
    site: Site, clock: Clock
) -> None:
    ward = factories.make_ward("hill")
    told = {"en": "There is one plot left."}
    poll = polls.make_poll(key=CountKey.REGISTER, ward_codes=[ward.code], age_from=16, explanation=told)

    page = page_of(site, poll)

    assert page.heading == "What first?"
    for words in (
        "There is one plot left.",
        "16 years or older when it closes",
        "One vote per registered resident",
        "in 1 week",
        "No count is shown to anybody before it closes.",
        "Everybody can object for 5 working days after the result.",
        "within 20 working days",
        "Your name and your choice are stored apart.",
    ):
        assert page.has(words), words
    explanation = page.tree.css_first(".lead.words")
    assert explanation is not None
    assert explanation.attributes["dir"] == "auto"
    assert page.all(".poll-options h3") == ["1. Park", "2. Pool", "3. School"]
    assert page.link("Sign in and vote") == f"/polls/{poll.slug}/vote"
    assert page.link("How is my vote protected?") == f"/polls/{poll.slug}/protection"


def test_options_of_a_budget_show_their_cost_in_the_citys_currency(site: Site) -> None:
    poll = polls.make_poll(method=Method.BUDGET, budget=1_000_000, costs=[600_000, 50_000, 400_000])

    page = page_of(site, poll)

    assert page.all(".poll-cost") == ["₩600,000", "₩50,000", "₩400,000"]
    assert page.has("up to ₩1,000,000 in all")


def test_an_open_poll_shows_no_count_to_anybody(site: Site) -> None:
    poll = polls.make_poll()
    polls.vote_many(poll, *[["park"]] * 31, *[["pool"]] * 17)
    administrator = site.another().sign_in(factories.make_administrator())

    for visitor in (site, administrator):
        for below in ("", "/protection", "/heads.jsonl", "/receipt", "/results"):
            shown = re.sub(r"[0-9a-f]{64,}", "", page_of(visitor, poll, below).text)
            assert not re.search(r"\b(31|17|48)\b", shown), below


def test_how_many_took_part_is_told_as_the_newest_head_knows_it(site: Site, clock: Clock) -> None:
    poll = polls.make_poll()
    polls.vote_many(poll, *[["park"]] * 150)
    assert page_of(site, poll).has("The number is shown once enough votes are in")
    clock.move(minutes=2)
    polls.work()

    assert page_of(site, poll).has("150 people had voted by")
    clock.move(days=8)
    polls.work()
    assert page_of(site, poll).has("150 people voted.")


def test_extensions_and_incidents_are_told_in_the_public_story(site: Site, clock: Clock) -> None:
    poll, by = polls.make_poll(), factories.make_administrator()
    assert poll.closes_at
    later = poll.closes_at + timedelta(days=1)
    with transaction():
        course.extend(queries.lock_poll(poll.slug), later, by=by, at=clock.now, reason="The site was down.")
    with transaction():
        course.tell_incident(queries.lock_poll(poll.slug), by=by, at=clock.now, text="A cable was cut.")

    page = page_of(site, poll)

    assert page.has("It closes later")
    assert page.has("The site was down.")
    assert page.has("It was to close on")
    assert page.has("A cable was cut.")
    assert not page.has(by.display_name or "Administrator of the city")


def test_a_poll_suspended_by_a_restore_says_what_witnesses_should_compare(site: Site, clock: Clock) -> None:
    poll = polls.make_poll()
    polls.vote_many(poll, *[["park"]] * 150)
    clock.move(minutes=2)
    polls.work()
    with transaction():
        restoring.suspend_open_polls(clock.now)

    page = page_of(site, poll)

    assert page.has("Voting is interrupted")
    assert page.has("batch 1 with 100 ballots; 150 people stand in the roll")
    assert "Sign in and vote" not in page.links


def test_a_void_poll_says_why(site: Site, clock: Clock) -> None:
    poll, by = polls.make_poll(), factories.make_administrator()
    with transaction():
        course.void(queries.lock_poll(poll.slug), by=by, at=clock.now, reason="The wrong map was printed.")

    page = page_of(site, poll)

    assert page.has("This poll is void")
    assert page.has("The wrong map was printed.")
    assert "Sign in and vote" not in page.links


def test_a_void_poll_promises_nothing_that_will_not_come(site: Site) -> None:
    poll, by = polls.make_poll(), factories.make_administrator()
    assert page_of(site, poll).has("What is published, and when")
    with transaction():
        course.void(
            queries.lock_poll(poll.slug), by=by, at=poll.opens_at, reason="The wrong map was printed."
        )

    assert not page_of(site, poll).has("What is published, and when")


def test_the_page_of_a_poll_names_its_witnesses_or_says_that_there_are_none(site: Site) -> None:
    assert page_of(site, polls.make_poll()).has("The Aurelia Courier, Citizens for Counting")
    alone = polls.make_poll(witnesses=[], has_no_witnesses=True)
    assert page_of(site, alone).has("None are named")


def test_between_close_and_result_the_page_says_that_votes_are_counted(site: Site, clock: Clock) -> None:
    poll = polls.make_poll()
    assert poll.closes_at
    clock.set_to(poll.closes_at)

    page = page_of(site, poll)

    assert page.has("Voting is over")
    assert "Sign in and vote" not in page.links


def test_a_page_that_did_not_change_answers_304_until_its_poll_does(site: Site, clock: Clock) -> None:
    poll = polls.make_poll()

    for address in ("/polls", f"/polls/{poll.slug}", f"/polls/{poll.slug}/protection", "/"):
        tag = site.get(address).header("ETag")
        assert tag, address
        assert site.get(address, headers={"If-None-Match": tag}).status == 304, address
    tags = {address: site.get(address).header("ETag") for address in ("/polls", f"/polls/{poll.slug}", "/")}
    assert poll.closes_at
    clock.set_to(poll.closes_at)
    for address, tag in tags.items():
        assert site.get(address, headers={"If-None-Match": tag}).status == 200, address


def test_an_incident_changes_the_tag_of_the_page(site: Site, clock: Clock) -> None:
    poll, by = polls.make_poll(), factories.make_administrator()
    tag = page_of(site, poll).header("ETag")
    with transaction():
        course.tell_incident(queries.lock_poll(poll.slug), by=by, at=clock.now, text="A cable was cut.")

    assert site.get(f"/polls/{poll.slug}", headers={"If-None-Match": tag}).status == 200


def test_the_specification_is_given_byte_by_byte_and_hashes_to_what_the_page_says(site: Site) -> None:
    poll = polls.make_poll()

    answer = page_of(site, poll, "/specification.json")

    assert canonical.sha256(answer.data) == poll.spec_sha256
    assert from_bytes(answer.data).poll == poll.slug
    assert poll.spec_sha256 in page_of(site, poll, "/protection").html


def test_the_heads_are_a_chain_that_anybody_can_check(site: Site, clock: Clock) -> None:
    poll = polls.make_poll()
    polls.vote_many(poll, *[["park"]] * 150)
    clock.move(minutes=2)
    polls.work()

    answer = page_of(site, poll, "/heads.jsonl")

    chain = [heads.parse(line) for line in answer.data.splitlines()]
    heads.check_chain(chain, bytes.fromhex(specification_of(poll).keys.heads))
    assert [head.batch for head in chain] == [0, 1]
    assert answer.header("Cache-Control") == "public, no-cache"
    assert answer.response.mimetype == "application/jsonl"


def test_the_protection_page_says_what_is_not_protected_and_never_too_much(site: Site) -> None:
    page = page_of(site, polls.make_poll(), "/protection")

    assert page.has("What this cannot do")
    assert page.has("The Aurelia Courier, Citizens for Counting")
    assert page.has("A phone or computer that somebody else controls")
    assert not page.has("nobody can find out")


def test_a_poll_without_witnesses_says_so(site: Site) -> None:
    poll = polls.make_poll(witnesses=[], has_no_witnesses=True)

    assert page_of(site, poll, "/protection").has("Nobody outside was named")


@pytest.mark.parametrize(("lines", "warned"), [(Lines.FULL, True), (Lines.COUNTS, False)])
def test_markable_ballots_that_will_be_published_are_warned_about(
    site: Site, lines: Lines, warned: bool
) -> None:
    letters = [f"o{number}" for number in range(12)]
    poll = polls.make_poll(method=Method.RANKING, most=3, options=letters, lines=lines)

    for below in ("", "/protection"):
        assert page_of(site, poll, below).has("Nobody may ask you to vote in a certain pattern.") is warned


def test_a_poll_with_live_results_does_not_promise_that_nobody_sees_a_count(app: Flask) -> None:
    told = explaining.publishes(polls.make_draft(results=ResultsWhen.LIVE))

    assert not any("No count is shown to anybody before it closes." in sentence for sentence in told)


def look_up(site: Site, slug: str, code: str) -> Page:
    return site.post_raw(f"/polls/{slug}/receipt", {"code": code})


def test_before_publication_the_receipt_page_says_from_when_and_looks_nothing_up(site: Site) -> None:
    poll = polls.make_poll()
    [code] = polls.vote_many(poll, ["park"])

    page = page_of(site, poll, "/receipt")
    sent = look_up(site, poll.slug, code)

    assert page.has("Codes can be looked up from the moment the result is published.")
    assert not page.tree.css("input[name=code]")
    assert sent.status == 409
    assert not sent.has("Park")


def test_a_code_shows_its_ballot_where_full_lines_are_published(site: Site, clock: Clock) -> None:
    poll = polls.make_poll("full-poll", lines=Lines.FULL)
    codes = polls.vote_many(poll, ["park"], ["pool"], [])
    publish("full-poll", clock)

    typed = f" {codes[1][:4]}-{codes[1][4:].lower()} "
    page, blank = look_up(site, "full-poll", typed), look_up(site, "full-poll", codes[2])

    assert page.has("This ballot is in the ledger and was counted")
    assert page.all(".poll-chosen-label") == ["2. Pool"]
    assert blank.has("A blank vote")
    assert page.header("Cache-Control") == "no-store"
    assert codes[1] not in page.path


def test_where_lines_are_not_published_a_code_shows_only_that_it_is_in(site: Site, clock: Clock) -> None:
    poll = polls.make_poll("counts-poll", lines=Lines.COUNTS)
    [code, _other] = polls.vote_many(poll, ["park"], ["pool"])
    publish("counts-poll", clock)

    page = look_up(site, "counts-poll", code)

    assert page.has("The ballot with this code is in the ledger and was counted")
    assert not page.has("Park")


def test_a_code_that_no_ballot_has_is_said_plainly(site: Site, clock: Clock) -> None:
    one, other = polls.make_poll("one-poll"), polls.make_poll("other-poll")
    [code] = polls.vote_many(other, ["park"])
    polls.vote_many(one, ["park"])
    publish("one-poll", clock)

    page, wrong = look_up(site, "one-poll", code), look_up(site, "one-poll", "what code?")

    assert page.status == 404
    assert page.has("No ballot of this poll has this code")
    assert wrong.status == 422
    assert wrong.has("This is no receipt code.")


@pytest.mark.settings(rate_limits=True)
def test_codes_cannot_be_tried_without_end(site: Site, clock: Clock) -> None:
    poll = polls.make_poll("one-poll")
    polls.vote_many(poll, ["park"])
    publish("one-poll", clock)

    answers = [look_up(site, "one-poll", "0000-0000-0000-0000").status for _try in range(121)]

    assert answers == [404] * 120 + [429]


def test_my_votes_names_the_polls_in_which_one_is_marked_and_no_choice(site: Site, clock: Clock) -> None:
    voter = polls.make_voter()
    voted, other = polls.make_poll("voted-poll"), polls.make_poll("other-poll")
    polls.vote(voted, voter, "school")
    polls.vote(other, polls.make_voter(), "park")
    visitor = site.another().sign_in(voter)

    page = visitor.get("/accounts/me/polls")

    assert [node.attributes["href"] for node in page.tree.css(".poll-card-title a")] == ["/polls/voted-poll"]
    assert page.link("Was it not you? Tell the city") == "/complaints/new"
    assert not page.has("School")
    publish("voted-poll", clock)
    assert visitor.get("/accounts/me/polls").link("Was it not you?") == "/polls/voted-poll/object"


def test_my_votes_leads_from_ones_own_page_and_says_when_there_are_none(site: Site) -> None:
    visitor = site.another().sign_in(polls.make_voter())

    page = visitor.get(visitor.get("/accounts/me").link("My votes"))

    assert page.has("No votes yet")


def test_once_the_keys_are_destroyed_nobody_can_tell_who_voted(site: Site, clock: Clock) -> None:
    voter, by = polls.make_voter(), factories.make_administrator()
    poll = polls.make_poll("gone-poll")
    polls.vote(poll, voter, "school")
    publish("gone-poll", clock)
    clock.move(days=30)
    with transaction():
        publishing.finalise(queries.lock_poll("gone-poll"), by=by, at=clock.now)
    polls.work()

    page = site.another().sign_in(voter).get("/accounts/me/polls")

    assert page.has("Nobody can tell any more")
    assert page_of(site, "gone-poll", "/protection").has("Destroyed on")


def test_home_shows_what_is_open_and_nothing_else(site: Site, clock: Clock) -> None:
    assert not site.get("/").has("Open to vote on")
    polls.make_poll("open-poll")
    polls.make_poll(
        "late-poll", opens_at=clock.now + timedelta(days=1), closes_at=clock.now + timedelta(days=2)
    )

    page = site.get("/")

    assert [node.attributes["href"] for node in page.tree.css(".poll-card-title a")] == ["/polls/open-poll"]
    assert page.has("1 poll open")


def test_a_picture_is_served_for_its_own_poll_only(site: Site, app: Any) -> None:
    name = "0123456789abcdef0123456789abcdef"
    app.extensions["cps_storage"].put(f"photos/01/{name}-thumbnail.webp", b"a picture", "image/webp")
    polls.make_poll("with-picture", picture=name)
    polls.make_poll("without-one")
    polls.make_draft("hidden-draft", picture=name)

    assert page_of(site, "with-picture", f"/pictures/{name}/thumbnail").data == b"a picture"
    assert page_of(site, "with-picture", f"/pictures/{name}/large").status == 404
    assert page_of(site, "without-one", f"/pictures/{name}/thumbnail").status == 404
    assert page_of(site, "hidden-draft", f"/pictures/{name}/thumbnail").status == 404
    boss = site.another().sign_in(factories.make_administrator())
    assert page_of(boss, "hidden-draft", f"/pictures/{name}/thumbnail").status == 200
