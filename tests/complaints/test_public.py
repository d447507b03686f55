"""Complaints as everybody, their followers and their reporters see them."""

import pytest

from cps.cases import queries
from cps.cases import services as cases
from cps.cases.reference import display
from cps.cases.rules import Audience, Colour, EventKind, Outcome, Status
from cps.core import search
from cps.core.db import db, transaction
from cps.core.models import AccessRow
from cps.core.storage import DiskStorage, current_storage
from tests.complaints.steps import photo
from tests.support.factories import (
    PIN,
    make_category,
    make_complaint,
    make_department,
    make_event,
    make_integrity_officer,
    make_officer,
    make_resident,
    make_supervisor,
    make_support,
    make_ward,
    secret_of,
)
from tests.support.fixtures import Clock
from tests.support.site import Site


def page_of(case: object) -> str:
    return f"/complaints/{display(case.reference)}"  # type: ignore[attr-defined]


def titles(site: Site, path: str) -> list[str]:
    return site.get(path).all(".case-title")


def test_the_list_shows_the_newest_first_and_nothing_private_or_hidden(site: Site, clock: Clock) -> None:
    make_complaint(title="Older")
    clock.move(hours=1)
    make_complaint(title="Newer")
    make_complaint(title="Private", is_private=True)
    make_complaint(title="Hidden", is_hidden=True)

    assert titles(site, "/complaints") == ["Newer", "Older"]


def test_the_list_says_what_will_appear_while_it_is_empty(site: Site) -> None:
    assert site.get("/complaints").has("No reports yet")


@pytest.mark.parametrize("words", ["lampe brûlée", "LAMPE brulee", "가로등"])
def test_words_find_a_case_in_any_script_and_case(site: Site, words: str) -> None:
    body = "La lampe brûlée. 가로등이 꺼졌어요."
    make_complaint(title="Found", body=body, search_text=search.search_text(body))
    make_complaint(title="Other", search_text=search.search_text("nothing of it"))

    assert titles(site, f"/complaints?q={words}") == ["Found"]


def test_filters_combine_and_stay_in_the_address(site: Site) -> None:
    ward, lamp = make_ward("hill"), make_category("Lamp", code="lamp")
    make_complaint(title="Both", ward=ward, category=lamp)
    make_complaint(title="Only ward", ward=ward)
    make_complaint(title="Only lamp", category=lamp)

    page = site.get("/complaints?ward=hill&category=lamp&state=waiting")

    assert page.all(".case-title") == ["Both"]
    assert page.form("/complaints").value("ward") == "hill"


def test_a_filter_that_fits_nothing_says_so(site: Site) -> None:
    make_complaint()

    assert site.get("/complaints?state=done").has("Nothing fits")


def test_filters_that_do_not_exist_are_ignored(site: Site) -> None:
    make_complaint(title="Here")

    assert titles(site, "/complaints?ward=%00&category=nowhere&state=x&after=%FFrubbish&outcome=1") == [
        "Here"
    ]


def test_paging_by_key_shows_every_case_once(site: Site, clock: Clock) -> None:
    made = []
    for number in range(queries.LIST_SIZE * 2 + 3):
        clock.move(minutes=1 if number % 3 else 0)
        made.append(make_complaint(title=f"No. {number}").title)

    seen = titles(site, "/complaints")
    while "Show more" in (site.page.links if site.page else {}):
        seen += site.follow("Show more").all(".case-title")

    assert sorted(seen) == sorted(made)


def test_the_list_costs_as_many_statements_for_one_case_as_for_twenty(site: Site) -> None:
    make_complaint()
    site.get("/complaints")
    few = len(site.statements)
    for _number in range(19):
        make_complaint()
    site.get("/complaints")

    assert len(site.statements) <= few <= 9


def test_a_list_that_did_not_change_answers_304_and_one_that_did_does_not(site: Site) -> None:
    case = make_complaint()
    tag = site.get("/complaints").header("ETag")

    same = site.get("/complaints", headers={"If-None-Match": tag})
    make_complaint()
    changed = site.get("/complaints", headers={"If-None-Match": tag})

    assert (same.status, changed.status) == (304, 200)
    assert case.is_listed


def test_an_open_case_shows_status_department_due_date_and_story(site: Site) -> None:
    roads = make_department("Roads")
    case = make_complaint(Status.PLANNED, department=roads, message="A crew comes on Tuesday.")

    page = site.get(page_of(case))

    assert page.text_of(".status") == "Planned"
    assert page.has("Roads")
    assert page.has("A crew comes on Tuesday.")
    assert page.has("Not extended.")


