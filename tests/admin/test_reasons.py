"""Reasons for a no: set by administrators, chosen by officers, read by residents in their language."""

import pytest

from cps.cases.reference import display
from cps.cases.rules import EventKind, Outcome, Status
from cps.departments import queries
from cps.departments.models import Category, Department
from tests.support.factories import (
    make_administrator,
    make_category,
    make_complaint,
    make_department,
    make_officer,
    make_reason,
)
from tests.support.fixtures import Clock
from tests.support.site import Site
from tests.triage.steps import at, do, events, now
from tests.triage.test_bulk import select_in_list

REASONS = "/admin/reasons"


@pytest.fixture
def roads(app: object) -> Department:
    return make_department("Roads")


@pytest.fixture
def category(roads: Department) -> Category:
    return make_category("Lamp", department=roads)


def test_a_reason_is_made_changed_moved_and_retired_with_a_history(site: Site) -> None:
    site.sign_in(make_administrator(display_name="Ada"))
    make_reason("law", "not-ours")
    site.submit(f"{REASONS}/new", text_en="No money this year.", endings=["cannot-be-done", "not-ours"])
    law, money = queries.decline_reasons()
    assert (money.code, money.endings) == ("no-money-this-year", ["cannot-be-done", "not-ours"])

    site.submit(f"{REASONS}/{money.id}", text_en="There is no money this year.")
    site.post_raw(f"{REASONS}/{law.id}/move", {"to": "down"})
    assert [one.code for one in queries.decline_reasons()] == ["no-money-this-year", "law"]
    site.submit(f"{REASONS}/{money.id}", is_active=False)

    assert [one.code for one in queries.offered_reasons()] == ["law"]
    page = site.get(f"{REASONS}/{money.id}")
    assert "No money this year. → There is no money this year." in page.text
    assert "Ada" in page.text


def test_a_reason_without_words_or_ending_is_refused_and_what_was_typed_is_kept(site: Site) -> None:
    site.sign_in(make_administrator())

    page = site.submit(f"{REASONS}/new", text_en="No money.")

    assert (page.status, page.has("Choose at least one ending.")) == (422, True)
    assert page.form(f"{REASONS}/new").value("text_en") == "No money."


def test_a_no_needs_a_reason_of_its_ending_and_residents_read_it_before_the_words_in_their_language(
    site: Site, roads: Department, category: Category, clock: Clock
) -> None:
    make_reason("money")
    make_reason("land", "not-ours")
    make_reason("old", is_active=False)
    case = make_complaint(Status.IN_PROGRESS, category=category)
    site.sign_in(make_officer(roads))
    for wrong in ("", "land"):
        page = do(site, case, "close", outcome="cannot-be-done", message="Next year, perhaps.", reason=wrong)
        assert page.all(".error-summary li") == [
            "Choose a reason that is for this ending; the resident reads it first."
        ]
    site.submit(page, form=at(case, "close"), reason="money")

    assert now(case).outcome is Outcome.CANNOT_BE_DONE
    kept = events(case, EventKind.MOVED)[-1].data["reason"]
    assert kept == {"code": "money", "text": {"en": "Reason money.", "ko": "이유 money."}}
    clock.move(seconds=11)
    resident = site.another()
    resident.client.set_cookie("lang", "ko")
    told = resident.get(f"/complaints/{display(case.reference)}").text
    assert told.index("이유 money.") < told.index("Next year, perhaps.")


def test_many_that_are_not_the_citys_are_told_why_and_whose_they_are(
    site: Site, roads: Department, category: Category
) -> None:
    make_reason("land", "not-ours")
    case = make_complaint(Status.IN_PROGRESS, category=category)
    site.sign_in(make_officer(roads))
    page = select_in_list(site, case)
    many = {"act": "move", "move": "not-ours", "message": "Please ask there."}

    page = site.submit(page, form=".bulk-form", **many)
    assert page.all(".error-summary li") == [
        "Say whose it is, so that the resident knows whom to ask.",
        "Choose a reason that is for this ending; the resident reads it first.",
    ]
    page = site.submit(page, form=".bulk-form", whose="The railway", reason="land")
    assert page.has("Reason land.")
    site.submit(page, form=".bulk-buttons form")

    told = events(case, EventKind.MOVED)[-1].data
    assert (told["whose"], told["reason"]["code"]) == ("The railway", "land")
