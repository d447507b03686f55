"""The pages of a vote: choose, check, cast. What is refused changes nothing in any table."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from cps.accounts.models import Account
from cps.core.db import db, transaction
from cps.core.keys import app_keys_dir
from cps.polls import key_files, queries, receipt
from cps.polls.key_ring import specification_of, worker_keys
from cps.polls.models import CounterPass, Poll
from cps.polls.rules import CountKey, Lines, Method, OptionOrder
from cps.polls.services import counter, counting, course
from tests.support import factories, polls
from tests.support.fixtures import Clock
from tests.support.page import Page
from tests.support.site import Site

TWO = {"method": Method.APPROVAL, "most": 2}
RANKED = {"method": Method.RANKING, "most": 3}
CODE = re.compile(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}")


def rows() -> dict[str, int]:
    """Count the rows of every table."""
    counts = {
        table.name: db.session.scalar(db.select(db.func.count()).select_from(table)) or 0
        for table in db.metadata.sorted_tables
    }
    db.session.rollback()
    return counts


def voting(poll: Poll) -> str:
    return f"/polls/{poll.slug}/vote"


def signed_in(site: Site, account: Account | None = None) -> Site:
    return site.another().sign_in(account or polls.make_voter())


def check(visitor: Site, where: Poll | str, *choice: str, **more: object) -> Page:
    """Send marks as a browser does."""
    address = where if isinstance(where, str) else voting(where)
    return visitor.post_raw(address, {"choice": list(choice), **more})


def cast(visitor: Site, checked: Page) -> Page:
    """Send what the check page carries, as its button does."""
    form = next(form for form in checked.forms if "carried" in form.names)
    assert "Cast my vote" in form.buttons
    return visitor.post_raw(form.action, {"act": "cast", "carried": form.value("carried")})


def vote(visitor: Site, where: Poll | str, *choice: str, **more: object) -> Page:
    checked = check(visitor, where, *choice, **more)
    assert checked.heading == "Is this your vote?", checked.text
    return cast(visitor, checked)


def code_on(page: Page) -> str:
    found = CODE.findall("".join(page.text_of(".receipt-code").split()))
    assert len(found) == 1
    return str(found[0])


def box_of(poll: Poll, clock: Clock) -> list[tuple[str, ...]]:
    """Let the poll close and return the choices that are in its box."""
    slug = poll.slug
    clock.move(days=8)
    polls.work()
    closed = queries.get_poll(slug)
    return sorted(counting.choices(closed, worker_keys(closed)))


def test_a_vote_is_chosen_checked_and_cast_with_three_pages_and_lies_in_the_box(
    site: Site, clock: Clock
) -> None:
    poll, visitor = polls.make_poll(), signed_in(site)

    asked = visitor.get(voting(poll))
    checked = visitor.submit(asked, button="Check my vote", choice="park")
    done = visitor.submit(checked, button="Cast my vote")

    assert checked.all(".poll-chosen-label") == ["1. Park"]
    assert (done.status, done.heading) == (200, "Your vote is in")
    assert done.redirects == []
    assert code_on(done) == code_on(checked)
    assert done.has("You need not keep this. Nobody may ask you for it.")
    assert "<svg" in done.html
    assert box_of(poll, clock) == [("park",)]


def test_the_places_of_a_ranking_have_the_same_names_when_they_are_checked(site: Site) -> None:
    poll, visitor = polls.make_poll(method=Method.RANKING, most=3), signed_in(site)

    checked = visitor.submit(voting(poll), button="Check my vote", choice=["pool", "park", ""])

    assert checked.all(".poll-rank") == ["First choice", "Second choice"]


@pytest.mark.parametrize(("lines", "said"), [(Lines.FULL, True), (Lines.COUNTS, False)])
def test_a_recount_is_promised_to_everybody_only_where_everybody_gets_the_ballots(
    site: Site, lines: Lines, said: bool
) -> None:
    poll = polls.make_poll(lines=lines, key=CountKey.REGISTER)
    visitor = signed_in(site, polls.make_voter(factories.make_ward()))

    done = cast(visitor, check(visitor, poll, "park"))

    assert done.has("with all that is needed to recount it") is said
    assert done.has("the result is published")


def test_from_home_a_vote_takes_three_presses_besides_marking(site: Site) -> None:
    poll, visitor = polls.make_poll(), signed_in(site)

    asked = visitor.get(visitor.get("/").link("Vote – What first?"))
    checked = visitor.submit(asked, button="Check my vote", choice="pool")
    done = cast(visitor, checked)

    assert asked.path == voting(poll)
    assert done.heading == "Your vote is in"


def test_a_visitor_is_led_through_signing_in_and_back(site: Site) -> None:
    poll = polls.make_poll()

    page = site.get(voting(poll))

    assert page.path.startswith("/accounts/sign-in?next=")
    assert voting(poll) in page.form("/accounts/sign-in").value("next")


@pytest.mark.parametrize(
    ("columns", "choice", "shown", "kept"),
    [
        ({"method": Method.SINGLE}, ["pool"], ["2. Pool"], ("pool",)),
        ({"method": Method.SINGLE}, ["-"], [], ()),
        (TWO, ["school", "park"], ["1. Park", "3. School"], ("park", "school")),
        (TWO, ["-"], [], ()),
        (RANKED, ["school", "", "park"], ["3. School", "1. Park"], ("school", "park")),
        (RANKED, ["", "", "", "-"], [], ()),
        (
            {"method": Method.BUDGET, "budget": 100, "costs": [60, 40, 50]},
            ["pool", "park"],
            ["1. Park", "2. Pool"],
            ("park", "pool"),
        ),
        ({"method": Method.BUDGET, "budget": 100, "costs": [60, 40, 50]}, ["-"], [], ()),
    ],
)  # fmt: skip
def test_every_method_keeps_exactly_what_the_check_page_showed(
    site: Site,
    clock: Clock,
    columns: dict[str, Any],
    choice: list[str],
    shown: list[str],
    kept: tuple[str, ...],
) -> None:
    poll, visitor = polls.make_poll(**columns), signed_in(site)
    assert visitor.get(voting(poll)).status == 200

    checked = check(visitor, poll, *choice)
    done = cast(visitor, checked)

    assert checked.all(".poll-chosen-label") == shown
    assert checked.has("A blank vote: you take part and choose none of the options.") is (kept == ())
    assert done.heading == "Your vote is in"
    assert box_of(poll, clock) == [kept]


@pytest.mark.parametrize(
    ("columns", "choice", "message"),
    [
        ({}, [], "Choose an option, or the blank vote at the end."),
        ({}, ["", "  "], "Choose an option, or the blank vote at the end."),
        ({}, ["park", "-"], "You chose options and the blank vote."),
        ({}, ["park", "pool"], "You chose more than this poll allows: 1 too many."),
        ({}, ["castle"], "This poll does not have the option that was sent."),
        ({"method": Method.APPROVAL, "most": 2}, ["park", "pool", "school"], "1 too many."),
        ({"method": Method.APPROVAL, "most": 2}, ["park", "park"], "You gave one option twice."),
        ({"method": Method.RANKING, "most": 2}, ["park", "park"], "You gave one option twice."),
        (
            {"method": Method.BUDGET, "budget": 100, "costs": [60, 60, 50]},
            ["park", "pool"],
            "Your choice costs ₩20 more than there is.",
        ),
    ],
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_marks_that_are_no_ballot_come_back_with_what_is_wrong_and_change_nothing(
    site: Site, columns: dict[str, Any], choice: list[str], message: str
) -> None:
    poll, visitor = polls.make_poll(**columns), signed_in(site)
    before = rows()

    page = check(visitor, poll, *choice)

    assert page.status == 422
    assert any(message in text for text in page.all(".error-summary li"))
    kept = {mark for mark in choice if mark in {"park", "pool", "school", "-"}}
    checked = {node.attributes.get("value") for node in page.tree.css("input[name=choice][checked]")}
    selected = {node.attributes.get("value") for node in page.tree.css("select option[selected]")}
    assert kept <= checked | selected or "castle" in choice
    assert rows() == before


def decomposed(code: str) -> str:
    """Return a mark as a keyboard of some systems sends it, with something before that is only space."""
    return unicodedata.normalize("NFD", f"\u00a0{code}")


def test_the_option_of_another_poll_is_refused(site: Site) -> None:
    polls.make_poll(options=["harbour", "hill"])
    poll, visitor = polls.make_poll(), signed_in(site)
    before = rows()

    assert check(visitor, poll, "harbour").status == 422
    assert rows() == before


@pytest.mark.parametrize("spoil", [lambda code: f"{code}  ", lambda code: f"\t{code}\n", decomposed])
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_spaces_around_a_mark_and_its_unicode_form_do_not_matter(
    site: Site, clock: Clock, spoil: Callable[[str], str]
) -> None:
    poll = polls.make_poll()

    vote(signed_in(site), poll, spoil("park"))

    assert box_of(poll, clock) == [("park",)]


def test_change_leads_back_to_the_ballot_as_it_was_marked(site: Site) -> None:
    poll, visitor = polls.make_poll(method=Method.APPROVAL, most=2), signed_in(site)
    checked = check(visitor, poll, "park", "school")
    before = rows()

    page = visitor.submit(checked, button="Change")

    assert page.form(voting(poll)).values["choice"] == ["park", "school"]
    assert rows() == before


def test_the_very_same_form_sent_again_shows_the_same_receipt_and_counts_once(
    site: Site, clock: Clock
) -> None:
    poll, visitor = polls.make_poll(), signed_in(site)
    checked = check(visitor, poll, "park")
    first = cast(visitor, checked)
    before = rows()

    again = cast(visitor, checked)

    assert (again.status, again.heading) == (200, "Your vote is in")
    assert again.has("It was recorded before and counts once.")
    assert code_on(again) == code_on(first)
    assert rows() == before
    assert box_of(poll, clock) == [("park",)]


def test_a_lost_answer_is_repeated_even_after_the_close_when_the_ballot_is_in_the_ledger(
    site: Site, clock: Clock
) -> None:
    poll, visitor = polls.make_poll(), signed_in(site)
    checked = check(visitor, poll, "park")
    first = cast(visitor, checked)
    clock.move(days=8)
    polls.work()

    again = cast(visitor, checked)

    assert again.heading == "Your vote is in"
    assert code_on(again) == code_on(first)


def test_of_two_tabs_the_second_hears_that_one_vote_stands(site: Site, clock: Clock) -> None:
    poll, visitor = polls.make_poll(), signed_in(site)
    one, other = check(visitor, poll, "park"), check(visitor, poll, "pool")
    cast(visitor, one)
    before = rows()

    page = cast(visitor, other)

    assert (page.status, page.heading) == (409, "You have voted in this poll")
    assert rows() == before
    assert box_of(poll, clock) == [("park",)]


@pytest.mark.parametrize("choice", [[], ["pool"]])
def test_whoever_has_voted_finds_no_ballot_any_more(site: Site, choice: list[str]) -> None:
    poll, visitor = polls.make_poll(), signed_in(site)
    vote(visitor, poll, "park")
    before = rows()

    page = check(visitor, poll, *choice) if choice else visitor.get(voting(poll))

    assert page.heading == "You have voted in this poll"
    assert not page.tree.css("input[name=choice]")
    assert rows() == before


@pytest.mark.parametrize("spoil", [lambda text: text[:-3] + "abc", lambda _text: "", lambda text: text * 40])
def test_an_altered_check_page_is_refused(site: Site, spoil: Callable[[str], str]) -> None:
    poll, visitor = polls.make_poll(), signed_in(site)
    carried = check(visitor, poll, "park").form(voting(poll)).value("carried")
    before = rows()

    page = visitor.post_raw(voting(poll), {"act": "cast", "carried": spoil(carried)})

    assert (page.status, page.heading) == (409, "This was not your check page")
    assert rows() == before


def test_the_check_page_of_somebody_else_is_refused(site: Site) -> None:
    poll, visitor, other = polls.make_poll(), signed_in(site), signed_in(site)
    carried = check(other, poll, "park").form(voting(poll)).value("carried")
    before = rows()

    page = visitor.post_raw(voting(poll), {"act": "cast", "carried": carried})

    assert (page.status, page.heading) == (409, "This was not your check page")
    assert rows() == before


def test_the_check_page_of_another_poll_is_refused(site: Site) -> None:
    one, two, visitor = polls.make_poll(), polls.make_poll(), signed_in(site)
    carried = check(visitor, one, "park").form(voting(one)).value("carried")
    before = rows()

    page = visitor.post_raw(voting(two), {"act": "cast", "carried": carried})

    assert page.status == 409
    assert rows() == before


@pytest.mark.parametrize("late", [timedelta(0), timedelta(microseconds=1), timedelta(days=1)])
def test_what_was_checked_before_the_close_is_not_cast_after_it(
    site: Site, clock: Clock, late: timedelta
) -> None:
    poll, visitor = polls.make_poll(), signed_in(site)
    checked = check(visitor, poll, "park")
    assert poll.closes_at
    clock.set_to(poll.closes_at + late)
    before = rows()

    page = cast(visitor, checked)

    assert (page.status, page.heading) == (409, "This poll is closed")
    assert rows() == before


def test_a_moment_before_the_close_a_vote_is_cast(site: Site, clock: Clock) -> None:
    poll, visitor = polls.make_poll(), signed_in(site)
    checked = check(visitor, poll, "park")
    assert poll.closes_at
    clock.set_to(poll.closes_at - timedelta(microseconds=1))

    assert cast(visitor, checked).heading == "Your vote is in"


def test_before_the_opening_there_is_no_ballot(site: Site, clock: Clock) -> None:
    visitor = signed_in(site)
    poll = polls.make_poll(opens_at=clock.now + timedelta(days=1), closes_at=clock.now + timedelta(days=2))

    assert visitor.get(voting(poll)).heading == "This poll is not open yet"
    assert check(visitor, poll, "park").status == 409


def test_a_poll_declared_void_after_the_check_takes_no_vote(site: Site, clock: Clock) -> None:
    poll, visitor, by = polls.make_poll(), signed_in(site), factories.make_administrator()
    checked = check(visitor, poll, "park")
    with transaction():
        course.void(queries.lock_poll(poll.slug), by=by, at=clock.now, reason="The wrong map was printed.")
    before = rows()

    assert cast(visitor, checked).heading == "This poll is void"
    assert rows() == before


def test_a_suspended_poll_takes_no_vote(site: Site, clock: Clock) -> None:
    poll, visitor = polls.make_poll(), signed_in(site)
    checked = check(visitor, poll, "park")
    with transaction():
        course.suspend(queries.lock_poll(poll.slug), at=clock.now, text="")
    before = rows()

    assert cast(visitor, checked).heading == "Voting is interrupted"
    assert visitor.get(voting(poll)).heading == "Voting is interrupted"
    assert rows() == before


def test_without_its_keys_a_poll_takes_no_vote_and_says_so(site: Site, app: Flask) -> None:
    poll, visitor = polls.make_poll(), signed_in(site)
    key_files.destroy(app_keys_dir(), poll.slug, heads_public=specification_of(poll).keys.heads)
    before = rows()

    page = visitor.get(voting(poll))

    assert (page.status, page.heading) == (503, "Votes cannot be taken just now")
    assert rows() == before


@pytest.mark.parametrize(
    ("key", "words"),
    [
        (CountKey.PHONE, "What you prove now counts in polls that open later."),
        (CountKey.REGISTER, "With an identity document you can still vote at a counter until it closes."),
    ],
)
def test_nobody_is_sent_to_prove_what_had_to_be_proven_before_the_opening(
    site: Site, key: CountKey, words: str
) -> None:
    poll, visitor = polls.make_poll(key=key), signed_in(site)

    page = visitor.get(voting(poll))

    assert page.heading == "You cannot vote in this poll"
    assert page.has("It had to be proven before")
    assert page.has(words)
    assert page.all(".buttons a") == ["To the poll"]


def test_who_is_not_in_the_register_is_shown_the_way_into_it(site: Site, clock: Clock) -> None:
    until_the_close = clock.now + timedelta(days=7)
    poll, visitor = polls.make_poll(verified_before=until_the_close, key=CountKey.REGISTER), signed_in(site)
    before = rows()

    page, sent = visitor.get(voting(poll)), check(visitor, poll, "park")

    assert page.heading == sent.heading == "You cannot vote in this poll yet"
    way = visitor.get(page.link("Show that you are in the register"))
    assert way.path.startswith("/accounts/me/register?")
    assert way.link("To the poll") == f"/polls/{poll.slug}"
    assert rows() == before


@pytest.mark.parametrize(
    ("columns", "person", "words"),
    [
        ({"key": CountKey.PHONE}, {}, "one vote per phone number"),
        ({}, {"email_verified_at": None}, "of yours is proven"),
        ({}, {"created_at": "later", "email_verified_at": "later"}, "after the moment that this poll set"),
        ({"key": CountKey.REGISTER, "ward_codes": ["hill"]}, {"ward": "sea"}, "other wards than yours"),
        (
            {"key": CountKey.REGISTER, "age_from": 16},
            {"ward": "hill", "born_on": date(2015, 1, 1)},
            "younger",
        ),
        ({"key": CountKey.REGISTER, "age_to": 70}, {"ward": "hill", "born_on": date(1940, 1, 1)}, "older"),
        ({"key": CountKey.REGISTER, "ward_codes": ["hill"]}, {}, "you have not shown yet that you are"),
    ],
)
def test_each_reason_not_to_be_able_to_vote_has_its_own_sentence_and_changes_nothing(
    site: Site, clock: Clock, columns: dict[str, Any], person: dict[str, Any], words: str
) -> None:
    wards = {code: factories.make_ward(code) for code in ("hill", "sea")}
    poll = polls.make_poll(**columns)
    clock.move(hours=1)
    filled: dict[str, Any] = {
        name: clock.now if value == "later" else value for name, value in person.items()
    }
    visitor = signed_in(site, polls.make_voter(wards.get(filled.pop("ward", "")), **filled))
    before = rows()

    page, sent = visitor.get(voting(poll)), check(visitor, poll, "park")
    shown = visitor.get(f"/polls/{poll.slug}")

    assert sent.status == 422
    assert page.has(words)
    assert sent.has(words)
    assert shown.has(words)
    assert not page.tree.css("input[name=choice]")
    assert rows() == before


def test_a_declared_poll_asks_ward_and_age_and_counts_the_vote_in_their_cell(site: Site) -> None:
    factories.make_ward("hill")
    poll = polls.make_poll(is_declared=True, ward_codes=["hill"], age_from=16)
    visitor = signed_in(site)

    missing = check(visitor, poll, "park")
    checked = visitor.submit(voting(poll), choice="park", ward="hill", age="34")
    done = cast(visitor, checked)

    assert missing.status == 422
    assert missing.has("Choose the ward you live in.")
    assert missing.has("Write your age as a number, such as 34.")
    assert checked.has("34")
    assert done.heading == "Your vote is in"
    assert list(queries.on_roll_by_cell(poll.id)) == ["hill|30"]


@pytest.mark.parametrize(("ward", "age"), [("sea", "34"), ("hill", "12")])
def test_who_declares_to_be_somebody_else_than_the_poll_is_for_cannot_vote(
    site: Site, ward: str, age: str
) -> None:
    factories.make_ward("hill"), factories.make_ward("sea")
    poll = polls.make_poll(is_declared=True, ward_codes=["hill"], age_from=16)
    visitor, before = signed_in(site), rows()

    page = check(visitor, poll, "park", ward=ward, age=age)

    assert (page.status, page.heading) == (422, "You cannot vote in this poll")
    assert rows()["voter_roll"] == before["voter_roll"] == 0


def test_shuffled_options_have_one_order_for_a_voter_and_another_for_others(site: Site) -> None:
    letters = [f"o{number}" for number in range(12)]
    poll = polls.make_poll(options=letters, option_order=OptionOrder.SHUFFLED)

    def order(visitor: Site) -> list[str]:
        nodes = visitor.get(voting(poll)).tree.css("input[name=choice]")
        return [str(node.attributes["value"]) for node in nodes]

    voters = [signed_in(site) for _number in range(3)]
    orders = [order(visitor) for visitor in voters]

    assert [order(visitor) for visitor in voters] == orders
    assert len({tuple(one) for one in orders}) > 1
    assert all(sorted(one) == sorted([*letters, "-"]) and one[-1] == "-" for one in orders)


def test_neither_choice_nor_code_stands_in_an_address_a_cookie_or_a_header(site: Site) -> None:
    poll, visitor = polls.make_poll(), signed_in(site)
    checked = check(visitor, poll, "school")
    done = cast(visitor, checked)
    code = code_on(done)

    for page in (checked, done):
        told = f"{page.path} {page.response.headers} {visitor.cookie('cps')}"
        assert code not in told
        assert code.replace("-", "") not in told
        assert "school" not in told
        assert page.header("Cache-Control") == "no-store"
        assert not any(code in address or "school" in address for address in page.links.values())
    assert not any(code.replace("-", "") in statement for statement in visitor.statements)


def test_ten_thousand_codes_differ() -> None:
    codes = {receipt.new_code() for _number in range(10_000)}

    assert len(codes) == 10_000
    assert all(receipt.is_code(code) for code in codes)


def test_two_check_pages_of_one_choice_have_two_codes(site: Site) -> None:
    poll, visitor = polls.make_poll(), signed_in(site)

    assert code_on(check(visitor, poll, "park")) != code_on(check(visitor, poll, "park"))


@pytest.fixture
def at_the_counter(site: Site, clock: Clock) -> tuple[Poll, str, Site]:
    """An open poll, the address of a pass for somebody of the register, and the counter's screen."""
    ward = factories.make_ward()
    poll, by = polls.make_poll(key=CountKey.REGISTER), factories.make_agent()
    voter = polls.make_voter(ward)
    with transaction():
        ticket = counter.issue_pass(poll, polls.voter_of(poll, voter), by=by, at=clock.now)
    return poll, f"/polls/{poll.slug}/counter/{ticket}", site.another()


