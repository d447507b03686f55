"""The page of one's own proof, and the check at a counter."""

from datetime import timedelta

import pytest

from cps.core.db import db
from cps.core.models import AccessRow
from cps.residents.models import CounterCode
from cps.residents.rules import LETTER_TRIES
from tests.residents.steps import BORN, CODE, entries, make_entry, make_proof, owner
from tests.support.factories import make_agent, make_resident, make_ward
from tests.support.fixtures import WEDNESDAY, Clock
from tests.support.page import Page
from tests.support.site import Site

OWN = "/accounts/me/register"
COUNTER = "/contact/identity"
VERIFY = "/contact/identity/verify"
WRITTEN = "K7QF-9XTM-P2JD"
NUMBER = "900517-1234567"


def prove(site: Site, code: str = WRITTEN, born_on: str = "1990-05-17") -> Page:
    return site.submit(site.get(OWN), form=OWN, code=code, born_on=born_on)


def open_account(clerk: Site, who: str) -> Page:
    return clerk.submit(COUNTER, who=who)


def test_a_letter_proves_it_and_the_page_says_so(site: Site) -> None:
    ann, ward = make_resident(), make_ward(name={"en": "Harbour"})
    entry = make_entry(code=CODE, ward=ward)
    make_entry(code="0123456789AB")

    page = prove(site.sign_in(ann), "k7qf 9xtm p2jd")

    assert owner(entry) == ann.id
    assert page.heading == "You are in the register"
    assert page.has("It is proven")
    assert page.has("Harbour")
    assert site.get("/accounts/me").has("You are in it")


def test_a_birth_date_is_typed_as_people_write_it_and_an_unclear_one_is_told(site: Site) -> None:
    ann, entry = make_resident(), make_entry(code=CODE)
    site.sign_in(ann)

    unclear = prove(site, born_on="05/06/1990")
    assert unclear.status == 422
    assert unclear.has("Which is the day, which the month? Write the year first, like 1990-05-17.")
    assert unclear.value_of("#born_on") == "05/06/1990"
    assert unclear.value_of("#born_on", "type") == "text"
    prove(site, born_on="17.5.1990")

    assert owner(entry) == ann.id


def test_who_came_from_a_poll_is_led_back_to_it(site: Site) -> None:
    make_entry(code=CODE)
    site.sign_in(make_resident())
    start = site.get(f"{OWN}?next=/polls/new-park")
    wrong = site.submit(start, form=OWN, code=WRITTEN, born_on="1991-01-01")

    page = site.submit(wrong, form=OWN, code=WRITTEN, born_on="1990-05-17")

    assert start.link("To the poll") == wrong.link("To the poll") == "/polls/new-park"
    assert page.link("Back to the poll") == "/polls/new-park"


@pytest.mark.parametrize("wanted", ["https://evil.example/polls/x", "//evil.example", "/\\evil.example"])
def test_nobody_is_led_elsewhere_after_a_proof(site: Site, wanted: str) -> None:
    make_entry(code=CODE)
    site.sign_in(make_resident())

    fields = {"code": WRITTEN, "born_on": "1990-05-17", "next": wanted}
    page = site.post_raw(OWN, fields)

    assert page.heading == "You are in the register"
    assert not any("evil" in address for address in page.links.values())


def test_the_page_says_what_is_stored(site: Site) -> None:
    page = site.sign_in(make_resident()).get(OWN)

    assert page.has("the number itself is not stored")
    assert page.has("It cannot be given to another account")


def test_wrong_code_wrong_birth_date_and_used_code_are_answered_alike(site: Site) -> None:
    make_entry(code=CODE)
    used = make_entry(code="0123456789AB")
    prove(site.another().sign_in(make_resident()), "0123456789AB")
    assert owner(used)
    site.sign_in(make_resident())

    pages = [
        prove(site, "0000-0000-0000"),
        prove(site, born_on="1990-05-18"),
        prove(site, "0123-4567-89AB"),
    ]

    assert {page.status for page in pages} == {422}
    assert len({page.text_of(".error-summary") for page in pages}) == 1


def test_what_was_typed_stands_there_after_a_refusal(site: Site) -> None:
    page = prove(site.sign_in(make_resident()), born_on="1990-05-18")

    assert (page.value_of("#code"), page.value_of("#born_on")) == (WRITTEN, "1990-05-18")


def test_a_letter_that_lapsed_is_said_to_be_too_old(site: Site) -> None:
    make_entry(code=CODE, made_at=WEDNESDAY - timedelta(days=60))

    assert prove(site.sign_in(make_resident())).has("This letter is too old.")


def test_a_letter_that_was_tried_too_often_is_said_not_to_work_any_more(site: Site) -> None:
    entry = make_entry(code=CODE)
    site.sign_in(make_resident())
    for _try in range(LETTER_TRIES):
        prove(site, born_on="1990-05-18")

    page = prove(site)

    assert page.has("does not work any more")
    assert owner(entry) is None