def test_the_story_names_who_wrote_it_also_after_the_case_was_handed_over(site: Site, clock: Clock) -> None:
    roads, water = make_department("Roads"), make_department("Water")
    case = make_complaint(Status.IN_PROGRESS, department=roads)
    officer = make_officer(roads)
    with transaction():
        locked = queries.lock_case(case.reference)
        cases.update(locked, by=officer, at=clock.now, message="We looked.")
        cases.transfer(locked, water, by=officer, at=clock.now, reason="A pipe is broken.")

    story = site.get(page_of(case)).text_of(".story")
    assert "Handed to another department Roads" in story
    assert story.index("A pipe is broken.") < story.index("We looked.")
    assert "Water" not in story


def test_a_closed_case_never_says_only_closed(site: Site) -> None:
    words = {Outcome.FIXED: "Fixed", Outcome.ANSWERED: "Answered", Outcome.NOT_OURS: "Not the city’s to do",
             Outcome.CANNOT_BE_DONE: "Cannot be done"}  # fmt: skip

    for outcome, word in words.items():
        case = make_complaint(Status.CLOSED, outcome=outcome)
        page = site.get(page_of(case))
        assert page.text_of(".status") == word
        assert f"is-{Colour.DONE.value}" in (page.value_of(".status", "class") or "")


def test_a_joined_case_leads_to_the_other(site: Site) -> None:
    other = make_complaint(title="The first one")
    case = make_complaint(Status.CLOSED, outcome=Outcome.JOINED, joined_to_id=other.id)

    assert site.get(page_of(case)).link("The first one") == page_of(other)


@pytest.mark.parametrize("closed", [{"is_private": True}, {"is_hidden": True}])
def test_a_joined_case_does_not_name_one_that_is_out_of_sight(site: Site, closed: dict[str, bool]) -> None:
    other = make_complaint(title="Out of sight", **closed)
    case = make_complaint(Status.CLOSED, outcome=Outcome.JOINED, joined_to_id=other.id)

    assert "Out of sight" not in site.get(page_of(case)).html


def test_a_photo_that_only_the_city_may_see_is_not_named_in_the_list(site: Site) -> None:
    reporter, path, reference = reporting(site.another(), Status.IN_PROGRESS)
    reporter.submit(path, form=f"{path}/reply", message="My door.", photos=(photo(), "a.jpg"))
    [sent] = queries.photos(queries.get_case(reference).id)

    assert sent.name not in site.get("/complaints").html
    assert site.get(f"/photos/{sent.name}/large").status == 404


def test_notes_and_the_reporter_never_show_in_public(site: Site) -> None:
    reporter = make_resident(display_name="Mina Reporter")
    case = make_complaint(reporter=reporter, contact={"name": "Mina Reporter", "email": "mina@testford.test"})
    make_event(case, EventKind.NOTED, audience=Audience.STAFF, message="Call the depot.")
    make_event(case, EventKind.REPLIED, audience=Audience.REPORTER, message="House 14.")

    page = site.get(page_of(case))

    for secret in ("Mina", "mina@", "Call the depot", "House 14"):
        assert not page.has(secret)


def test_a_private_case_shows_only_its_state_and_dates(site: Site) -> None:
    case = make_complaint(
        Status.PLANNED, title="Very private", body="Secret words", is_private=True, address="Mill Lane 1"
    )

    page = site.get(page_of(case))

    assert page.text_of(".status") == "Planned"
    for secret in ("Very private", "Secret words", "Mill Lane"):
        assert not page.has(secret)


def test_of_a_hidden_case_only_that_it_is_hidden_is_told(site: Site) -> None:
    case = make_complaint(is_hidden=True)

    page = site.get(page_of(case))
    assert (page.status, page.has("Hidden by the city.")) == (410, True)
    assert not page.has(case.title)
    assert site.get(f"/track?reference={case.reference}").status == 410
    private = site.get(page_of(make_complaint(is_hidden=True, is_private=True)))
    assert (private.status, private.has("Hidden by the city.")) == (200, False), "as any private one"


def test_an_integrity_complaint_is_invisible_to_officers_and_supervisors(site: Site) -> None:
    staff = make_category("Staff", is_integrity=True)
    case = make_complaint(category=staff, is_integrity=True, is_private=True, title="About an officer")

    for account in (make_officer(case.department), make_supervisor(case.department)):
        assert not site.another().sign_in(account).get(page_of(case)).has("About an officer")
    assert site.another().sign_in(make_integrity_officer()).get(page_of(case)).has("About an officer")


