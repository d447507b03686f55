"""A second pair of eyes at the desk: an officer asks by closing, a colleague decides."""

import pytest
from sqlalchemy import select

from cps.accounts.models import Account
from cps.cases.models import Case
from cps.cases.queries import lock_case, lock_pair
from cps.cases.queries.seconding import waiting_closing
from cps.cases.rules import EventKind, Status
from cps.cases.services import join, part
from cps.cases.services.integrity import make_ordinary
from cps.core import clock as clocks
from cps.core import worker
from cps.core.db import db, transaction
from cps.departments.models import Category, Department
from cps.departments.queries import catalogue
from cps.notifications.models import Message
from tests.support.factories import (
    make_category,
    make_complaint,
    make_department,
    make_integrity_officer,
    make_officer,
    make_supervisor,
)
from tests.support.fixtures import Clock
from tests.support.site import Site
from tests.triage.steps import at, audited, do, events, now

WORDS = "Filled with asphalt."
END = {"outcome": "answered", "message": WORDS}


@pytest.fixture
def case(desk: Site, officer: Account, roads: Department) -> Case:
    category = make_category(needs={"second": ["answered"]}, department=roads)
    make_complaint(Status.IN_PROGRESS, department=roads)
    return make_complaint(Status.IN_PROGRESS, category=category, department=roads, assignee=officer)


def letters() -> int:
    """Return how many letters were written about ends that wait."""
    return sum("Second pair of eyes" in one.subject for one in db.session.scalars(select(Message)))


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

    desk.submit(page, form="form[action*='undo']")

    assert "waits for a colleague’s yes" not in desk.get(at(case)).text
    assert len(events(case, EventKind.NOTED)) == 2  # the asking, which staff can read, and the undoing
    assert now(case).is_open


def test_asked_anew_after_it_was_undone_it_waits_and_the_supervisors_get_one_letter(
    desk: Site, case: Case, roads: Department, clock: Clock
) -> None:
    make_supervisor(roads)
    page = do(desk, case, "close", **END)
    desk.submit(page, form="form[action*='undo']")

    page = do(desk, case, "close", **END)
    clock.move(seconds=30)
    worker.run_until_idle()

    assert "waits for a colleague’s yes" in page.text
    assert letters() == 1


def test_an_end_that_is_written_anew_at_once_is_one_letter(
    desk: Site, case: Case, roads: Department, clock: Clock
) -> None:
    make_supervisor(roads)
    do(desk, case, "close", **END)
    do(desk, case, "close", **END | {"message": "Filled with gravel."})
    clock.move(seconds=30)
    worker.run_until_idle()

    assert letters() == 1


def test_who_was_told_no_does_not_close_it_because_the_colleague_took_it(
    desk: Site, roads: Department, case: Case
) -> None:
    free = make_complaint(Status.IN_PROGRESS, category=case.category, department=roads)
    do(desk, free, "close", **END)
    site = desk.another().sign_in(make_officer(roads))
    do(site, free, "take")
    do(site, free, "second", decision="no", message="The hole is still there.")

    do(desk, free, "close", **END)

    assert now(free).is_open


def test_a_no_is_not_said_any_more_of_a_case_that_was_closed_since(
    desk: Site, case: Case, roads: Department
) -> None:
    site = desk.another().sign_in(make_officer(roads))
    do(desk, case, "close", **END)
    do(site, case, "second", decision="no", message="Say which street.")
    do(desk, case, "close", **END)
    do(site, case, "second", decision="yes")

    do(desk, case, "reopen", message="It is open again.")

    page = desk.get(at(case))
    assert "said no to closing it" not in page.text
    assert page.form(at(case, "close")).value("message") != WORDS


def test_an_end_does_not_wait_at_the_next_department(desk: Site, case: Case) -> None:
    parks = make_department("Parks")
    do(desk, case, "close", **END)
    page = do(desk, case, "transfer", department=parks.code, reason="It is a tree.")

    there = desk.another().sign_in(make_officer(parks))
    answer = {"decision": "yes", "version": now(case).version, "form_key": "a" * 24}
    assert "wants to close it" not in there.get(at(case)).text
    assert there.post_raw(at(case, "second"), answer).status == 422
    assert now(case).is_open

    desk.submit(page, form="form[action*='undo']")
    assert "waits for a colleague’s yes" in desk.get(at(case)).text