def test_a_person_that_another_account_has_proven_leads_to_a_page_that_says_what_to_do(site: Site) -> None:
    first = make_resident(display_name="Ann Unsaid", email="ann.unsaid@testford.test")
    entry = make_entry(code=CODE)
    make_proof(entry, first)

    page = prove(site.sign_in(make_resident()))

    assert page.status == 409
    assert page.heading == "Another account has proven this"
    assert page.has("Sign in to that one")
    assert "unsaid" not in page.html.lower()
    assert owner(entry) == first.id


@pytest.mark.settings(rate_limits=True)
def test_tries_with_letters_are_limited_for_an_account_on_every_device(site: Site) -> None:
    ann = make_resident()
    entry = make_entry(code=CODE)
    for _try in range(15):
        assert prove(site.another().sign_in(ann), "0000-0000-0000").status == 422

    page = prove(site.sign_in(ann))

    assert page.status == 429
    assert page.header("Retry-After")
    assert page.value_of("#code") == WRITTEN
    assert owner(entry) is None
    assert prove(site.another().sign_in(make_resident())).status == 200


def test_who_has_proven_it_already_only_sees_so(site: Site) -> None:
    ann, second = make_resident(), make_entry(code=CODE)
    make_proof(make_entry(), ann)
    site.sign_in(ann)

    page = site.post_raw(OWN, {"code": WRITTEN, "born_on": "1990-05-17"})

    assert (page.status, page.heading) == (200, "You are in the register")
    assert owner(second) is None


def test_who_has_left_the_register_is_told(site: Site) -> None:
    ann = make_resident()
    make_proof(make_entry(gone_at=WEDNESDAY), ann)

    assert site.sign_in(ann).get(OWN).heading == "You have left the register"


def digits_of(site: Site) -> str:
    return site.submit(site.get(OWN), form=f"{OWN}/code").text_of(".big-code")


def test_the_digits_for_the_counter_are_shown_once_and_not_kept(site: Site) -> None:
    site.sign_in(make_resident())

    code = digits_of(site)

    assert len(code.replace(" ", "")) == 6
    assert site.page
    assert "no-store" in site.page.header("Cache-Control")
    row = db.session.scalars(db.select(CounterCode)).one()
    assert code.replace(" ", "") not in row.code_hash
    assert not site.get(OWN).has(code)


@pytest.mark.parametrize("by_digits", [True, False])
def test_a_clerk_opens_an_account_by_address_or_digits_and_verifies_it(site: Site, by_digits: bool) -> None:
    ann = make_resident(display_name="Ann Lee", email="ann@testford.test")
    entry = make_entry(register_number=NUMBER)
    make_entry()
    who = digits_of(site.sign_in(ann)) if by_digits else " ANN@testford.test "
    clerk = site.another().sign_in(make_agent())

    page = open_account(clerk, who)
    assert page.has("Ann Lee")
    done = clerk.submit(page, form=VERIFY, number=NUMBER, born_on="1990-05-17")

    assert done.has("The account has the identity of the register now.")
    assert owner(entry) == ann.id
    assert site.sign_in(ann).get("/accounts/me/data").has("Times your contact data was opened")


def test_opening_an_account_leaves_a_row_that_its_owner_sees(site: Site) -> None:
    ann, clerk = make_resident(email="ann@testford.test"), make_agent()

    open_account(site.sign_in(clerk), "ann@testford.test")

    row = db.session.scalars(db.select(AccessRow)).one()
    assert (row.actor_id, row.subject_id) == (clerk.id, ann.id)


def test_digits_older_than_fifteen_minutes_open_nothing(site: Site, clock: Clock) -> None:
    code = digits_of(site.sign_in(make_resident()))
    clerk = site.another().sign_in(make_agent())
    clock.move(minutes=15)

    page = open_account(clerk, code)

    assert page.status == 422
    assert page.has("There is no such account")


def test_a_clerk_does_not_open_their_own_account(site: Site) -> None:
    clerk = make_agent(email="clerk@testford.test")

    page = open_account(site.sign_in(clerk), "clerk@testford.test")

    assert page.status == 422
    assert page.has("You cannot verify your own account.")


def test_what_the_clerk_typed_stands_there_after_a_refusal(site: Site) -> None:
    make_resident(email="ann@testford.test")
    entry = make_entry(register_number=NUMBER)
    page = open_account(site.sign_in(make_agent()), "ann@testford.test")

    page = site.submit(page, form=VERIFY, number=NUMBER, born_on="1991-05-17")

    assert page.status == 422
    assert page.has("The register has another birth date for this number.")
    assert page.value_of("#number") == NUMBER
    assert owner(entry) is None
    assert site.submit(page, form=VERIFY, born_on="1990-05-17").status == 200
    assert owner(entry)


