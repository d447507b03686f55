"""A second pair of eyes at the desk: an officer asks by closing, a colleague decides."""

import pytest

from cps.accounts.models import Account
from cps.cases.models import Case
from cps.cases.rules import EventKind, Status
from cps.departments.models import Department
from tests.support.factories import make_category, make_complaint, make_officer, make_supervisor
from tests.support.site import Site
from tests.triage.steps import at, audited, do, events, now

WORDS = "Filled with asphalt."
END = {"outcome": "answered", "message": WORDS}


@pytest.fixture
def case(desk: Site, officer: Account, roads: Department) -> Case:
    category = make_category(needs={"second": ["answered"]}, department=roads)
    make_complaint(Status.IN_PROGRESS, department=roads)
    return make_complaint(Status.IN_PROGRESS, category=category, department=roads, assignee=officer)


def test_closing_asks_and_the_page_says_that_it_waits(desk: Site, case: Case) -> None:
    page = do(desk, case, "close", **END)

    assert "A colleague has to say yes" in page.text
    assert "waits for a colleague’s yes" in page.text
    assert "Check the closing" not in page.text
    assert "that waits for a colleague’s yes" in desk.get("/desk/field").text
    assert now(case).is_open
    assert WORDS not in desk.another().get(f"/complaints/{case.reference}").text


def test_a_colleague_finds_it_in_the_list_and_says_yes(desk: Site, case: Case, roads: Department) -> None:
    do(desk, case, "close", **END)
    site = desk.another().sign_in(make_officer(roads))

    assert "Second pair of eyes" in site.get("/desk?box=department").text
    page = do(site, case, "second", decision="yes")

    assert "The case is closed." in page.text
    assert WORDS in desk.another().get(f"/complaints/{case.reference}").text
    assert audited(case)[-2:] == ["ask-second", "move-case"]


def test_a_no_gives_the_officer_the_words_back_with_the_reason(
    desk: Site, case: Case, roads: Department
) -> None:
    do(desk, case, "close", **END)
    site = desk.another().sign_in(make_officer(roads))

    assert do(site, case, "second", decision="no").status == 422
    do(site, case, "second", decision="no", message="Say which street.")

    page = desk.get(at(case))
    assert "Say which street." in page.text
    assert page.form(at(case, "close")).value("message") == WORDS
    assert "Say which street." not in desk.another().get(f"/complaints/{case.reference}").text


def test_it_stands_on_the_supervisors_page_until_it_is_decided(
    desk: Site, case: Case, roads: Department
) -> None:
    chief = desk.another().sign_in(make_supervisor(roads))
    assert "Nothing waits for you." in chief.get("/desk/supervisor").text

    do(desk, case, "close", **END)
    assert "needs a second pair of eyes" in chief.get("/desk/supervisor").text

    do(chief, case, "second", decision="no", message="Not so.")
    assert "Nothing waits for you." in chief.get("/desk/supervisor").text


def test_asking_is_undone_within_ten_seconds(desk: Site, case: Case) -> None:
    page = do(desk, case, "close", **END)

    page = desk.submit(page, form="form[action*='undo']")

    assert "waits for a colleague’s yes" not in desk.get(at(case)).text
    assert len(events(case, EventKind.NOTED)) == 2
    assert now(case).is_open