def test_what_integrity_officers_wanted_to_write_is_read_by_nobody_else(
    desk: Site, roads: Department
) -> None:
    keeper, second = make_integrity_officer(), make_integrity_officer()
    staff = make_category("Staff", is_integrity=True, department=make_department("Parks"),
                          needs={"second": ["answered"]})  # fmt: skip
    case = make_complaint(category=staff, is_private=True, is_integrity=True, assignee=keeper)
    asking, saying = desk.another().sign_in(keeper), desk.another().sign_in(second)
    told = {"outcome": "answered", "message": "Inspector Doe took no money."}
    do(asking, case, "close", **told)
    do(saying, case, "second", decision="no", message="Doe did.")
    do(asking, case, "close", **told)

    lamp = make_category("Lamp", department=roads).id
    with transaction():
        plain = catalogue().categories[lamp]
        locked, by = lock_case(case.reference), db.session.get_one(Account, keeper.id)
        make_ordinary(locked, plain, by=by, at=clocks.now(), reason="It is about a lamp.")

    page = desk.get(at(case))
    assert page.status == 200
    assert "Doe" not in page.text
    assert "to closing it, " not in page.text
    assert not [one for one in page.forms if one.action.startswith(at(case, "second"))]


def need_no_more(case: Case) -> None:
    """Let the category of a case want a second pair of eyes no more."""
    with transaction():
        db.session.get_one(Category, case.category_id).needs = {}


def test_what_waits_stays_to_be_decided_where_its_category_needs_it_no_more(
    desk: Site, case: Case, roads: Department
) -> None:
    chief = desk.another().sign_in(make_supervisor(roads))
    do(desk, case, "close", **END)
    need_no_more(case)

    assert "needs a second pair of eyes" in chief.get("/desk/supervisor").text
    assert "Second pair of eyes" in chief.get("/desk?box=department").text
    assert "Its category does not need one any more" in desk.get(at(case)).text
    assert "that waits for a colleague’s yes" in desk.get("/desk/field").text
    page = do(chief, case, "second", decision="yes")

    assert "The case is closed." in page.text
    assert WORDS in desk.another().get(f"/complaints/{case.reference}").text
    assert "Nothing waits for you." in chief.get("/desk/supervisor").text


def test_what_waits_is_over_once_its_officer_closes_directly(
    desk: Site, case: Case, roads: Department, clock: Clock
) -> None:
    chief = desk.another().sign_in(make_supervisor(roads))
    do(desk, case, "close", **END)
    need_no_more(case)

    page = do(desk, case, "close", **END | {"message": "Filled with gravel."})

    assert "The case is closed." in page.text
    assert waiting_closing(case.id) is None
    assert "Nothing waits for you." in chief.get("/desk/supervisor").text
    clock.move(seconds=30)
    public = desk.another().get(f"/complaints/{case.reference}").text
    assert "Filled with gravel." in public
    assert WORDS not in public


def test_what_waits_is_over_once_its_case_is_joined_and_waits_again_once_that_is_undone(
    desk: Site, case: Case, roads: Department
) -> None:
    into = make_complaint(category=case.category, department=roads)
    do(desk, case, "close", **END)
    need_no_more(case)

    with transaction():
        locked, other = lock_pair(case.reference, into.reference)
        by = db.session.get_one(Account, locked.assignee_id)
        join(locked, other, by=by, at=clocks.now(), message="It is the same hole.")
    assert waiting_closing(case.id) is None
    assert "wants to close it" not in desk.another().sign_in(make_supervisor(roads)).get(at(case)).text

    with transaction():
        locked, other = lock_pair(case.reference, into.reference)
        by = db.session.get_one(Account, locked.assignee_id)
        part(locked, other, by=by, at=clocks.now(), message="It is another hole.")
    assert "waits for a colleague’s yes" not in desk.get(at(case)).text
