"""The list beside the case: boxes, filters in the address, who gets in, what each row says."""

from datetime import timedelta

import pytest

from cps.cases.reference import display
from cps.cases.rules import Audience, EventKind, Priority, Status
from cps.core import clock, search
from cps.departments.models import Department
from cps.triage.queries import QUEUE_SIZE
from tests.support.factories import (
    make_agent,
    make_category,
    make_complaint,
    make_department,
    make_event,
    make_integrity_officer,
    make_officer,
    make_resident,
    make_ward,
    question,
    save,
    triage_department,
)
from tests.support.fixtures import Clock
from tests.support.page import Page
from tests.support.site import Site
from tests.triage.steps import at

DAY = timedelta(days=1)


def titles(page: Page) -> list[str]:
    return page.all(".desk-title")


def counts(page: Page) -> dict[str, str]:
    """Return the boxes that are counted, each with its number."""
    names = page.all(".desk-boxes a:has(.number) span:first-child")
    return dict(zip(names, page.all(".desk-boxes .number"), strict=True))


def test_the_desk_opens_with_what_is_new_and_counts_every_box(desk: Site, roads: Department) -> None:
    make_complaint(department=roads, title="New one")
    make_complaint(Status.PLANNED, department=roads, title="Planned one")
    make_complaint(title="Of others")

    page = desk.get("/desk")

    assert titles(page) == ["New one"]
    assert counts(page) == {
        "New": "1",
        "Handed to you": "0",
        "Mine": "0",
        "My department": "2",
        "Due today": "0",
        "Late": "0",
        "Reply received": "0",
        "Reopen asked": "0",
    }
    assert page.text_of(".desk-boxes [aria-current] span:first-child") == "New"


def test_a_box_is_an_address(desk: Site, roads: Department) -> None:
    make_complaint(department=roads)
    make_complaint(Status.PLANNED, department=roads, title="Planned one", due_at=clock.now() - DAY)

    desk.get("/desk")

    assert titles(desk.follow("Late")) == ["Planned one"]


def test_an_empty_box_says_what_will_appear_in_it(desk: Site) -> None:
    page = desk.get("/desk?box=late")

    assert page.has("Nothing is late")
    assert page.has("Cases past their date appear here.")


def test_an_officer_without_a_department_has_an_empty_desk(site: Site) -> None:
    make_complaint()
    officer = make_officer()

    assert titles(site.sign_in(officer).get("/desk?box=department")) == []


@pytest.mark.parametrize("path", ["/desk", "/desk/2611-0000-0000"])
def test_the_desk_is_not_there_for_those_who_do_not_work_cases(site: Site, path: str) -> None:
    for account in (make_resident(), make_agent()):
        assert site.another().sign_in(account).get(path).status == 404


def test_a_visitor_is_led_to_the_sign_in_and_back(site: Site) -> None:
    page = site.get("/desk?box=late", follow=False)

    assert page.status == 303
    assert "next=/desk?box%3Dlate" in page.header("Location") or "box%3Dlate" in page.header("Location")


def test_a_case_of_another_department_is_not_there(desk: Site) -> None:
    assert desk.get(at(make_complaint())).status == 404


def test_triage_sees_the_cases_of_all_departments_with_their_names(site: Site) -> None:
    make_complaint(department=make_department("Water"), title="A pipe")

    page = site.sign_in(make_officer(triage_department())).get("/desk?box=department")

    assert titles(page) == ["A pipe"]
    assert "Water" in page.text_of(".desk-meta")
    assert "All departments" in counts(page)


def test_a_complaint_about_staff_is_seen_by_the_integrity_officer_alone(
    site: Site, roads: Department
) -> None:
    staff = make_category("Staff", is_integrity=True, department=roads)
    case = make_complaint(category=staff, title="About staff", is_private=True, is_integrity=True)

    for officer in (make_officer(roads), make_officer(triage_department())):
        other = site.another().sign_in(officer)
        assert other.get(at(case)).status == 404
        assert titles(other.get("/desk?box=department")) == []
    assert titles(site.sign_in(make_integrity_officer()).get("/desk?box=department")) == ["About staff"]
    assert site.get(at(case)).heading == "About staff"


def test_a_private_case_is_marked_and_open_to_its_department(desk: Site, roads: Department) -> None:
    case = make_complaint(department=roads, is_private=True)

    assert "Private" in desk.get("/desk").text_of(".desk-meta")
    assert desk.get(at(case)).heading == case.title