def test_without_a_register_the_clerk_chooses_the_ward(site: Site) -> None:
    make_resident(email="ann@testford.test")
    ward = make_ward("harbour")
    page = open_account(site.sign_in(make_agent()), "ann@testford.test")

    page = site.submit(page, form=VERIFY, number=NUMBER, born_on="1990-05-17")
    assert (page.status, page.has("Choose the ward")) == (422, True)
    site.submit(page, form=VERIFY, ward="harbour")

    assert [(entry.ward_id, entry.born_on) for entry in entries()] == [(ward.id, BORN)]


def test_the_account_that_was_opened_cannot_be_changed_for_another(site: Site) -> None:
    ann = make_resident(email="ann@testford.test")
    entry = make_entry(register_number=NUMBER)
    other = open_account(site.another().sign_in(make_agent()), "ann@testford.test")
    stolen = other.form(VERIFY).value("person")
    fields = {"number": NUMBER, "born_on": "1990-05-17"}
    site.sign_in(make_agent())

    for person in (stolen, str(ann.id), "", "x" * 5_000, "gAAAAA", "\0"):
        page = site.post_raw(VERIFY, {**fields, "person": person})
        assert page.path == COUNTER

    assert owner(entry) is None


def test_an_account_that_was_opened_long_ago_is_opened_anew(site: Site, clock: Clock) -> None:
    make_resident(email="ann@testford.test")
    entry = make_entry(register_number=NUMBER)
    page = open_account(site.sign_in(make_agent()), "ann@testford.test")
    clock.move(minutes=16)

    again = site.submit(page, form=VERIFY, number=NUMBER, born_on="1990-05-17")

    assert again.has("Please begin again.")
    assert owner(entry) is None


def test_an_account_that_is_verified_already_asks_for_nothing(site: Site) -> None:
    ann = make_resident(email="ann@testford.test")
    make_proof(make_entry(), ann)

    page = open_account(site.sign_in(make_agent()), "ann@testford.test")

    assert page.has("There is nothing to do.")
    assert VERIFY not in [form.action for form in page.forms]


def test_pressing_twice_at_the_counter_says_that_it_is_done(site: Site) -> None:
    make_resident(email="ann@testford.test")
    make_entry(register_number=NUMBER)
    page = open_account(site.sign_in(make_agent()), "ann@testford.test")
    site.submit(page, form=VERIFY, number=NUMBER, born_on="1990-05-17")

    again = site.submit(page, form=VERIFY, number=NUMBER, born_on="1990-05-17")

    assert again.has("This account has shown already that its owner is in the register.")


def test_only_clerks_are_shown_the_way_to_the_counter(site: Site) -> None:
    assert "Check who somebody is" not in site.sign_in(make_resident()).get("/accounts/me").text
    assert "Check who somebody is" in site.another().sign_in(make_agent()).get("/accounts/me").text


ODD = {
    "empty": "",
    "spaces": "   \t\n ",
    "a million signs": "x" * 1_000_000,
    "nul": "a\0b",
    "emoji": "👩‍👩‍👧‍👦🏳️‍🌈",
    "right to left override": "\u202eK7QF9XTMP2JD\u202c",
    "surrogate": "K7QF\\ud800",
    "markup": '"><script>alert(1)</script>',
    "sql": "' OR 1=1 --",
    "lines": "1990-05-17\r\nBcc: bob@example.org",
    "piled marks": "a" + "\u0301" * 5_000,
    "number": "9" * 400,
    "percent": "100 % %s",
}
FORMS = {OWN: ("code", "born_on"), COUNTER: ("who",), VERIFY: ("person", "number", "born_on", "ward")}


@pytest.mark.parametrize("path", FORMS)
def test_the_forms_take_odd_input_calmly(site: Site, path: str) -> None:
    site.sign_in(make_agent())
    for what, value in ODD.items():
        page = site.post_raw(path, dict.fromkeys(FORMS[path], value))

        assert page.status in {200, 422}, what
        assert "<script>alert" not in page.html


def test_the_document_takes_odd_input_calmly(site: Site) -> None:
    make_resident(email="ann@testford.test")
    page = open_account(site.sign_in(make_agent()), "ann@testford.test")
    person = page.form(VERIFY).value("person")
    for what, value in ODD.items():
        page = site.post_raw(
            VERIFY, {"person": person, **dict.fromkeys(("number", "born_on", "ward"), value)}
        )

        assert page.status == 422, what
    assert entries() == []


@pytest.mark.parametrize("path", FORMS)
def test_fields_of_wrong_kinds_are_answered(site: Site, path: str) -> None:
    site.sign_in(make_agent())
    names = FORMS[path]
    twice = {name: ["a", "b"] for name in names}
    arrays = {f"{name}[]": "a" for name in names}
    nothing: dict[str, str] = {}

    for fields in (twice, nothing, arrays):
        assert site.post_raw(path, fields).status in {200, 422}