@pytest.mark.parametrize("typed", ["{ref}", "{shown}", " {shown} ", "２６１１{tail}", "{dots}"])
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_a_reference_is_found_however_it_is_typed(site: Site, typed: str) -> None:
    case = make_complaint(reference="261148391260")
    ref = case.reference
    text = typed.format(
        ref=ref, shown=display(ref), tail=ref[4:], dots=" – ".join([ref[:4], ref[4:8], ref[8:]])
    )

    assert site.get("/track", query_string={"reference": text}).path == page_of(case)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Enter the number"),
        ("abc", "only digits"),
        ("2611-4839", "twelve digits"),
        ("2611-4839-1267", "One digit is wrong"),
        ("2611-4839-1260", "no case with this number"),
        ("\x00" * 50, "only digits"),
        ("9" * 5000, "twelve digits"),
    ],
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_a_wrong_reference_is_told_kindly(site: Site, typed: str, said: str) -> None:
    page = site.get("/track", query_string={"reference": typed})

    assert page.status in {404, 422}
    assert page.has(said)


def test_a_signed_in_resident_backs_and_follows_with_one_tap(site: Site) -> None:
    case, resident = make_complaint(), make_resident()
    make_support(case, make_resident())
    site.sign_in(resident)

    page = site.submit(f"{page_of(case)}/support")

    assert page.has("You back it · 2")
    assert queries.is_followed_by(case.id, resident.id)
    assert site.submit(f"{page_of(case)}/unsupport").has("Me too · 1")


def test_a_visitor_is_led_to_the_mail_code_and_back(site: Site) -> None:
    case = make_complaint()

    page = site.submit(f"{page_of(case)}/support", follow=False)

    assert page.status == 303
    assert page.header("Location").startswith("/accounts/prove?next=")


def test_another_site_cannot_back_a_case_for_a_resident(site: Site) -> None:
    case, resident = make_complaint(), make_resident()
    site.sign_in(resident)

    for headers in ({"Origin": "https://evil.test"}, {"Sec-Fetch-Site": "cross-site"}, {}):
        assert site.post_raw(f"{page_of(case)}/support", headers=headers).status == 403
    assert queries.get_case(case.reference).support_count == 0


def test_a_private_case_cannot_be_backed(site: Site) -> None:
    case = make_complaint(is_private=True)

    assert site.sign_in(make_resident()).post_raw(f"{page_of(case)}/support").status == 404


def test_the_pin_opens_a_private_case(site: Site) -> None:
    case = make_complaint(is_private=True, title="Very private", body="My own words")

    page = site.submit(f"{page_of(case)}/unlock", pin=f" {PIN[:2]} {PIN[2:]} ")

    assert page.path == page_of(case)
    assert page.has("My own words")
    assert page.header("Cache-Control") == "no-store"


@pytest.mark.parametrize(("is_private", "everybody"), [(True, False), (False, True)])
def test_what_is_still_wrong_says_who_will_read_it(
    site: Site, clock: Clock, is_private: bool, everybody: bool
) -> None:
    case = make_complaint(
        is_private=is_private, status=Status.CLOSED, outcome=Outcome.FIXED, closed_at=clock.now
    )

    page = site.submit(f"{page_of(case)}/unlock", pin=PIN)

    assert page.has("What is still wrong?")
    assert page.has("Everybody can read this in the story of the case.") is everybody


@pytest.mark.parametrize("pin", ["", "0000", "abcd", "47111", "😀", "\u202e4711x"])
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_a_wrong_pin_is_refused(site: Site, pin: str) -> None:
    case = make_complaint(is_private=True, body="My own words")

    page = site.submit(f"{page_of(case)}/unlock", pin=pin)

    assert page.status == 422
    assert not site.get(page_of(case)).has("My own words")


@pytest.mark.settings(rate_limits=True)
def test_a_pin_can_be_tried_five_times_an_hour(site: Site, clock: Clock) -> None:
    case = make_complaint(is_private=True)

    statuses = [site.submit(f"{page_of(case)}/unlock", pin="0000").status for _try in range(6)]
    assert statuses == [422] * 5 + [429]

    clock.move(hours=1)
    assert site.submit(f"{page_of(case)}/unlock", pin=PIN).status == 200


