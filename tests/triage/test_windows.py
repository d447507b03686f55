"""Closed cases are looked for among so many that were closed last, and the desk says where it stopped."""

from datetime import timedelta
from importlib import import_module

import pytest

from cps.accounts.models import Account
from cps.accounts.rules import Role
from cps.cases.rules import Status
from cps.cases.rules.boxes import Box as Area
from cps.core import search
from cps.departments.models import Category, Department
from cps.triage import queries
from cps.triage.queries import Moment, counting
from cps.triage.queries.counting import Count
from cps.triage.queries.queue import Listed
from cps.triage.rules import Box
from cps.triage.wanted import Queue, Sort, Within
from tests.support.factories import (
    make_account,
    make_category,
    make_complaint,
    make_department,
    make_integrity_officer,
    make_officer,
    triage_department,
)
from tests.support.fixtures import WEDNESDAY
from tests.support.site import Site

DAY = timedelta(days=1)
NOW = Moment(WEDNESDAY, WEDNESDAY + DAY, WEDNESDAY + 4 * DAY)
KOREAN = Queue(Box.CLOSED, language="ko")


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four cases are looked at by a list, three by a count."""
    monkeypatch.setattr(import_module("cps.triage.queries.queue"), "LOOKED_AT", 4)
    monkeypatch.setattr(counting, "MOST_LOOKED_AT", 3)
    monkeypatch.setattr(counting, "MOST_READ", 2)


def closed(category: Category, days: int, title: str, language: str = "en", **columns: object) -> None:
    at = WEDNESDAY - days * DAY
    made = {"title": title, "language": language, "category": category, **columns}
    make_complaint(Status.CLOSED, at=at - DAY, closed_at=at, **made)  # type: ignore[arg-type]


def titles(page: Listed) -> list[str]:
    return [row.title for row in page.rows]


def korean_far_back(category: Category) -> None:
    """Six closed cases, of which the one of yesterday and the two oldest are in Korean."""
    for days, language in enumerate(["ko", "en", "en", "en", "ko", "ko"], 1):
        closed(category, days, f"{days} days", language)


@pytest.mark.usefixtures("looked_at")
def test_a_page_that_is_not_full_leads_on_to_where_was_not_looked(
    category: Category, officer: Account
) -> None:
    korean_far_back(category)

    first = queries.queue(KOREAN, officer, NOW)
    second = queries.queue(KOREAN, officer, NOW, after=first.next_key)

    assert titles(first) == ["1 days"]
    assert first.looked_to == WEDNESDAY - 4 * DAY
    assert titles(second) == ["5 days", "6 days"]
    assert (second.next_key, second.looked_to) == (None, None)


@pytest.mark.usefixtures("looked_at")
def test_from_the_oldest_on_it_leads_forward(category: Category, officer: Account) -> None:
    korean_far_back(category)
    oldest_first = Queue(Box.CLOSED, language="ko", sort=Sort.CLOSED_FIRST)

    first = queries.queue(oldest_first, officer, NOW)

    assert titles(first) == ["6 days", "5 days"]
    assert first.looked_to == WEDNESDAY - 3 * DAY
    assert titles(queries.queue(oldest_first, officer, NOW, after=first.next_key)) == ["1 days"]


@pytest.mark.usefixtures("looked_at")
def test_a_full_page_leads_on_from_its_last_case(category: Category, officer: Account) -> None:
    korean_far_back(category)
    every = Queue(Box.CLOSED)

    first = queries.queue(every, officer, NOW, size=3)

    assert titles(first) == ["1 days", "2 days", "3 days"]
    assert first.looked_to is None
    assert titles(queries.queue(every, officer, NOW, after=first.next_key, size=3)) == [
        "4 days",
        "5 days",
        "6 days",
    ]


@pytest.mark.usefixtures("looked_at")
def test_what_other_departments_closed_takes_no_place(category: Category, officer: Account) -> None:
    for number in range(9):
        closed(make_category(f"Water {number}"), 1, "of others", "ko")
    closed(category, 2, "own", "ko")

    assert titles(queries.queue(KOREAN, officer, NOW)) == ["own"]
    assert queries.counts(officer, NOW, [KOREAN])[1] == [Count(1)]


@pytest.mark.usefixtures("looked_at")
def test_a_category_is_looked_for_among_its_own_cases(category: Category) -> None:
    everywhere = make_officer(triage_department())
    for days in range(1, 9):
        closed(make_category(f"Water {days}"), days, "of others")
    closed(category, 20, "own")

    assert titles(queries.queue(Queue(Box.CLOSED, category_id=category.id), everywhere, NOW)) == ["own"]


@pytest.mark.usefixtures("looked_at")
def test_who_works_in_two_departments_sees_both_in_order(category: Category, roads: Department) -> None:
    parks = make_department("Parks")
    both = make_account(Role.OFFICER, departments=[roads, parks])
    closed(category, 1, "road")
    closed(make_category("Tree", department=parks), 2, "park")
    closed(make_category("Water"), 2, "of others")
    closed(category, 3, "road before")

    first = queries.queue(Queue(Box.CLOSED), both, NOW)

    assert titles(first) == ["road", "park", "road before"]
    assert queries.counts(both, NOW, [Queue(Box.CLOSED)])[1] == [Count(3, is_more=True)]


@pytest.mark.usefixtures("looked_at")
def test_words_and_places_are_found_however_long_ago(category: Category, officer: Account) -> None:
    for days in range(1, 9):
        closed(category, days, "lamp")
    closed(category, 20, "bridge", search_text=search.search_text("old bridge"), lat=37.5, lon=127.0)

    for wanted in (
        Queue(Box.CLOSED, words="bridge"),
        Queue(Box.CLOSED, area=Area(126.9, 37.4, 127.1, 37.6)),
    ):
        page = queries.queue(wanted, officer, NOW)
        assert titles(page) == ["bridge"]
        assert page.looked_to is None


@pytest.mark.usefixtures("looked_at")
def test_an_integrity_officer_finds_each_of_the_few_cases(category: Category) -> None:
    keeper = make_integrity_officer()
    for days in range(1, 9):
        closed(category, days, "lamp", "ko")
    closed(category, 20, "about staff", "ko", is_integrity=True, is_private=True)

    assert titles(queries.queue(KOREAN, keeper, NOW)) == ["about staff"]
    assert queries.counts(keeper, NOW, [KOREAN])[1] == [Count(1)]


@pytest.mark.usefixtures("looked_at")
def test_views_of_closed_cases_are_counted_among_the_last(category: Category, officer: Account) -> None:
    for days in range(1, 5):
        closed(category, days, "lamp", "ko", search_text=search.search_text("lamp"), lat=37.5, lon=127.0)
    closed(category, 40, "long ago", "ko")
    views = [
        KOREAN,
        Queue(Box.CLOSED, language="ar"),
        Queue(Box.CLOSED, words="lamp"),
        Queue(Box.CLOSED, area=Area(126.9, 37.4, 127.1, 37.6)),
    ]

    _boxes, counted = queries.counts(officer, NOW, views)

    assert counted == [
        Count(3, is_more=True),
        Count(0, is_more=True),
        Count(2, is_more=True),
        Count(2, is_more=True),
    ]


def test_views_look_back_as_far_as_each_says(category: Category, officer: Account) -> None:
    for days in (1, 20, 200, 500):
        closed(category, days, "lamp")
    closed(category, 2, "in Korean", "ko")

    views = [Queue(Box.CLOSED, language="en", within=within) for within in Within]

    assert queries.counts(officer, NOW, views)[1] == [Count(1), Count(2), Count(3), Count(4)]


@pytest.mark.usefixtures("looked_at")
def test_the_desk_says_how_far_it_looked_and_leads_on(desk: Site, category: Category) -> None:
    korean_far_back(category)

    page = desk.get("/desk?box=closed&language=ko")

    assert "closed cases, back to" in page.text
    further = desk.get(page.link("Look further"))
    assert "5 days" in further.text
    assert "Looked at" not in further.text


@pytest.mark.usefixtures("looked_at")
def test_a_view_of_which_nothing_is_known_has_no_number(desk: Site, category: Category) -> None:
    korean_far_back(category)
    for name, asked in (("Korean", "language=ko"), ("Urgent", "priority=urgent")):
        desk.get(f"/desk/views?box=closed&{asked}")
        desk.submit(form="/desk/views", name=name)

    links = desk.get("/desk").links

    assert "Korean1+" in links
    assert "Urgent" in links


@pytest.mark.usefixtures("looked_at")
def test_of_many_departments_a_count_says_that_it_did_not_look_at_all(category: Category) -> None:
    several = [category.department, *(make_department(f"District {number}") for number in range(5))]
    everywhere_but_one = make_account(Role.OFFICER, departments=several)
    closed(category, 1, "own", "ko")
    for days in (2, 3, 4):
        closed(make_category(f"Water {days}"), days, "of others", "ko")
    closed(category, 9, "own before", "ko")

    assert queries.counts(everywhere_but_one, NOW, [KOREAN])[1] == [Count(1, is_more=True)]