def passes() -> int:
    return db.session.scalar(db.select(db.func.count()).select_from(CounterPass)) or 0


def test_at_the_counter_a_pass_gives_one_vote_and_the_screen_keeps_nothing(
    at_the_counter: tuple[Poll, str, Site], clock: Clock
) -> None:
    poll, address, screen = at_the_counter

    checked = screen.submit(address, button="Check my vote", choice="pool")
    code, done = code_on(checked), cast(screen, checked)

    assert (done.status, done.heading) == (200, "Thank you. Your vote is in")
    assert done.has("Please give the screen back now.")
    assert code not in done.html
    assert done.header("Cache-Control") == checked.header("Cache-Control") == "no-store"
    assert passes() == 0
    assert box_of(poll, clock) == [("pool",)]


def test_a_used_pass_gives_no_ballot_and_the_same_cast_again_is_no_second_vote(
    at_the_counter: tuple[Poll, str, Site],
) -> None:
    poll, address, screen = at_the_counter
    checked = check(screen, address, "pool")
    other = check(screen, address, "park")
    cast(screen, checked)
    before = rows()

    again, another, opened = cast(screen, checked), cast(screen, other), screen.get(address)

    assert again.heading == "Thank you. Your vote is in"
    assert another.heading == opened.heading == "This screen has no vote to give any more"
    assert (another.status, opened.status) == (404, 404)
    assert rows() == before
    assert queries.balance(poll.id) == queries.Balance(roll=1, inbox=1, box=0)