@pytest.mark.settings(rate_limits=True)
def test_what_cannot_be_a_pin_costs_no_try(site: Site) -> None:
    case = make_complaint(is_private=True)
    for typed in ("", "47", "abcd", "4" * 1000) * 2:
        page = site.submit(f"{page_of(case)}/unlock", pin=typed)
        assert page.status == 422
        assert page.has("Enter the four digits of your PIN.")

    assert site.submit(f"{page_of(case)}/unlock", pin=PIN).path == page_of(case)


@pytest.mark.settings(rate_limits=True)
def test_who_has_tried_too_often_is_told_when_to_come_back(site: Site, clock: Clock) -> None:
    case = make_complaint(is_private=True)
    clock.now = clock.now.replace(minute=18, second=0, microsecond=0)
    for _try in range(5):
        site.submit(f"{page_of(case)}/unlock", pin="0000")

    assert site.submit(f"{page_of(case)}/unlock", pin=PIN).has("You can try again in 42 minutes.")


@pytest.mark.settings(rate_limits=True)
def test_one_network_cannot_try_a_few_pins_on_each_of_many_cases(site: Site, clock: Clock) -> None:
    paths = [page_of(make_complaint(is_private=True)) for _number in range(8)]
    for path in paths[:6]:
        for _try in range(5):
            assert site.another().submit(f"{path}/unlock", pin="0000").status == 422

    assert site.submit(f"{paths[6]}/unlock", pin=PIN).status == 429
    clock.move(hours=1)
    assert site.submit(f"{paths[7]}/unlock", pin=PIN).status == 200


@pytest.mark.parametrize("is_private", [False, True])
def test_a_hidden_case_has_its_door_for_the_pin_and_nobody_else(site: Site, is_private: bool) -> None:
    case = make_complaint(is_hidden=True, is_private=is_private, body="My own words")
    door = f"{page_of(case)}/unlock"

    assert door in site.get(page_of(case)).links.values()
    assert site.submit(door, pin="0000").status == 422
    assert not site.get(page_of(case)).has("My own words")
    assert site.submit(door, pin=PIN).has("My own words")


def test_the_secret_link_opens_the_case_and_leaves_the_address(site: Site) -> None:
    case = make_complaint(is_private=True, body="My own words")

    page = site.get(f"{page_of(case)}/key/{secret_of(case)}")

    assert page.path == page_of(case)
    assert page.has("My own words")


def test_a_wrong_secret_link_opens_nothing(site: Site) -> None:
    case = make_complaint()

    assert site.get(f"{page_of(case)}/key/{'x' * 32}").status == 404


def stored_files() -> int:
    store = current_storage()
    assert isinstance(store, DiskStorage)
    return sum(path.is_file() for path in store.root.rglob("*"))


def reporting(site: Site, status: Status, **more: object) -> tuple[Site, str, str]:
    reporter = make_resident()
    case = make_complaint(status, reporter=reporter, **more)  # type: ignore[arg-type]
    return site.sign_in(reporter), page_of(case), case.reference


def test_the_reporter_answers_the_citys_question(site: Site) -> None:
    site, path, reference = reporting(site, Status.WAITING_RESIDENT)

    page = site.submit(path, form=f"{path}/reply", message="Number 14.")

    assert page.has("Number 14.")
    assert queries.get_case(reference).has_unread_reply


def test_an_empty_reply_is_marked_and_nothing_changes(site: Site) -> None:
    site, path, reference = reporting(site, Status.WAITING_RESIDENT)

    page = site.submit(path, form=f"{path}/reply", message="")

    assert page.status == 422
    assert page.has("Write a message")
    assert queries.get_case(reference).status is Status.WAITING_RESIDENT


def test_a_refused_photo_keeps_the_reply(site: Site) -> None:
    site, path, _reference = reporting(site, Status.IN_PROGRESS)

    page = site.submit(path, form=f"{path}/reply", message="See the picture.", photos=(b"<svg/>", "x.svg"))

    assert page.status == 422
    assert page.has("not a photo we can read")
    assert page.has("See the picture.")


def test_photos_of_a_reply_that_is_not_taken_leave_no_files(site: Site) -> None:
    site, path, _reference = reporting(site, Status.IN_PROGRESS)
    form, picture = site.get(path), photo()

    too_long = site.submit(form, form=f"{path}/reply", message="x" * 10_001, photos=(picture, "a.jpg"))
    assert (too_long.status, stored_files()) == (422, 0)
    refused = site.submit(form, form=f"{path}/reply", photos=[(picture, "a.jpg"), (b"<svg/>", "b.svg")])
    assert (refused.status, stored_files()) == (422, 0)
    for _press in range(2):
        site.submit(form, form=f"{path}/reply", message="See.", photos=(picture, "a.jpg"))
    assert stored_files() == 3


