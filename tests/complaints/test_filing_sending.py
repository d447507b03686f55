"""Similar cases, the last look, sending once and only once, and the page that stays."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from cps.cases.models import Case, CaseContact
from cps.cases.rules import Channel, Outcome, Priority, Status
from cps.core.db import db, transaction
from cps.core.models import FormKey, OutboxFact
from cps.departments.models import Category
from cps.departments.rules import Datatype
from tests.complaints.steps import (
    NEW,
    cases,
    drafts,
    file_one,
    go_to_check,
    notes,
    send,
    tell_details,
    tell_place,
    tell_words,
)
from tests.support.application import Application
from tests.support.factories import (
    make_category,
    make_complaint,
    make_resident,
    make_ward,
    middle,
    question,
)
from tests.support.fixtures import Clock
from tests.support.page import Page
from tests.support.site import OWN, Site

HERE = {"lat": "36.01", "lon": "129.51"}


def near(north: float = 0, **columns: object) -> Case:
    """Make a complaint so many seconds of latitude (31 m each) north of HERE."""
    from cps.cases.services.filing import CELL_ZOOM
    from cps.core.search import search_text
    from cps.wards.geometry import grid_cell

    lat, lon = 36.01 + north / 3600, 129.51
    x, y = grid_cell(lat, lon, CELL_ZOOM)
    body = str(columns.pop("body", "A deep hole in the road"))
    return make_complaint(
        lat=lat, lon=lon, cell_x=x, cell_y=y, body=body, title=body, search_text=search_text(body), **columns
    )


def go_to_similar(site: Site, category: Category, body: str = "A deep hole in the road") -> Page:
    tell_place(site, **HERE)
    tell_words(site, category, body)
    return tell_details(site)


# Similar cases


def test_a_case_near_by_in_similar_words_is_shown_before_sending(site: Site) -> None:
    make_ward()
    case = near(1)
    near(200, body="A deep hole in the road, far away")

    page = go_to_similar(site, case.category)

    assert page.path == f"{NEW}/similar"
    assert page.all(".case-title") == ["A deep hole in the road"]
    assert page.link("None of these, go on") == f"{NEW}/check"


def test_without_anything_similar_the_page_is_left_out(site: Site) -> None:
    make_ward()
    near(1, body="Music at night")

    assert go_to_similar(site, make_category()).path == f"{NEW}/check"
    assert site.get(f"{NEW}/similar").path == f"{NEW}/check"


def test_an_answered_case_shows_its_answer_and_no_button(site: Site) -> None:
    make_ward()
    case = near(1, status=Status.CLOSED, outcome=Outcome.FIXED, message="We filled it on Tuesday.")

    page = go_to_similar(site, case.category)

    assert page.text_of(".filing-answer") == "We filled it on Tuesday."
    assert page.text_of(".pill") == "Fixed"
    assert [form.action for form in page.forms] == []


def test_what_was_closed_long_ago_is_private_hidden_or_joined_is_not_shown(site: Site, clock: Clock) -> None:
    make_ward()
    category = make_category()
    near(1, category=category, is_private=True)
    near(1, category=category, is_hidden=True)
    near(1, category=category, status=Status.CLOSED, at=clock.now - timedelta(days=91))
    other = near(300, category=category)
    near(1, category=category, status=Status.CLOSED, outcome=Outcome.JOINED, joined_to_id=other.id)

    assert go_to_similar(site, category).path == f"{NEW}/check"


def test_without_a_position_the_ward_and_category_are_searched(site: Site) -> None:
    ward, category = make_ward(), make_category()
    make_complaint(category=category, ward=ward, title="Hole at the mill", search_text="hole mill")
    make_complaint(category=category, ward=make_ward(), title="Hole elsewhere", search_text="hole mill")
    make_complaint(ward=ward, title="Lamp", search_text="lamp")
    tell_place(site, address="At the mill", ward=ward.code)
    tell_words(site, category, "The hole at the mill")

    assert tell_details(site).all(".case-title") == ["Hole at the mill"]


def test_one_tap_backs_and_follows_a_similar_case(site: Site) -> None:
    make_ward()
    case = near(1)
    resident = make_resident()
    go_to_similar(site.sign_in(resident), case.category)

    page = site.submit(
        form=f"/complaints/{case.reference[:4]}-{case.reference[4:8]}-{case.reference[8:]}/support"
    )

    assert page.has("You back this case.")
    assert db.session.get_one(Case, case.id).support_count == 1
    assert len(cases()) == 1


def test_a_visitor_who_backs_a_similar_case_is_asked_to_prove_an_address(site: Site) -> None:
    make_ward()
    case = near(1)
    page = go_to_similar(site, case.category)

    answer = site.submit(page, form=page.forms[0].action, follow=False)

    assert answer.header("Location").startswith("/accounts/prove?next=")


# The last look


def test_the_last_look_shows_everything_with_a_way_to_change_it(site: Site) -> None:
    ward = make_ward(name={"en": "Harbour"})
    category = make_category("Hole", questions=[question("depth", label={"en": "How deep?"})])
    lat, lon = middle(ward)
    tell_place(site, address="Mill Lane 3", lat=str(lat), lon=str(lon))
    tell_words(site, category, "A hole\nand a puddle")

    page = tell_details(
        site, **{"answer-depth": "Two fingers", "privacy": "private", "email": "a@b.example", "name": "Mina"}
    )

    for words in (
        "A hole and a puddle",
        "Hole",
        "Mill Lane 3",
        "Harbour",
        "Two fingers",
        "Only you and the city",
    ):
        assert page.has(words), words
    assert page.has("a@b.example")
    assert page.has("Mina")
    changes = [a for text, a in page.links.items() if text.startswith("Change")]
    assert set(changes) == {f"{NEW}/{step}" for step in ("words", "place", "photos", "details")}


# Sending


def test_a_sent_complaint_is_a_case_with_everything_that_was_told(site: Site, clock: Clock) -> None:
    ward = make_ward()
    category = make_category(questions=[question("depth")])
    make_category("Another")
    lat, lon = middle(ward)
    tell_place(site, address="Mill Lane 3", lat=str(lat), lon=str(lon))
    tell_words(site, category, "A hole\n\nand a puddle")
    clock.move(minutes=3)
    tell_details(site, **{"answer-depth": "deep", "email": "Mina@Example.org", "name": "Mina"})
    send(site, button="Send my complaint")

    [case] = cases()
    assert (case.body, case.language) == ("A hole\n\nand a puddle", "en")
    assert (case.category_id, case.department_id) == (category.id, category.department_id)
    assert (case.lat, case.lon, case.ward_id, case.address) == (lat, lon, ward.id, "Mill Lane 3")
    assert (case.answers, case.channel) == ({"depth": ["deep"]}, Channel.WEB)
    assert (case.status, case.priority) == (Status.RECEIVED, Priority.NORMAL)
    assert (case.is_private, case.received_at, case.reporter_id) == (False, clock.now, None)
    contact = db.session.get_one(CaseContact, case.id)
    assert (contact.name, contact.email, contact.language) == ("Mina", "mina@example.org", "en")
    assert notes(case) == []


def test_without_any_contact_a_complaint_is_filed_too(site: Site) -> None:
    case = file_one(site, make_category())

    contact = db.session.get_one(CaseContact, case.id)
    assert (contact.name, contact.email, contact.phone) == ("", "", "")


def test_of_somebody_signed_in_the_account_is_the_reporter(site: Site) -> None:
    resident = make_resident()

    case = file_one(site.sign_in(resident), make_category())

    assert case.reporter_id == resident.id
    assert db.session.get_one(CaseContact, case.id).email == ""


def test_who_signs_in_on_the_way_takes_the_draft_along(site: Site) -> None:
    category, resident = make_category(), make_resident()
    go_to_check(site, category, email="a@b.example")
    site.sign_in(resident)

    send(site)

    [case] = cases()
    assert case.reporter_id == resident.id


def test_the_language_is_that_of_the_script_else_of_the_page(site: Site) -> None:
    korean = file_one(site, make_category(), "길에 깊은 구멍이 있어요")
    site.client.set_cookie("lang", "ko", domain="localhost")
    latin = file_one(site, make_category(), "A deep hole")

    assert (korean.language, latin.language) == ("ko", "ko")


def test_danger_makes_it_urgent(site: Site) -> None:
    case = file_one(site, make_category(), "감전될 것 같아요")

    assert case.priority is Priority.URGENT


@pytest.mark.parametrize(("answer", "priority"), [("yes", Priority.URGENT), ("no", Priority.NORMAL)])
def test_only_an_answer_of_danger_makes_it_urgent(site: Site, answer: str, priority: Priority) -> None:
    asked = question("threat", Datatype.SINGLE, choices={"yes": "Yes", "no": "No"}, dangers=["yes"])
    staff = make_category("Staff", is_integrity=True, questions=[asked, question("when")])

    case = file_one(site, staff, **{"answer-threat": answer})

    assert (case.priority, case.is_integrity, case.answers) == (priority, True, {"threat": [answer]})


def test_private_is_private(site: Site) -> None:
    assert file_one(site, make_category(), privacy="private").is_private
    staff = file_one(site, make_category("Staff", is_integrity=True))
    assert (staff.is_private, staff.is_integrity) == (True, True)


def test_pressing_twice_makes_one_case_and_leads_to_the_same_page(site: Site) -> None:
    page = go_to_check(site, make_category())

    first = site.submit(page, form=f"{NEW}/check")
    second = site.submit(page, form=f"{NEW}/check")

    assert first.path == second.path
    assert first.all(".big-code") == second.all(".big-code")
    assert len(cases()) == 1


def test_a_lost_answer_loses_neither_the_case_nor_its_pin(site: Site) -> None:
    page = go_to_check(site, make_category())
    form = page.form(f"{NEW}/check")
    cookie = site.cookie("cps")
    first = site.submit(page, form=form.action)
    site.client.set_cookie("cps", str(cookie), domain="localhost")  # as if no answer had ever come

    again = site.submit(page, form=form.action)

    assert again.all(".big-code") == first.all(".big-code")
    assert len(cases()) == 1


def test_two_windows_make_one_case(site: Site) -> None:
    category = make_category()
    one, other = go_to_check(site, category), site.get(f"{NEW}/check")

    first, second = (site.submit(page, form=f"{NEW}/check") for page in (one, other))

    assert first.path == second.path
    assert len(cases()) == 1


def test_an_old_window_does_not_send_what_was_changed_in_another(site: Site) -> None:
    category = make_category()
    old = go_to_check(site, category)
    tell_words(site, category, "Quite another thing")

    page = site.submit(old, form=f"{NEW}/check")

    assert page.path == f"{NEW}/check"
    assert page.status == 409
    assert page.has("Something changed in another window.")
    assert page.has("Quite another thing")
    assert cases() == []
    assert send(site).has("Sent. Thank you!")


def test_an_old_window_of_a_sent_complaint_does_not_send_the_next_one(site: Site) -> None:
    category = make_category()
    old = go_to_check(site, category)
    site.submit(old, form=f"{NEW}/check")
    go_to_check(site, category, "The next one")

    page = site.submit(old, form=f"{NEW}/check")

    assert page.has("Sent. Thank you!")
    assert [case.body for case in cases()] == ["A deep hole in the road"]


def test_eight_at_once_make_one_case(site: Site, application: Application) -> None:
    page = go_to_check(site, make_category())
    data = page.form(f"{NEW}/check").filled({}, None)
    cookie = str(site.cookie("cps"))
    start, answers = threading.Barrier(8), []

    def press() -> None:
        client = application.app.test_client()
        client.set_cookie("cps", cookie, domain="localhost")
        start.wait()
        answer = client.post(f"{NEW}/check", data=MultiDict(data), headers=OWN)
        answers.append((answer.status_code, answer.headers.get("Location")))

    threads = [threading.Thread(target=press) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()

    [case] = cases()
    reference = f"{case.reference[:4]}-{case.reference[4:8]}-{case.reference[8:]}"
    assert set(answers) == {(303, f"{NEW}/done/{reference}")}
    assert len(answers) == 8
    assert len(db.session.scalars(select(FormKey).filter_by(purpose="complaint")).all()) == 1
    assert len(db.session.scalars(select(OutboxFact)).all()) == 1


@pytest.mark.parametrize("key", ["", "x", "a" * 5_000, "\x00", "🚧"])
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_a_forged_key_sends_nothing(site: Site, key: str) -> None:
    go_to_check(site, make_category())

    page = site.post_raw(f"{NEW}/check", {"form_key": key})

    assert page.status == 409
    assert cases() == []


def test_a_category_that_is_no_longer_offered_is_asked_anew(site: Site) -> None:
    category = make_category()
    go_to_check(site, category)
    with transaction() as session:
        session.get_one(Category, category.id).is_active = False

    assert send(site).path == f"{NEW}/words"
    assert cases() == []


def test_what_looks_automatic_is_filed_and_marked_for_staff_only(site: Site, clock: Clock) -> None:
    go_to_check(site, make_category())
    clock.move(minutes=2)

    page = send(site, website="https://spam.example")

    [case] = cases()
    assert page.has("Sent. Thank you!")
    assert len(notes(case)) == 1
    assert not site.another().get(f"/complaints/{case.reference}").has("automatic")


def test_what_comes_faster_than_anybody_writes_is_marked_too(site: Site, clock: Clock) -> None:
    category = make_category()

    quick = file_one(site, category)
    go_to_check(site, category)
    clock.move(seconds=3)
    send(site)

    assert [len(notes(case)) for case in cases()] == [1, 0]
    assert quick.id == cases()[0].id


@pytest.mark.settings(rate_limits=True)
def test_very_many_from_one_device_must_wait_and_keep_what_they_wrote(site: Site, clock: Clock) -> None:
    category = make_category()
    for _number in range(20):
        file_one(site, category)
    go_to_check(site, category, "The one too many")

    page = send(site)

    assert page.status == 429
    assert int(page.header("Retry-After")) > 0
    assert page.has("Yours is kept")
    assert page.has("The one too many")
    assert site.another().get(NEW).status == 200
    clock.move(hours=1)
    assert send(site, button="Send my complaint").has("Sent. Thank you!")


@pytest.mark.settings(rate_limits=True)
def test_one_address_of_mail_is_not_written_to_without_end(site: Site) -> None:
    category = make_category()
    for _number in range(20):
        file_one(site.another(), category, email="victim@b.example")
    go_to_check(site, category, "One too many", email="Victim@B.example")

    refused = send(site)

    assert (refused.status, len(cases())) == (429, 20)
    assert refused.has("Yours is kept")
    assert file_one(site.another(), category, email="other@b.example")


@pytest.mark.settings(rate_limits=True)
def test_many_devices_of_one_address_are_not_in_each_others_way(site: Site) -> None:
    category = make_category()

    for _number in range(25):
        assert file_one(site.another(), category)


# The page that stays


def test_the_last_page_tells_number_pin_link_who_and_when(site: Site) -> None:
    go_to_check(site, make_category(), email="a@b.example")
    page = send(site)

    [case] = cases()
    number, pin = page.all(".big-code")
    assert number.replace("-", "") == case.reference
    assert (len(pin), pin.isdigit()) == (4, True)
    assert page.has("Roads")
    assert page.has("Monday 23 November")
    assert page.text_of(".filing-title") == "A deep hole in the road"
    assert page.has("We write to a@b.example at each step.")
    assert len(page.tree.css(".qr svg path")) == 1
    assert page.header("Cache-Control") == "no-store"
    assert page.link("Report another problem") == NEW


def test_the_secret_link_and_the_pin_open_the_case(site: Site) -> None:
    go_to_check(site, make_category(), privacy="private")
    page = send(site)
    link, (number, pin) = page.text_of("#link"), page.all(".big-code")

    by_link, by_pin = site.another(), site.another()

    assert by_link.get(link.removeprefix("http://localhost")).has("A deep hole in the road")
    assert not by_pin.get(f"/complaints/{number}").has("A deep hole in the road")
    assert by_pin.submit(f"/complaints/{number}/unlock", pin=pin).has("A deep hole in the road")


def test_the_last_page_is_the_same_after_reloading_and_after_another_report(site: Site) -> None:
    category = make_category()
    go_to_check(site, category)
    first = send(site)
    go_to_check(site, category, "Another thing")
    send(site)

    again = site.get(first.path)

    assert again.all(".big-code") == first.all(".big-code")


def test_others_are_led_from_the_last_page_to_the_case(site: Site) -> None:
    go_to_check(site, make_category(), privacy="private")
    page = send(site)
    pin = page.all(".big-code")[1]

    other = site.another().get(page.path)

    assert other.path == page.path.replace("/new/done", "")
    assert not other.has(pin)
    assert not other.has("A deep hole in the road")


def test_an_unknown_number_has_no_last_page(site: Site) -> None:
    assert site.get(f"{NEW}/done/2611-0000-0000").status == 404


def test_who_sent_it_reads_it_as_its_reporter(site: Site) -> None:
    go_to_check(site, make_category(), privacy="private")
    page = send(site)

    assert site.get(page.link("See my report")).has("A deep hole in the road")


def test_the_draft_keeps_nothing_that_was_written(site: Site) -> None:
    file_one(site, make_category(), "A very special hole", email="mina@example.org", name="Mina")

    [draft] = drafts()
    text = str(draft.content)
    assert draft.case_id == cases()[0].id
    assert not any(words in text for words in ("special", "mina", "Mina", "Mill Lane"))


def test_the_next_report_begins_empty(site: Site) -> None:
    go_to_check(site, make_category())
    page = send(site)

    assert site.get(page.link("Report another problem")).heading == "Do you have a photo?"
    assert site.get(f"{NEW}/place").form(f"{NEW}/place").value("address") == ""


def test_the_account_is_offered_to_visitors_only(site: Site) -> None:
    category = make_category()
    go_to_check(site, category)
    assert "Make one" in send(site).links

    site.sign_in(make_resident())
    go_to_check(site, category)
    assert "Make one" not in send(site).links
