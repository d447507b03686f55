"""The steps of filing a complaint: place, words, details; the draft that keeps them."""

from typing import Any

import pytest
from sqlalchemy import func, select

from cps.cases.models import Draft
from cps.complaints import services
from cps.complaints.views import drafts as visit_drafts
from cps.complaints.views.drafts import NEW_DRAFTS_OF_ADDRESS
from cps.core import limits, upkeep
from cps.core.db import db, transaction
from cps.departments.models import Category, Question
from cps.departments.rules import Datatype
from tests.complaints.steps import NEW, drafts, go_to_check, tell_details, tell_place, tell_words
from tests.support.factories import make_category, make_resident, make_ward, middle, question
from tests.support.fixtures import Clock
from tests.support.page import Page
from tests.support.site import Site


def errors(page: Page) -> list[str]:
    return page.all(".error-summary li")


# The beginning and the draft


@pytest.mark.parametrize("step", ["", "/photos", "/place", "/words", "/details", "/similar", "/check"])
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_looking_at_a_step_makes_no_draft(site: Site, step: str) -> None:
    make_category()

    assert site.get(NEW + step).status == 200
    assert drafts() == []


def test_the_first_step_says_whom_to_call_in_danger(site: Site) -> None:
    page = site.get(NEW)

    assert page.has("Somebody in danger?")
    assert page.link("Call 112 now") == "tel:112"


def test_filing_is_never_kept_by_browsers_or_proxies(site: Site) -> None:
    for step in ("", "/photos", "/place", "/words"):
        assert site.get(NEW + step).header("Cache-Control") == "no-store"


def test_a_step_reached_too_early_leads_to_the_one_that_is_missing(site: Site) -> None:
    category = make_category()

    assert site.get(f"{NEW}/check").path == NEW
    tell_place(site)
    assert site.get(f"{NEW}/check").path == f"{NEW}/words"
    assert site.get(f"{NEW}/details").path == f"{NEW}/words"
    tell_words(site, category)
    assert site.get(f"{NEW}/similar").path == f"{NEW}/details"


def test_going_back_shows_everything_as_it_was(site: Site) -> None:
    ward, category = make_ward(), make_category(questions=[question("depth")])
    tell_place(site, address="Mill Lane 3", ward=ward.code)
    tell_words(site, category, "A hole\n\nand a puddle")
    tell_details(
        site, **{"answer-depth": "deep", "privacy": "private", "email": "a@b.example", "name": "Mina"}
    )

    place = site.get(f"{NEW}/place").form(f"{NEW}/place")
    words = site.get(f"{NEW}/words").form(f"{NEW}/words")
    details = site.get(f"{NEW}/details").form(f"{NEW}/details")

    assert (place.value("address"), place.value("ward")) == ("Mill Lane 3", ward.code)
    assert (words.value("body"), words.value("category")) == ("A hole\n\nand a puddle", category.code)
    assert (details.value("answer-depth"), details.value("privacy")) == ("deep", "private")
    assert (details.value("email"), details.value("name")) == ("a@b.example", "Mina")


def test_what_was_refused_is_kept_in_the_draft_too(site: Site) -> None:
    make_category()
    site.submit(f"{NEW}/words", form=f"{NEW}/words", body="Half a sentence")

    assert site.get(f"{NEW}/words").form(f"{NEW}/words").value("body") == "Half a sentence"


def test_a_visitor_who_comes_back_is_asked_whether_to_go_on(site: Site) -> None:
    tell_place(site, address="Mill Lane 3")

    page = site.get(NEW)

    assert page.heading == "You began a report"
    assert page.has("Mill Lane 3")
    assert page.link("Go on with it") == f"{NEW}/words"


def test_starting_anew_deletes_what_was_begun(site: Site) -> None:
    tell_place(site, address="Mill Lane 3")

    page = site.submit(NEW, form=f"{NEW}/anew")

    assert page.path == f"{NEW}/photos"
    assert drafts() == []