@pytest.mark.settings(rate_limits=True)
def test_replies_without_end_are_refused_before_their_photos_are_stored(site: Site) -> None:
    site, path, _reference = reporting(site, Status.IN_PROGRESS)
    form = site.get(path)
    for _number in range(20):
        site.submit(form, form=f"{path}/reply", message="")

    page = site.submit(form, form=f"{path}/reply", message="See.", photos=(photo(), "a.jpg"))

    assert (page.status, stored_files()) == (429, 0)


def test_a_reply_without_its_forms_key_is_not_taken_as_sent_before(site: Site) -> None:
    site, path, reference = reporting(site, Status.IN_PROGRESS)

    page = site.post_raw(f"{path}/reply", {"message": "Is anybody there?", "form_key": ""})

    assert page.status == 422
    assert not queries.get_case(reference).has_unread_reply


@pytest.mark.parametrize("words", ["x" * 1_000_000, "a\x00b", "\u202ereversed", "😀" * 50, "<b>bold</b>"])
def test_any_words_are_kept_or_marked_never_a_fault(site: Site, words: str) -> None:
    site, path, _reference = reporting(site, Status.CLOSED)

    assert site.submit(path, form=f"{path}/not-fixed", message=words).status in {200, 422}


def test_no_it_is_not_fixed_reopens_the_case_and_pressing_twice_does_so_once(site: Site) -> None:
    site, path, reference = reporting(site, Status.CLOSED)
    form = site.get(path)

    for _press in range(2):
        page = site.submit(form, form=f"{path}/not-fixed", message="Dark again.")

    assert page.text_of(".status") == "Not fixed yet"
    case = queries.get_case(reference)
    events = queries.story(case.id, reader=Audience.PUBLIC, at=case.updated_at)
    assert [e.kind for e in events].count(EventKind.REOPEN_ASKED) == 1


def test_yes_it_is_fixed_is_thanked_for(site: Site) -> None:
    site, path, _reference = reporting(site, Status.CLOSED)

    assert site.submit(path, form=f"{path}/fixed").has("You told us that it is fixed")


def test_only_the_reporter_speaks_for_the_reporter(site: Site) -> None:
    case = make_complaint(Status.CLOSED, reporter=make_resident())

    for visitor in (site, site.another().sign_in(make_resident()), site.another().sign_in(make_officer())):
        for act in ("reply", "fixed", "not-fixed"):
            assert visitor.post_raw(f"{page_of(case)}/{act}", {"message": "x", "form_key": "k"}).status == 404
    assert queries.get_case(case.reference).status is Status.CLOSED


def test_the_page_of_a_case_costs_few_statements_whatever_its_story(site: Site) -> None:
    case = make_complaint()
    site.get(page_of(case))  # the first page of a process reads what is then known
    site.get(page_of(case))
    few = len(site.statements)
    for _number in range(15):
        make_event(case, message="News.")
    site.get(page_of(case))

    assert len(site.statements) <= few <= 6


def test_the_points_of_the_map_are_those_of_the_list(site: Site) -> None:
    ward = make_ward()
    make_complaint(title="On the map", ward=ward)
    make_complaint(title="Without a place")
    make_complaint(title="Private", ward=ward, is_private=True)

    features = site.get("/complaints/points.geojson").json["features"]

    assert [f["properties"]["title"] for f in features] == ["On the map"]


def test_looking_at_a_case_leaves_no_access_row(site: Site) -> None:
    site.get(page_of(make_complaint()))

    assert db.session.scalars(db.select(AccessRow)).all() == []


def test_what_the_city_answers_and_tells_is_read_aloud_and_nothing_of_the_resident(site: Site) -> None:
    case = make_complaint(Status.CLOSED, message="It is mended.")
    make_event(case, EventKind.UPDATED, message="The crew comes on Friday.")
    make_event(case, EventKind.REPLIED, message="I wait.")
    make_event(case, EventKind.ASKED, audience=Audience.REPORTER, message="Where is it?")

    page = site.get(page_of(case))

    assert page.value_of(".listen", "data-listen") == "h1, article .words, .story .is-by-city .words"
    said = page.all(".story .is-by-city .words")
    assert sorted(said) == ["It is mended.", "The crew comes on Friday."]