def test_a_pass_that_lapsed_between_check_and_cast_gives_no_vote(
    at_the_counter: tuple[Poll, str, Site], clock: Clock
) -> None:
    _poll, address, screen = at_the_counter
    checked = check(screen, address, "pool")
    clock.move(minutes=15)
    before = rows()

    assert cast(screen, checked).status == 404
    assert rows() == before


def test_a_pass_is_good_for_its_own_poll_only(at_the_counter: tuple[Poll, str, Site]) -> None:
    poll, address, screen = at_the_counter
    other = polls.make_poll()
    before = rows()

    page = screen.get(address.replace(poll.slug, other.slug))

    assert page.status == 404
    assert rows() == before


def test_the_check_page_of_another_pass_is_refused(
    at_the_counter: tuple[Poll, str, Site], clock: Clock
) -> None:
    poll, address, screen = at_the_counter
    voter, by = polls.voter_of(poll, polls.make_voter(factories.make_ward())), factories.make_agent()
    with transaction():
        ticket = counter.issue_pass(poll, voter, by=by, at=clock.now)
    second = f"/polls/{poll.slug}/counter/{ticket}"
    carried = check(screen, second, "pool").form(second).value("carried")
    before = rows()

    assert screen.post_raw(address, {"act": "cast", "carried": carried}).status == 409
    assert rows() == before