def test_a_draft_older_than_seven_days_is_gone(site: Site, clock: Clock) -> None:
    tell_place(site, address="Mill Lane 3")
    clock.move(days=6, hours=23)
    assert site.get(NEW).heading == "You began a report"

    clock.move(hours=2)
    assert site.get(f"{NEW}/place").form(f"{NEW}/place").value("address") == ""


def test_the_worker_deletes_drafts_that_are_gone(site: Site, clock: Clock) -> None:
    tell_place(site)
    clock.move(days=5)
    tell_place(site.another())
    clock.move(days=3)

    upkeep.run(clock.now)

    assert len(drafts()) == 1


def test_the_worker_deletes_all_drafts_that_are_gone_however_many(
    site: Site, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services.drafts, "GONE_AT_ONCE", 2)
    for _number in range(5):
        tell_place(site.another())
    clock.move(days=8)

    upkeep.run(clock.now)

    assert drafts() == []


@pytest.mark.settings(rate_limits=True)
def test_one_network_cannot_fill_the_disk_with_drafts(site: Site, clock: Clock) -> None:
    begun, category = site.another(), make_category()
    tell_place(begun)
    with site.app.test_request_context(environ_base={"REMOTE_ADDR": "127.0.0.1"}):
        here = visit_drafts.address()
    for _number in range(599):
        limits.count(NEW_DRAFTS_OF_ADDRESS, here, at=clock.now)

    page = tell_place(site, address="Mill Lane 3")
    words = site.submit(f"{NEW}/words", form=f"{NEW}/words", body="A hole", category=category.code)

    assert (page.status, words.status) == (429, 429)
    assert int(page.header("Retry-After")) > 0
    assert page.form(f"{NEW}/place").value("address") == "Mill Lane 3"
    assert words.form(f"{NEW}/words").value("body") == "A hole"
    assert len(drafts()) == 1
    assert tell_words(begun, category).path == f"{NEW}/details"


def test_another_visitor_does_not_see_the_draft(site: Site) -> None:
    tell_place(site, address="Mill Lane 3")

    assert not site.another().get(f"{NEW}/place").html.count("Mill Lane 3")


def test_a_signed_in_person_finds_the_draft_again_on_another_device(site: Site) -> None:
    resident, phone, desktop = make_resident(), site, site.another()
    tell_place(phone.sign_in(resident), address="Mill Lane 3")

    assert desktop.sign_in(resident).get(NEW).has("Mill Lane 3")
    page = desktop.submit(NEW, form=f"{NEW}/resume")

    assert page.path == f"{NEW}/words"
    assert desktop.get(f"{NEW}/place").form(f"{NEW}/place").value("address") == "Mill Lane 3"
    assert len(drafts()) == 1


def test_nobody_takes_over_the_draft_of_somebody_else(site: Site) -> None:
    tell_place(site.sign_in(make_resident()), address="Mill Lane 3")
    other = site.another().sign_in(make_resident())

    page = other.post_raw(f"{NEW}/resume")

    assert not page.has("Mill Lane 3")
    assert other.get(NEW).heading == "Do you have a photo?"


def test_after_signing_out_the_next_person_at_the_device_sees_nothing_of_it(site: Site) -> None:
    tell_place(site.sign_in(make_resident()), address="Mill Lane 3")
    with site.client.session_transaction(base_url="http://localhost") as session:
        session.pop("_user_id")

    assert site.get(f"{NEW}/place").form(f"{NEW}/place").value("address") == ""


# The place


def test_a_street_alone_is_a_place(site: Site) -> None:
    assert tell_place(site, address="by the old mill").path == f"{NEW}/words"


def test_nothing_at_all_is_no_place(site: Site) -> None:
    page = site.submit(f"{NEW}/place")

    assert page.status == 422
    assert errors(page) == ["Say where it is: write the street or a landmark, or give the position."]


