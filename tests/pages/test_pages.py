"""Home, pages of plain words, languages, and what programs ask for."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from cps.cases.rules import Outcome, Status
from cps.core.db import transaction
from cps.core.models import City
from tests.accounts.support import account_of
from tests.support.factories import make_category, make_complaint, make_department, make_resident, make_ward
from tests.support.fixtures import WEDNESDAY
from tests.support.site import Site

ANN = "ann@example.org"


def change_city(**values: object) -> None:
    with transaction() as session:
        session.execute(update(City).values(version=City.version + 1, **values))


def closed(title: str, *, days: int, outcome: Outcome = Outcome.FIXED, **more: object) -> None:
    at = WEDNESDAY - timedelta(days=days)
    make_complaint(Status.CLOSED, outcome=outcome, title=title, at=at, closed_at=WEDNESDAY, **more)


def test_home_leads_to_the_main_things(site: Site) -> None:
    change_city(phone="+82 59-555-0120", emergency_phone="112")

    page = site.get("/")

    assert page.heading == "What should your city know?"
    links = set(page.links.values())
    assert {"/complaints/new", "/complaints", "tel:112", "tel:+8259-555-0120", "/accounts/sign-in"} <= links


def test_home_finds_a_case_by_its_number(site: Site) -> None:
    make_complaint()
    case = make_complaint(title="Lamp by the gate")

    page = site.submit("/", reference=case.reference)

    assert page.heading == "Lamp by the gate"


def test_home_shows_what_was_just_answered_and_how_fast(site: Site) -> None:
    ward = make_ward()
    closed("Lamp by the gate", days=2, ward=ward, category=make_category("Street light"))
    closed("When does the pool open?", days=1, outcome=Outcome.ANSWERED)
    closed("Bin is full", days=0)
    make_complaint(title="Still open")

    page = site.get("/")

    assert page.all(".case-title") == ["Bin is full", "When does the pool open?", "Lamp by the gate"]
    assert page.all(".status") == ["Fixed on the same day", "Answered in 1 day", "Fixed in 2 days"]
    assert page.all(".case-meta")[2] == f"{ward.name['en']} · Street light"


def test_home_shows_nothing_private_hidden_or_refused(site: Site) -> None:
    closed("Private", days=1, is_private=True)
    closed("Hidden", days=1, is_hidden=True)
    closed("Not ours", days=1, outcome=Outcome.NOT_OURS)

    page = site.get("/")

    assert page.all(".case-title") == []
    assert page.has("Nothing yet")


def test_home_does_not_call_just_answered_what_an_earlier_system_closed_long_ago(site: Site) -> None:
    make_complaint(
        Status.CLOSED, outcome=Outcome.FIXED, title="Of 2011", closed_at=WEDNESDAY - timedelta(days=91)
    )
    closed("Of today", days=1)

    assert site.get("/").all(".case-title") == ["Of today"]


def test_home_shows_no_more_than_four(site: Site) -> None:
    for number in range(6):
        closed(f"No. {number}", days=number)

    assert len(site.get("/").all(".case-title")) == 4


def test_home_is_answered_with_304_until_something_changes(site: Site) -> None:
    case = make_complaint()
    tag = site.get("/").header("ETag")
    again = {"If-None-Match": tag}
    assert site.get("/", headers=again).status == 304

    with transaction() as session:
        session.get_one(type(case), case.id).updated_at = WEDNESDAY + timedelta(minutes=1)

    assert site.get("/", headers=again).status == 200


def test_home_of_somebody_signed_in_is_never_kept(site: Site) -> None:
    site.sign_in(make_resident())

    page = site.get("/")

    assert page.header("Cache-Control") == "no-store"
    assert page.header("ETag") == ""


@pytest.mark.bare_database
def test_before_there_is_a_city_home_says_what_to_do(site: Site) -> None:
    page = site.get("/")

    assert page.heading == "No city yet"
    assert page.has("cps init")


@pytest.mark.parametrize(
    "path", ["/about", "/privacy", "/accessibility", "/language", "/text-size", "/components"]
)
@pytest.mark.first_case("the cases differ in their wording")
def test_pages_of_plain_words_are_there_for_everybody(site: Site, path: str) -> None:
    assert site.get(path).status == 200
    assert site.sign_in(make_resident()).get(path).status == 200


def test_about_names_who_answers(site: Site) -> None:
    make_department("Roads")
    make_department("Closed office", is_active=False)

    page = site.get("/about")

    assert page.has("Roads")
    assert not page.has("Closed office")


@pytest.mark.settings(tile_url="https://{s}.tiles.example/{z}/{x}/{y}.png")
def test_privacy_names_the_server_of_the_map(site: Site) -> None:
    assert site.get("/privacy").has("come from tiles.example, which")


def test_privacy_names_nobody_where_no_other_server_is_asked(site: Site) -> None:
    assert not site.get("/privacy").has("pictures under the map")


def test_a_chosen_language_is_kept_in_a_cookie_and_leads_back(site: Site) -> None:
    page = site.get("/about")
    page = site.get(page.value_of(".bar-tool", "href") or "")
    page = site.submit(page, button="한국어")

    assert page.path == "/about"
    assert page.value_of("html", "lang") == "ko"
    assert site.cookie("lang") == "ko"
    assert site.get("/").value_of("html", "lang") == "ko"


def test_a_chosen_language_is_kept_in_the_account(site: Site) -> None:
    make_resident(language="en")
    site.sign_in(make_resident(email=ANN, language="en"))

    page = site.submit("/language", button="한국어")

    assert page.value_of("html", "lang") == "ko"
    assert account_of(ANN).language == "ko"


@pytest.mark.parametrize("language", ["", "xx", "ko\r\nSet-Cookie: x=1", "EN", "../ko"])
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_a_language_the_city_does_not_speak_changes_nothing(site: Site, language: str) -> None:
    page = site.post_raw("/language", {"language": language})

    assert page.status == 200
    assert site.cookie("lang") is None


@pytest.mark.parametrize(
    "elsewhere", ["//evil.example", "/\\evil.example", "https://evil.example", "/%2f/evil.example"]
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_choosing_a_language_never_leads_to_another_site(site: Site, elsewhere: str) -> None:
    assert site.get("/language", query_string={"next": elsewhere}).value_of("[name=next]") == ""

    page = site.post_raw("/language", {"language": "ko", "next": elsewhere}, follow=False)

    assert page.header("Location") == "/"


def test_the_citys_colour_has_a_style_sheet_that_may_be_kept(site: Site) -> None:
    change_city(accent="#a3262a")
    address = site.get("/").value_of('link[href^="/city.css"]', "href")

    page = site.get(address or "")

    assert page.response.mimetype == "text/css"
    assert "immutable" in page.header("Cache-Control")
    assert "--accent: #a3262a" in page.data.decode()


def test_without_a_colour_of_its_own_the_city_has_no_style_sheet(site: Site) -> None:
    change_city(accent="")

    assert site.get("/city.css").status == 404
    assert "city.css" not in site.get("/").html


@pytest.mark.parametrize(
    ("path", "words"), [("/healthz", b"ok"), ("/readyz", b"ready"), ("/robots.txt", b"Disallow: /accounts/")]
)
@pytest.mark.first_case("the cases differ in their wording")
def test_programs_are_answered_plainly(site: Site, path: str, words: bytes) -> None:
    page = site.get(path)

    assert (page.status, page.response.mimetype) == (200, "text/plain")
    assert words in page.data


@pytest.mark.empty_database
def test_health_needs_no_table(site: Site) -> None:
    assert site.get("/healthz").status == 200