def test_filters_stay_in_the_address_of_every_case_and_of_what_is_done_to_it(
    desk: Site, roads: Department
) -> None:
    ward = make_ward("harbour", name={"en": "Harbour"})
    make_complaint(Status.PLANNED, department=roads, ward=ward, title="Here")
    make_complaint(Status.PLANNED, department=roads, title="Elsewhere")

    page = desk.get("/desk?box=department&status=planned&ward=harbour")
    assert titles(page) == ["Here"]
    assert page.all(".chips a") == ["Remove filter: Planned", "Remove filter: Harbour"]

    case_page = desk.follow("Here")
    forms = [form.action for form in case_page.forms if form.method == "POST"]
    assert forms
    assert all("box=department" in a and "status=planned" in a and "ward=harbour" in a for a in forms)
    assert "status=planned" in case_page.link("Back to the list")
    assert titles(case_page) == ["Here"]

    assert set(titles(desk.get(case_page.link("Remove filter: Harbour")))) == {"Here", "Elsewhere"}


@pytest.mark.parametrize(
    "query",
    [
        "box=none&status=gathering&category=zzz&department=zzz&ward=zzz&priority=high",
        "status=draft&after=xyz",
        "status[]=planned&box=%00&ward=%00&category=%F0%9F%98%80",
        "priority=%E2%80%AEurgent&department=" + "a" * 3000,
    ],
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_filters_that_do_not_exist_are_ignored(desk: Site, roads: Department, query: str) -> None:
    case = make_complaint(department=roads)

    for page in (desk.get(f"/desk?{query}"), desk.get(at(case, query=f"?{query}"))):
        assert page.status == 200
        assert titles(page) == [case.title]
        assert page.all(".chips a") == []
        assert "zzz" not in "".join(link for link in page.links.values() if link.startswith("/desk"))


@pytest.mark.parametrize("words", ["bakery", "", "%00", "a" * 5000, "%E2%80%AE", "&q=twice", "'; --"])
def test_whatever_is_searched_the_page_stands(desk: Site, roads: Department, words: str) -> None:
    make_complaint(department=roads, search_text=search.search_text("In front of the bakery"))

    assert desk.get(f"/desk?q={words}").status == 200


def test_words_narrow_the_box(desk: Site, roads: Department) -> None:
    make_complaint(department=roads, title="Found", search_text=search.search_text("In front of the bakery"))
    make_complaint(department=roads, title="Other", search_text=search.search_text("Elsewhere"))

    page = desk.submit("/desk", form="form.search", q="Bakery")

    assert titles(page) == ["Found"]
    assert page.value_of("#search-q") == "Bakery"


def test_the_number_of_a_case_leads_straight_to_it_also_when_it_is_closed(
    desk: Site, roads: Department
) -> None:
    case = make_complaint(Status.CLOSED, department=roads)

    page = desk.submit("/desk?box=late", form="form.search", q=f" {display(case.reference)} ")

    assert page.path == at(case, query="?box=late")


def test_the_number_of_a_case_of_others_finds_nothing(desk: Site) -> None:
    page = desk.get(f"/desk?q={make_complaint().reference}")

    assert page.path.startswith("/desk?q=")
    assert page.has("Nothing fits")


def test_a_long_box_is_read_page_by_page_without_loss(desk: Site, roads: Department) -> None:
    category = make_category(department=roads)
    for number in range(QUEUE_SIZE + 3):
        make_complaint(category=category, title=f"no. {number}", due_at=clock.now() + (number % 5) * DAY)

    first = desk.get("/desk")
    second = desk.follow("Show more")

    assert (len(titles(first)), len(titles(second))) == (QUEUE_SIZE, 3)
    assert len({*titles(first), *titles(second)}) == QUEUE_SIZE + 3
    opened = desk.follow(titles(second)[0])
    assert titles(opened) == titles(second)
    assert titles(desk.get(opened.link("Back to the list"))) == titles(second)


def test_a_row_says_what_place_how_old_how_many_and_who(desk: Site, roads: Department, clock: Clock) -> None:
    category = make_category("Lamp", department=roads)
    make_complaint(
        Status.REOPEN_ASKED,
        outcome=None,
        category=category,
        assignee=make_officer(roads, display_name="Kim Haneul"),
        address="Mill Lane 12",
        support_count=12,
        priority=Priority.URGENT,
        has_unread_reply=True,
        due_at=clock.now - 2 * DAY,
        at=clock.now - 4 * DAY,
    )

    page = desk.get("/desk?box=reopened")

    meta = page.text_of(".desk-meta")
    for words in (
        "Urgent",
        "Reply received",
        "Reopen asked",
        "Mill Lane 12",
        "Lamp",
        "4 days ago",
        "12 back it",
    ):
        assert words in meta
    assert "Kim Haneul" in meta
    assert page.text_of(".desk-line .pill") == "2 days late"


def test_on_the_desk_only_late_is_red(desk: Site, roads: Department) -> None:
    case = make_complaint(department=roads, priority=Priority.URGENT, is_private=True)
    make_complaint(Status.REOPEN_ASKED, department=roads, outcome=None, has_unread_reply=True)

    assert "is-waiting" not in desk.get("/desk?box=department").html
    assert "is-waiting" not in desk.get(at(case)).html


def test_a_late_case_says_so_in_words_and_in_red(desk: Site, roads: Department, clock: Clock) -> None:
    case = make_complaint(department=roads, due_at=clock.now - DAY)

    assert desk.get(at(case)).text_of(".desk-head .is-waiting") == "1 day late"


def test_the_case_stands_beside_the_list_with_everything_staff_know(desk: Site, roads: Department) -> None:
    lamp = make_category("Lamp", department=roads, questions=[question("pole", label={"en": "Number?"})])
    case = make_complaint(category=lamp, address="Mill Lane 12", answers={"pole": ["7"]}, ward=make_ward())
    officer = make_officer(roads, display_name="Kim Haneul")
    make_event(case, EventKind.NOTED, audience=Audience.STAFF, actor_id=officer.id, message="Call the depot.")
    make_event(case, EventKind.REPLIED, audience=Audience.REPORTER, message="It is the left one.")

    page = desk.get(at(case))

    for words in ("Mill Lane 12", "Number?", "7", "Call the depot.", "Kim Haneul", "It is the left one."):
        assert page.has(words)
    assert page.has("Only the reporter and the city can read this.")
    assert page.all('.desk-row[aria-current="true"] .desk-title') == [case.title]


def test_the_story_says_from_what_to_what(desk: Site, roads: Department) -> None:
    water = make_department("Water")
    old, new = make_category("Old", department=roads), make_category("New kind", department=roads)
    case = make_complaint(category=new)
    officer = make_officer(water, display_name="Kim Haneul")
    for kind, data in [
        (EventKind.TRANSFERRED, {"from": water.id, "to": roads.id}),
        (EventKind.CATEGORISED, {"from": old.id, "to": new.id}),
        (EventKind.PRIORITISED, {"to": "urgent"}),
        (EventKind.ASSIGNED, {"to": officer.id}),
        (EventKind.ASSIGNED, {"to": None}),
        (EventKind.CATEGORISED, {"from": 98765, "to": 98766}),
    ]:
        make_event(case, kind, audience=Audience.STAFF, data=data)

    page = desk.get(at(case))

    for words in ("From “Water” to “Roads”", "From “Old” to “New kind”", "Urgent", "Given to Kim Haneul"):
        assert page.has(words)
    assert page.has("Given back to the department")


def test_the_map_of_a_case_has_its_one_point_for_those_who_work_it(
    desk: Site, site: Site, roads: Department
) -> None:
    case, nowhere = make_complaint(department=roads, ward=make_ward()), make_complaint(department=roads)

    points = desk.get(at(case, "place.geojson")).json

    assert points["features"][0]["geometry"]["coordinates"] == [case.lon, case.lat]
    assert desk.get(at(nowhere, "place.geojson")).json["features"] == []
    assert desk.get(at(make_complaint(), "place.geojson")).status == 404


def test_a_case_joined_to_another_leads_there(desk: Site, roads: Department) -> None:
    into = make_complaint(department=roads)
    case = make_complaint(Status.CLOSED, department=roads, joined_to_id=into.id)

    assert desk.get(at(case)).link(display(into.reference)).startswith(at(into))


def test_very_long_and_strange_words_are_shown_as_they_are(desk: Site, roads: Department) -> None:
    body = "<script>alert(1)</script> " + "길고 긴 글 " * 1500
    case = make_complaint(department=roads, title="<b>" + "W" * 197, body=body, language="ko")

    page = desk.get(at(case))

    assert page.heading == case.title
    assert "<script>alert" not in page.html
    assert page.text_of(".desk-case > .words").startswith("<script>alert(1)</script> 길고 긴 글")


def test_statements_do_not_grow_with_the_rows(desk: Site, roads: Department) -> None:
    category = make_category(department=roads)
    asked = []
    for _time in range(2):
        for _case in range(4):
            case = make_complaint(category=category, ward=make_ward(), assignee=make_officer(roads))
        desk.get("/desk?box=department")
        desk.get("/desk?box=department")
        asked.append(len([s for s in desk.statements if s.startswith("SELECT")]))
        desk.get(at(case))
        desk.get(at(case))
        asked.append(len([s for s in desk.statements if s.startswith("SELECT")]))

    assert asked[:2] == asked[2:]
    assert (asked[0] <= 8, asked[1] <= 25) == (True, True), asked


def test_a_category_or_ward_that_is_used_no_more_is_still_named(desk: Site, roads: Department) -> None:
    ward, category = make_ward(name={"en": "Old harbour"}), make_category("Old lamp", department=roads)
    case = make_complaint(category=category, ward=ward, address="")
    ward.is_active = category.is_active = False
    save(ward, category)

    page = desk.get(at(case))

    assert "Old harbour" in page.text_of(".desk-meta")
    assert page.has("Old lamp")
    assert page.form(f"{at(case)}/sort").value("category") == category.code