def test_a_ward_alone_is_too_large(site: Site) -> None:
    page = tell_place(site, ward=make_ward().code)

    assert page.status == 422
    assert errors(page) == ["The ward alone is large. Write the street or a landmark too."]


@pytest.mark.parametrize(
    ("lat", "lon", "message"),
    [
        ("91", "129.5", "Latitude is a number from -90 to 90."),
        ("36", "-181", "Longitude is a number from -180 to 180."),
        ("NaN", "129.5", "Latitude is not a number. Write it like 36.0123."),
        ("inf", "129.5", "Latitude is not a number. Write it like 36.0123."),
        ("here", "129.5", "Latitude is not a number. Write it like 36.0123."),
        ("0", "0,0", "0, 0 means that the phone did not know where it is. Try again, or write the street."),
        ("36.01", "", "A position has two numbers. Write both, or leave both empty."),
        ("", "129.5", "A position has two numbers. Write both, or leave both empty."),
    ],
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_each_wrong_position_has_its_own_message(site: Site, lat: str, lon: str, message: str) -> None:
    make_ward()

    page = tell_place(site, lat=lat, lon=lon, address="Mill Lane")

    assert page.status == 422
    assert errors(page) == [message]
    assert page.form(f"{NEW}/place").value("lat") == lat
    assert page.form(f"{NEW}/place").value("address") == "Mill Lane"


@pytest.mark.parametrize("lat", ["36,01", "36.01", " 36.0100 ", "٣٦٫٠١", "36.01°"])
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_positions_are_read_as_people_write_them(site: Site, lat: str) -> None:
    make_ward()

    assert tell_place(site, lat=lat, lon="129,51").path == f"{NEW}/words"
    assert drafts()[0].content["place"]["lat"] == 36.01


def test_both_numbers_in_one_field_are_parted(site: Site) -> None:
    make_ward()

    tell_place(site, lat="36.0101, 129.5102")

    place = drafts()[0].content["place"]
    assert (place["lat"], place["lon"]) == (36.0101, 129.5102)


def test_a_position_outside_the_city_is_told_kindly(site: Site) -> None:
    make_ward()

    page = tell_place(site, lat="40", lon="129.51")

    assert page.status == 422
    assert "lies outside Testford" in errors(page)[0]


def test_a_position_just_outside_takes_the_nearest_ward_and_says_so(site: Site) -> None:
    make_ward("west", name={"en": "West"})
    make_ward("east", name={"en": "East"})

    page = tell_place(site, lat="36.01", lon="129.4995")

    assert page.text_of(".flashes").strip() == (
        "The point lies just outside the city’s border. We took the nearest ward, West."
    )


def test_the_ward_is_that_of_the_point_and_a_contradiction_is_told(site: Site) -> None:
    west, east = make_ward("west", name={"en": "West"}), make_ward("east", name={"en": "East"})
    lat, lon = middle(east)

    page = tell_place(site, lat=str(lat), lon=str(lon), ward="west")

    assert page.text_of(".flashes").strip() == "The point lies in East, so we use that ward."
    assert drafts()[0].content["place"]["ward_id"] == east.id != west.id


def test_without_outlines_the_chosen_ward_counts(site: Site) -> None:
    ward = make_ward(geometry={})

    tell_place(site, lat="36.01", lon="129.51", ward=ward.code)

    assert drafts()[0].content["place"]["ward_id"] == ward.id


def test_a_ward_that_is_not_offered_is_refused(site: Site) -> None:
    page = site.post_raw(f"{NEW}/place", {"address": "Mill Lane", "ward": "atlantis"})

    assert page.status == 422
    assert errors(page) == ["Choose one of the wards in the list."]


def test_back_keeps_a_place_that_is_not_complete_and_says_nothing_of_it(site: Site) -> None:
    page = site.submit(f"{NEW}/place", button="Back", lat="36.1")

    assert (page.status, page.path) == (200, f"{NEW}/photos")
    assert site.get(f"{NEW}/place").form(f"{NEW}/place").value("lat") == "36.1"


# The words


@pytest.mark.parametrize(("leave", "path"), [("language", "/language"), ("text-size", "/text-size")])
def test_to_change_language_or_letters_midway_loses_no_word(site: Site, leave: str, path: str) -> None:
    make_category()

    page = site.post_raw(f"{NEW}/words", {"body": "Half written", "leave": leave})

    assert (page.status, page.path) == (200, f"{path}?next={NEW}/words")
    assert site.get(f"{NEW}/words").form(f"{NEW}/words").value("body") == "Half written"


def test_back_keeps_words_without_a_category(site: Site) -> None:
    make_category()

    page = site.submit(f"{NEW}/words", button="Back", body="A hole as deep as a hand")

    assert (page.status, page.path) == (200, f"{NEW}/place")
    assert site.get(f"{NEW}/words").form(f"{NEW}/words").value("body") == "A hole as deep as a hand"


def test_back_keeps_an_address_that_is_not_one(site: Site) -> None:
    tell_words(site, make_category())

    page = site.submit(f"{NEW}/details", button="Back", email="minsu@")

    assert (page.status, page.path) == (200, f"{NEW}/words")
    assert site.get(f"{NEW}/details").form(f"{NEW}/details").value("email") == "minsu@"


def test_words_and_category_are_both_needed(site: Site) -> None:
    make_category()

    page = site.submit(f"{NEW}/words")

    assert page.status == 422
    assert errors(page) == [
        "Write in a few words what is wrong.",
        "Choose what it is about. Open a group to see what is in it.",
    ]


def test_without_a_category_the_words_hint_at_some_and_choose_none(site: Site) -> None:
    make_category("Lamp", code="lamp", keywords={"en": ["lamp", "dark"], "ko": ["가로등"]})
    make_category("Waste", code="waste", keywords={"en": ["waste"]})

    page = site.submit(f"{NEW}/words", body="The lamp is dark")

    assert page.all(".filing-hinted .choice-text") == ["Lamp"]
    assert page.form(f"{NEW}/words").value("category") == ""


def test_categories_stand_in_their_groups_and_only_active_ones(site: Site) -> None:
    make_category("Lamp")
    noise = make_category("Noise")
    with transaction() as session:
        session.get_one(Category, noise.id).group_name = {"en": "Neighbours"}
    make_category("Old", is_active=False)

    page = site.get(f"{NEW}/words")

    assert page.all(".filing-groups summary > span:first-of-type") == ["Streets", "Neighbours"]
    assert not page.has("Old")


def test_a_category_without_a_group_stands_under_something_else(site: Site) -> None:
    make_category("Lamp")
    objection = make_category("Objection")
    with transaction() as session:
        session.get_one(Category, objection.id).group_name = {}

    page = site.get(f"{NEW}/words")

    assert page.all(".filing-groups summary > span:first-of-type") == ["Streets", "Something else"]


def test_a_category_that_is_not_offered_is_refused(site: Site) -> None:
    old = make_category("Old", is_active=False)
    make_category()

    page = site.post_raw(f"{NEW}/words", {"body": "A hole", "category": old.code})

    assert page.status == 422
    assert page.form(f"{NEW}/words").value("body") == "A hole"


def test_ten_thousand_characters_are_taken_and_one_more_is_not(site: Site) -> None:
    category = make_category()

    assert tell_words(site, category, "가" * 10_000).path == f"{NEW}/details"
    page = tell_words(site, category, "가" * 10_001)

    assert page.status == 422
    assert errors(page) == ["This is longer than 10,000 characters. Please shorten it."]
    assert page.form(f"{NEW}/words").value("body") == "가" * 10_001


def test_another_category_asks_its_own_questions_and_privacy_anew(site: Site) -> None:
    first, second = make_category("Hole"), make_category("Neighbour", is_private_by_default=True)
    go_to_check(site, first, privacy="public", email="a@b.example")

    page = tell_words(site, second)

    assert page.form(f"{NEW}/details").value("privacy") == "private"
    assert page.form(f"{NEW}/details").value("email") == "a@b.example"
    assert site.get(f"{NEW}/check").path == f"{NEW}/details"


def test_danger_words_show_the_number_again_and_stop_nothing(site: Site) -> None:
    category = make_category()
    tell_place(site)

    page = tell_words(site, category, "There is a GAS LEAK at the corner")

    assert page.path == f"{NEW}/details"
    assert page.has("This sounds dangerous")
    assert page.link("Call 112 now") == "tel:112"
    assert tell_details(site).has("This sounds dangerous")


def threat() -> Question:
    """Return a question of complaints about staff whose first answer says that somebody is in danger."""
    return question("threat", Datatype.SINGLE, choices={"yes": "Yes", "no": "No"}, dangers=["yes"])


def test_an_answer_of_danger_shows_the_number_before_it_is_sent_and_stops_nothing(site: Site) -> None:
    tell_place(site)
    asked = tell_words(
        site, make_category("Staff", is_integrity=True, questions=[threat(), question("when")])
    )
    assert not asked.has("This sounds dangerous")

    page = tell_details(site, **{"answer-threat": "yes"})

    assert page.path == f"{NEW}/check"
    assert page.has("This sounds dangerous")
    assert page.link("Call 112 now") == "tel:112"
    assert site.get(f"{NEW}/details").has("This sounds dangerous")
    assert not tell_details(site, **{"answer-threat": "no"}).has("This sounds dangerous")


def test_an_answer_of_danger_shows_the_number_also_where_another_answer_is_wrong(site: Site) -> None:
    tell_place(site)
    tell_words(site, make_category(questions=[threat(), question("count", Datatype.NUMBER)]))

    page = tell_details(site, **{"answer-threat": "yes", "answer-count": "many"})

    assert (page.status, page.has("This sounds dangerous")) == (422, True)


# The details


def test_every_kind_of_question_is_asked_and_kept(site: Site) -> None:
    choices = {"a": "First", "b": "Second", "c": "Third"}
    questions = [
        question("line", Datatype.STRING),
        question("text", Datatype.TEXT),
        question("count", Datatype.NUMBER),
        question("when", Datatype.DATETIME),
        question("one", Datatype.SINGLE, choices=choices),
        question("some", Datatype.MULTIPLE, choices=choices),
    ]
    tell_place(site)
    tell_words(site, make_category(questions=questions))

    page = tell_details(
        site,
        **{
            "answer-line": " by  the gate ",
            "answer-text": "two\nlines",
            "answer-count": "3,5",
            "answer-when": "2026-11-17",
            "time-when": "14:30",
            "answer-one": "b",
            "answer-some": ["a", "c"],
        },
    )

    assert page.path == f"{NEW}/check"
    assert drafts()[0].content["answers"] == {
        "line": ["by the gate"],
        "text": ["two\nlines"],
        "count": ["3.5"],
        "when": ["2026-11-17T14:30"],
        "one": ["b"],
        "some": ["a", "c"],
    }
    assert page.has("First, Third")
    assert page.has("2026-11-17 14:30")


def test_optional_questions_may_be_left_out(site: Site) -> None:
    tell_place(site)
    tell_words(site, make_category(questions=[question(kind.value, kind) for kind in Datatype]))

    assert tell_details(site).path == f"{NEW}/check"
    assert drafts()[0].content["answers"] == {}


@pytest.mark.parametrize("kind", list(Datatype))
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_required_questions_must_be_answered(site: Site, kind: Datatype) -> None:
    tell_place(site)
    asked = question("it", kind, is_required=True, choices={"a": "A"}, label={"en": "How many?"})
    tell_words(site, make_category(questions=[asked]))

    page = tell_details(site)

    assert page.status == 422
    assert errors(page) == ["Please answer: How many?"]


@pytest.mark.parametrize(
    ("kind", "fields", "message"),
    [
        (Datatype.NUMBER, {"answer-it": "many"}, "Write a number, like 3 or 3.5."),
        (
            Datatype.DATETIME,
            {"answer-it": "2026-02-30"},
            "Write the day as year, month and day, like 2026-11-18.",
        ),
        (
            Datatype.DATETIME,
            {"answer-it": "2026-11-18", "time-it": "25:00"},
            "Write the time as hours and minutes, like 14:30.",
        ),
        (Datatype.DATETIME, {"time-it": "10:00"}, "Say the day too, or leave the time empty."),
        (Datatype.STRING, {"answer-it": "x" * 301}, "That is too long; 300 letters at most."),
        (Datatype.TEXT, {"answer-it": "x" * 2001}, "That is too long; 2000 letters at most."),
        (Datatype.SINGLE, {"answer-it": "z"}, "Choose one of these answers."),
        (Datatype.MULTIPLE, {"answer-it": ["a", "z"]}, "Choose one of these answers."),
    ],
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_wrong_answers_are_marked_and_kept(
    site: Site, kind: Datatype, fields: dict[str, Any], message: str
) -> None:
    tell_place(site)
    tell_words(site, make_category(questions=[question("it", kind, choices={"a": "A"})]))

    page = site.post_raw(f"{NEW}/details", {"privacy": "public", "email": "a@b.example", **fields})

    assert page.status == 422
    assert errors(page) == [message]
    assert page.form(f"{NEW}/details").value("email") == "a@b.example"
    if kind not in {Datatype.SINGLE, Datatype.MULTIPLE} and "answer-it" in fields:
        assert page.form(f"{NEW}/details").value("answer-it") == fields["answer-it"]


def test_an_answer_that_stops_says_whom_to_turn_to_and_can_be_changed(site: Site) -> None:
    asked = question(
        "ground",
        Datatype.SINGLE,
        choices={"public": "Public", "private": "Private"},
        stops={"private": {"en": "Please ask the owner of the ground."}},
    )
    tell_place(site)
    tell_words(site, make_category(questions=[asked]))

    page = tell_details(site, **{"answer-ground": "private"})

    assert page.status == 422
    assert errors(page) == ["Please ask the owner of the ground."]
    assert page.link("Choose another category") == f"{NEW}/words"
    assert site.get(f"{NEW}/check").path == f"{NEW}/details"
    assert tell_details(site, **{"answer-ground": "public"}).path == f"{NEW}/check"


def test_the_category_decides_who_may_read_it_at_first(site: Site) -> None:
    tell_place(site)

    assert tell_words(site, make_category()).form(f"{NEW}/details").value("privacy") == "public"
    shy = make_category("Shy", is_private_by_default=True)
    assert tell_words(site, shy).form(f"{NEW}/details").value("privacy") == "private"


def test_what_concerns_the_staff_is_private_without_asking(site: Site) -> None:
    tell_place(site)

    page = tell_words(site, make_category("Staff", is_integrity=True))

    assert page.has("Only you and the integrity officer can read this")
    assert "privacy" not in page.form(f"{NEW}/details").names
    assert tell_details(site).has("Only you and the integrity officer")


@pytest.mark.parametrize("email", ["mina", "mina@", "@example.org", "a b@example.org", "a@b", "x" * 300])
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_an_address_that_mail_cannot_reach_is_marked(site: Site, email: str) -> None:
    tell_place(site)
    tell_words(site, make_category())

    page = tell_details(site, email=email)

    assert page.status == 422
    assert any(words in errors(page)[0] for words in ("or leave it empty", "That is too long"))
    assert page.form(f"{NEW}/details").value("email") == email


def test_somebody_signed_in_is_not_asked_for_a_contact(site: Site) -> None:
    site.sign_in(make_resident(display_name="Mina"))
    tell_place(site)

    page = tell_words(site, make_category())

    assert "email" not in page.form(f"{NEW}/details").names
    assert page.has("You are signed in, so we write to you as Mina.")


# Bad input

STRANGE = [
    "",
    " \t\n ",
    "x" * 1_000_000,
    "a\x00b",
    "🚧👩‍👩‍👧‍👦" * 5,
    "\u202eabc\u202c",
    "<script>alert(1)</script>",
    "'; DROP TABLE cases; --",
    "e\u0301" * 50,
    "\ufffe\uffff",
]


@pytest.mark.parametrize("field", ["address", "ward", "lat", "lon", "use_photo"])
def test_the_place_takes_anything_without_breaking(site: Site, field: str) -> None:
    make_ward()

    for strange in STRANGE:
        page = site.post_raw(f"{NEW}/place", {"address": "Mill Lane", field: strange})

        assert page.status in {200, 422}, strange[:20]
        assert page.path == f"{NEW}/words" or page.all(".field-error"), strange[:20]


@pytest.mark.parametrize("field", ["body", "category"])
def test_the_words_take_anything_without_breaking(site: Site, field: str) -> None:
    category = make_category()

    for strange in STRANGE:
        page = site.post_raw(f"{NEW}/words", {"body": "A hole", "category": category.code, field: strange})

        assert page.status in {200, 422}, strange[:20]
        assert page.path == f"{NEW}/details" or page.all(".field-error"), strange[:20]


@pytest.mark.parametrize(
    "field", [f"answer-{kind.value}" for kind in Datatype] + ["privacy", "email", "name"]
)
def test_the_details_take_anything_without_breaking(site: Site, field: str) -> None:
    questions = [question(kind.value, kind, choices={"a": "A"}) for kind in Datatype]
    tell_place(site)
    tell_words(site, make_category(questions=questions))

    for strange in STRANGE:
        page = site.post_raw(f"{NEW}/details", {"privacy": "public", field: strange})

        assert page.status in {200, 422}, strange[:20]
        assert page.path == f"{NEW}/check" or page.all(".field-error"), strange[:20]


def test_strange_signs_are_kept_faithfully_but_for_those_that_deceive(site: Site) -> None:
    typed = "🚧 <b>Loch</b> & Pfütze\x00\u202e { x }"
    tell_words(site, make_category(), typed)

    assert site.get(f"{NEW}/words").form(f"{NEW}/words").value("body") == "🚧 <b>Loch</b> & Pfütze { x }"


def test_a_megabyte_stays_on_the_page_that_refused_it(site: Site) -> None:
    page = tell_words(site, make_category(), "long " * 200_000)

    assert page.status == 422
    assert len(page.form(f"{NEW}/words").value("body")) == len("long " * 200_000)
    assert db.session.scalar(select(func.count()).select_from(Draft)) == 1


@pytest.mark.parametrize("step", ["place", "words", "details", "photos", "check", "anew", "resume"])
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_a_form_of_another_site_is_refused(site: Site, step: str) -> None:
    assert site.post_raw(f"{NEW}/{step}", with_token=False).status == 400
    assert drafts() == []


# What it costs


def test_each_page_asks_the_database_few_questions(site: Site) -> None:
    for _number in range(12):
        make_category(questions=[question("a"), question("b")])
    category = make_category(questions=[question("a")])
    ward = make_ward()
    lat, lon = middle(ward)
    asked = {}

    def note(page: Page) -> None:
        asked[page.path] = len(site.statements)
        assert len(site.statements) < 10, f"{page.path}: " + "\n".join(site.statements)

    note(site.get(NEW))
    tell_place(site, lat=str(lat), lon=str(lon))
    for step in ("place", "words"):
        note(site.get(f"{NEW}/{step}"))
    tell_words(site, category)
    note(site.get(f"{NEW}/details"))
    tell_details(site)
    for step in ("similar", "check"):
        note(site.get(f"{NEW}/{step}"))
