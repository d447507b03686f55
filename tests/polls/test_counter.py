"""The counter: who stands there, whether they may vote, the screen or paper; the officer sees no choice."""

from datetime import date
from typing import Any

import pytest

from cps.core import clock as real_clock
from cps.core.db import db, transaction
from cps.core.models import AuditRow
from cps.polls import queries
from cps.polls.models import BallotInbox, CounterPass, Poll, VoterRoll
from cps.polls.rules import CountKey, Method
from cps.residents.models import RegisterEntry
from cps.residents.queries import register_tag
from cps.wards.models import Ward
from tests.support import factories, polls
from tests.support.fixtures import Clock
from tests.support.page import Page, attribute
from tests.support.site import Site

NUMBER, BORN = "900517-1234567", "1990-05-17"


@pytest.fixture
def ward() -> Ward:
    return factories.make_ward()


@pytest.fixture
def officer(site: Site) -> Site:
    return site.sign_in(factories.make_agent())


def register(ward: Ward, number: str = NUMBER, born_on: date = date(1990, 5, 17)) -> None:
    factories.save(
        RegisterEntry(
            tag=register_tag(number), ward_id=ward.id, born_on=born_on, imported_at=real_clock.now()
        )
    )


def make_poll(ward: Ward, **columns: Any) -> Poll:
    register(ward)
    return polls.make_poll("park", key=CountKey.REGISTER, **columns)


def identify(officer: Site, number: str = NUMBER, born_on: str = BORN) -> Page:
    return officer.submit("/polls/park/counter", number=number, born_on=born_on)


def handed_over(officer: Site) -> Page:
    return officer.submit(identify(officer), form="/polls/park/counter/pass")


def count(table: Any) -> int:
    return db.session.scalar(db.select(db.func.count()).select_from(table)) or 0


def test_a_pass_is_given_without_a_row_on_the_roll(officer: Site, ward: Ward) -> None:
    make_poll(ward)

    screen = handed_over(officer)

    assert screen.header("Cache-Control") == "no-store"
    assert officer.another().get(screen.link("Hand over the screen")).has("Park")
    assert (count(CounterPass), count(VoterRoll)) == (1, 0)


def test_a_pass_lets_exactly_one_ballot_in(officer: Site, ward: Ward) -> None:
    make_poll(ward)
    address = handed_over(officer).link("Hand over the screen")
    voter = officer.another()

    check = voter.submit(voter.get(address), choice=["pool"])
    voter.submit(check, button=check.forms[0].buttons[0])

    assert (count(VoterRoll), count(BallotInbox), count(CounterPass)) == (1, 1, 0)
    assert identify(officer).has("stands on the roll already")


def test_the_clerk_is_told_to_recommend_the_screen(officer: Site, ward: Ward) -> None:
    make_poll(ward)

    page = identify(officer)

    assert page.has("Recommend this one: a vote at the screen lies among all the others.")
    assert page.has("Where few people vote on paper, it shows how these few voted")


def test_a_ballot_on_paper_marks_the_roll_and_ends_the_vote_on_screens(officer: Site, ward: Ward) -> None:
    poll = make_poll(ward)

    page = officer.submit(identify(officer), form="/polls/park/counter/paper")

    assert page.has("Hand out one ballot now.")
    assert queries.on_roll(poll.id, on_paper=True) == 1
    assert identify(officer).has("stands on the roll already")


def test_a_ballot_on_paper_is_marked_once_however_often_it_is_sent(officer: Site, ward: Ward) -> None:
    poll = make_poll(ward)
    offer = identify(officer)

    officer.submit(offer, form="/polls/park/counter/paper")
    again = officer.submit(offer, form="/polls/park/counter/paper")

    assert again.has("stands on the roll already")
    assert queries.on_roll(poll.id, on_paper=True) == 1


