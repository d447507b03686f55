"""What residents said of answers: counted by category and department, each number with its cases."""

from datetime import timedelta

import pytest

from cps.cases.models import Case
from cps.cases.rules import EventKind, Outcome, Status
from cps.core import clock as clocks
from cps.departments.models import Category, Department
from tests.support.factories import make_category, make_complaint, make_event, make_supervisor
from tests.support.site import Site

ANSWERS = "/desk/supervisor/answers"


@pytest.fixture
def head(site: Site, roads: Department) -> Site:
    """A supervisor of the department."""
    return site.sign_in(make_supervisor(roads))


def closed(category: Category, title: str, **more: object) -> Case:
    return make_complaint(Status.CLOSED, category=category, title=title, **more)


def test_each_number_of_a_category_leads_to_its_cases(
    head: Site, roads: Department, category: Category
) -> None:
    happy, unhappy = closed(category, "Happy"), closed(category, "Unhappy", reopened=1)
    closed(category, "Silent")
    closed(make_category("Signs", department=roads), "Sign")
    closed(make_category("Elsewhere"), "Not ours to see")
    closed(category, "Old", at=clocks.now() - timedelta(days=40))
    into = closed(category, "Kept")
    closed(category, "Joined", outcome=Outcome.JOINED, joined_to_id=into.id)
    make_event(happy, EventKind.CONFIRMED_FIXED)
    make_event(unhappy, EventKind.REOPEN_ASKED)

    page = head.get(ANSWERS)

    rows = {row.split()[0]: row for row in page.all("tbody tr")}
    assert "Elsewhere" not in rows
    for what, titles in {
        "answered": {"Happy", "Unhappy", "Silent", "Kept"},
        "yes": {"Happy"},
        "no": {"Unhappy"},
        "reopened": {"Unhappy"},
    }.items():
        behind = head.get(f"{ANSWERS}?said={what}&category={category.code}").text_of("#cases")
        assert {one for one in ("Happy", "Unhappy", "Silent", "Kept", "Sign", "Old", "Joined", "Not ours")
                if one in behind.split()} == titles  # fmt: skip
        assert f"said={what}&category={category.code}" in page.html.replace("&amp;", "&")
    assert "50%" in rows["Lamp"]
    assert "25%" in rows["Lamp"]


def test_a_made_up_number_shows_the_tables_alone(head: Site, category: Category) -> None:
    closed(category, "Happy")

    page = head.get(f"{ANSWERS}?said=x&category=nothing")

    assert page.status == 200
    assert not page.all("#cases")