@pytest.mark.parametrize(
    ("number", "born_on"), [("900517-7654321", BORN), (NUMBER, "1990-05-18"), ("", BORN), (NUMBER, "May")]
)
def test_who_is_not_in_the_register_is_not_offered_a_vote(
    officer: Site, ward: Ward, number: str, born_on: str
) -> None:
    make_poll(ward)

    page = identify(officer, number, born_on)

    assert page.status == 422
    assert page.value_of("#number") == number
    assert "person" not in {name for form in page.forms for name in form.names}


def test_it_is_said_why_somebody_may_not_vote(officer: Site, ward: Ward) -> None:
    make_poll(ward, age_from=40)

    assert identify(officer).has("younger than this poll asks for")


def test_neither_number_nor_birth_date_stands_in_a_row(officer: Site, ward: Ward) -> None:
    make_poll(ward)
    handed_over(officer)
    identify(officer)

    rows = db.session.scalars(db.select(AuditRow)).all()
    told = "".join(f"{row.action} {row.object_id} {row.changes}" for row in rows)
    assert {"look-up-voter", "issue-counter-pass"} <= {row.action for row in rows}
    for secret in (NUMBER, "9005171234567", BORN, register_tag(NUMBER)):
        assert secret not in told


def test_a_person_identified_by_one_officer_is_not_passed_on_by_another(officer: Site, ward: Ward) -> None:
    make_poll(ward)
    person = identify(officer).value_of("form[action$='/pass'] input[name=person]")
    other = officer.another().sign_in(factories.make_agent())

    page = other.post_raw("/polls/park/counter/pass", {"person": person or ""})

    assert page.has("Please identify the person again")
    assert count(CounterPass) == 0


def test_an_offer_lapses_after_a_quarter_of_an_hour(officer: Site, ward: Ward, clock: Clock) -> None:
    make_poll(ward)
    offer = identify(officer)
    clock.move(minutes=16)

    page = officer.submit(offer, form="/polls/park/counter/paper")

    assert page.has("Please identify the person again")
    assert count(VoterRoll) == 0


def test_a_poll_that_counts_otherwise_takes_no_votes_here(officer: Site) -> None:
    polls.make_poll("park")

    page = officer.get("/polls/park/counter")

    assert page.has("Only polls that count by the register")
    assert not page.all("#number")


def test_a_closed_poll_takes_no_votes_here(officer: Site, ward: Ward, clock: Clock) -> None:
    make_poll(ward)
    offer = identify(officer)
    clock.move(days=8)

    desk = officer.get("/polls/park/counter")
    assert desk.has("Votes were taken until")
    assert not desk.has("No vote of yours")
    assert count(VoterRoll) == 0
    late = officer.submit(offer, form="/polls/park/counter/paper")
    assert late.has("Please identify the person again")


@pytest.mark.settings(rate_limits=True)
def test_an_officer_looks_up_so_many_an_hour(officer: Site, ward: Ward) -> None:
    from cps.polls.views.counter import OF_CLERK

    make_poll(ward)
    for _time in range(OF_CLERK.times):
        identify(officer, "000", BORN)

    page = identify(officer)

    assert page.status == 429
    assert page.value_of("#number") == NUMBER


@pytest.mark.parametrize("role", ["resident", "moderator", "integrity_officer"])
@pytest.mark.first_case("who may do what is decided by the program")
def test_nobody_else_stands_behind_the_counter(site: Site, ward: Ward, role: str) -> None:
    make_poll(ward)
    site.sign_in(getattr(factories, f"make_{role}")())

    assert site.get("/polls/park/counter").status == 404


def on_paper(officer: Site, ward: Ward, clock: Clock, **columns: Any) -> Poll:
    """Return a closed poll with three votes on paper."""
    make_poll(ward, **columns)
    for number in ("A-1", "A-2", "A-3"):
        register(ward, number)
        officer.submit(identify(officer, number), form="/polls/park/counter/paper")
    clock.move(days=8)
    polls.work()
    return queries.get_poll("park")


def enter(officer: Site, **numbers: str) -> Page:
    return officer.submit("/polls/park/counter/count", **numbers)


SAME = {"ballots": "3", "blank": "1", "count_park": "2", "count_pool": "0", "count_school": "0"}


def test_two_officers_who_agree_let_the_count_go_on(officer: Site, ward: Ward, clock: Clock) -> None:
    on_paper(officer, ward, clock)
    other = officer.another().sign_in(factories.make_agent())

    assert enter(officer, **SAME).has("Another officer must count too")
    page = enter(other, **SAME)

    assert page.has("Two officers counted the same")
    polls.work()
    assert queries.get_poll("park").state == "tallied"


def test_the_numbers_of_the_other_are_hidden_until_both_are_in(
    officer: Site, ward: Ward, clock: Clock
) -> None:
    on_paper(officer, ward, clock)
    other = officer.another().sign_in(factories.make_agent())
    enter(officer, **SAME)

    before = other.get("/polls/park/counter/count")
    after = enter(other, **{**SAME, "blank": "2", "count_park": "1"})

    assert before.has("Another officer has counted")
    assert {before.value_of(f"#{name}") for name in SAME} <= {"", None}
    assert after.has("The counts differ")
    assert after.has("Blank")
    assert queries.get_poll("park").state == "closed"


def test_a_count_that_does_not_match_the_roll_is_refused_and_kept(
    officer: Site, ward: Ward, clock: Clock
) -> None:
    on_paper(officer, ward, clock)

    page = enter(officer, **{**SAME, "ballots": "4", "count_park": "3"})

    assert page.status == 422
    assert page.has("The roll has 3 votes on paper, you counted 4.")
    assert page.value_of("#count_park") == "3"


def test_marks_that_cannot_be_are_refused(officer: Site, ward: Ward, clock: Clock) -> None:
    on_paper(officer, ward, clock)

    assert enter(officer, **{**SAME, "count_park": "9"}).status == 422
    assert enter(officer, **{**SAME, "count_park": ""}).status == 422
    assert enter(officer, **{**SAME, "count_park": "-1"}).status == 422


def test_each_missing_number_is_named_above_and_leads_to_its_field(
    officer: Site, ward: Ward, clock: Clock
) -> None:
    on_paper(officer, ward, clock)

    page = enter(officer, **{**SAME, "blank": "", "count_park": "", "count_school": "some"})

    assert page.all(".error-summary li") == [
        "Blank ones among them: Write a number, also 0.",
        "1. Park: Write a number, also 0.",
        "3. School: Write a whole number, such as 1200.",
    ]
    leads = [attribute(link, "href") for link in page.tree.css(".error-summary a")]
    assert leads == ["#blank", "#count_park", "#count_school"]
    assert page.text_of("label[for=count_park]") == "1. Park"


def test_rankings_on_paper_are_lines_of_numbers(officer: Site, ward: Ward, clock: Clock) -> None:
    poll = on_paper(officer, ward, clock, method=Method.RANKING, most=3)

    wrong = enter(officer, ballots="3", blank="0", rankings="2 1 = 2\n7 = 1")
    assert wrong.status == 422
    assert wrong.has("Line 2 cannot be read")
    enter(officer, ballots="3", blank="0", rankings="2 > 1 = 2\n3 = 1")

    totals = queries.latest_paper_counts(poll.id)[0].totals
    assert {(*row["choice"], row["count"]) for row in totals["rankings"]} == {
        ("pool", "park", 2),
        ("school", 1),
    }
    assert "2 1 = 2" in officer.get("/polls/park/counter/count").text_of("#rankings")


def test_nothing_is_counted_while_the_poll_is_open(officer: Site, ward: Ward) -> None:
    make_poll(ward)

    page = officer.post_raw("/polls/park/counter/count", dict(SAME))

    assert page.status == 422
    with transaction():
        assert queries.latest_paper_counts(queries.get_poll("park").id) == []
