"""What each filter of the desk leaves, in which order, page by page; and what is closed."""

from datetime import timedelta
from typing import Any

import pytest

from cps.accounts.models import Account
from cps.cases.rules import Channel, Outcome, Priority, Status
from cps.cases.rules.boxes import Box as Area
from cps.core import search
from cps.departments.models import Category, Department
from cps.triage import queries
from cps.triage.queries import Moment
from cps.triage.rules import Box
from cps.triage.wanted import Due, Queue, Sort, Who, Within, sorts_of
from tests.support.factories import make_complaint, make_officer, make_ward
from tests.support.fixtures import WEDNESDAY
from tests.support.site import Site

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW = Moment(WEDNESDAY, WEDNESDAY + 14 * HOUR, WEDNESDAY + 4 * DAY + 14 * HOUR)
HARBOUR = (37.5, 127.0)


def listed(account: Account, box: Box = Box.DEPARTMENT, **narrowed: Any) -> list[str]:
    return [row.title for row in queries.queue(Queue(box, **narrowed), account, NOW).rows]


def make(category: Category, title: str, *args: Any, **columns: Any) -> None:
    make_complaint(*args, category=category, title=title, **columns)


def test_each_filter_leaves_what_it_names(category: Category, officer: Account, roads: Department) -> None:
    other = make_officer(roads)
    make(category, "plain", at=WEDNESDAY - DAY, due_at=WEDNESDAY + 30 * DAY)
    make(category, "mine", assignee=officer, due_at=WEDNESDAY + 30 * DAY)
    make(category, "theirs", assignee=other, due_at=WEDNESDAY + 30 * DAY)
    make(category, "photo", photo_count=2, due_at=WEDNESDAY + 30 * DAY)
    make(category, "backed", support_count=5, due_at=WEDNESDAY + 30 * DAY)
    make(category, "reply", has_unread_reply=True, due_at=WEDNESDAY + 30 * DAY)
    make(category, "phone", channel=Channel.PHONE, due_at=WEDNESDAY + 30 * DAY)
    make(category, "korean", language="ko", due_at=WEDNESDAY + 30 * DAY)
    make(category, "old", at=WEDNESDAY - 40 * DAY, due_at=WEDNESDAY + 30 * DAY)
    make(category, "near", lat=HARBOUR[0], lon=HARBOUR[1], due_at=WEDNESDAY + 30 * DAY)
    every = len(listed(officer))

    assert listed(officer, assignee=Who.ME) == ["mine"]
    assert listed(officer, assignee=other.id) == ["theirs"]
    assert len(listed(officer, assignee=Who.NOBODY)) == every - 2
    assert listed(officer, has_photo=True) == ["photo"]
    assert len(listed(officer, has_photo=False)) == every - 1
    assert listed(officer, backed=5) == ["backed"]
    assert listed(officer, backed=6) == []
    assert listed(officer, has_reply=True) == ["reply"]
    assert len(listed(officer, has_reply=False)) == every - 1
    assert listed(officer, channel=Channel.PHONE) == ["phone"]
    assert listed(officer, language="ko") == ["korean"]
    assert listed(officer, older_than=30) == ["old"]
    assert listed(officer, received_from=WEDNESDAY - 2 * DAY, received_before=WEDNESDAY) == ["plain"]
    assert listed(officer, area=Area(126.99, 37.49, 127.01, 37.51)) == ["near"]
    assert listed(officer, area=Area(127.01, 37.49, 127.02, 37.51)) == []


def test_how_near_its_date_a_case_is(category: Category, officer: Account) -> None:
    week = {"at": WEDNESDAY - 9 * DAY}
    make(category, "thrice", **week, promised_at=WEDNESDAY - 6 * DAY, due_at=WEDNESDAY - 6 * DAY)
    make(category, "late", **week, promised_at=WEDNESDAY - 5 * DAY, due_at=WEDNESDAY - 5 * DAY)
    make(category, "today", due_at=WEDNESDAY + 2 * HOUR)
    make(category, "this week", due_at=WEDNESDAY + 4 * DAY)
    make(category, "next week", due_at=WEDNESDAY + 5 * DAY)

    assert listed(officer, due=Due.THRICE) == ["thrice"]
    assert listed(officer, due=Due.LATE) == ["thrice", "late"]
    assert listed(officer, due=Due.TODAY) == ["today"]
    assert listed(officer, due=Due.WEEK) == ["today", "this week"]


def test_each_order_of_open_cases(category: Category, officer: Account) -> None:
    make(category, "a", at=WEDNESDAY - 3 * DAY, due_at=WEDNESDAY + 9 * DAY, lat=37.6, lon=127.0)
    make(
        category, "b", at=WEDNESDAY - DAY, due_at=WEDNESDAY + 8 * DAY, support_count=4, lat=37.5, lon=127.001
    )
    make(
        category,
        "c",
        at=WEDNESDAY - 2 * DAY,
        due_at=WEDNESDAY + 10 * DAY,
        support_count=2,
        priority=Priority.URGENT,
        lat=None,
        lon=None,
    )

    orders = {sort: "".join(listed(officer, sort=sort, place=HARBOUR)) for sort in sorts_of(Box.DEPARTMENT)}

    assert orders == {
        Sort.DUE: "cba",
        Sort.NEWEST: "bca",
        Sort.OLDEST: "acb",
        Sort.BACKED: "bca",
        Sort.NEAREST: "bac",
    }


@pytest.mark.parametrize("sort", Sort)
def test_every_order_pages_without_loss(category: Category, officer: Account, sort: Sort) -> None:
    box = next(box for box in (Box.DEPARTMENT, Box.CLOSED) if sort in sorts_of(box))
    status = Status.CLOSED if box is Box.CLOSED else Status.RECEIVED
    for number in range(7):
        place = {"lat": 37.5 + (number % 3) / 1000, "lon": 127.0} if number else {"lat": None, "lon": None}
        columns = {"support_count": number % 2, "closed_at": WEDNESDAY - (number % 2) * DAY}
        closed = columns if box is Box.CLOSED else {"support_count": number % 2}
        make(category, str(number), status, at=WEDNESDAY - (2 + number % 3) * DAY, **closed, **place)
    wanted = Queue(box, sort=sort, place=HARBOUR)

    seen: list[int] = []
    after = None
    while True:
        page = queries.queue(wanted, officer, NOW, after=after, size=2)
        seen += [row.id for row in page.rows]
        after = page.next_key
        if after is None:
            break

    assert seen == [row.id for row in queries.queue(wanted, officer, NOW).rows]
    assert len(set(seen)) == 7


def test_closed_cases_are_found_by_how_and_when_they_ended(category: Category, officer: Account) -> None:
    make(category, "open")
    make(category, "last", Status.CLOSED, outcome=Outcome.FIXED, closed_at=WEDNESDAY - DAY)
    make(category, "before", Status.CLOSED, outcome=Outcome.ANSWERED, closed_at=WEDNESDAY - 10 * DAY)
    make(category, "long ago", Status.CLOSED, at=WEDNESDAY - 500 * DAY, closed_at=WEDNESDAY - 400 * DAY)
    make_complaint(Status.CLOSED, title="of others")

    assert listed(officer, Box.CLOSED) == ["last", "before"]
    assert listed(officer, Box.CLOSED, sort=Sort.CLOSED_FIRST) == ["before", "last"]
    assert listed(officer, Box.CLOSED, within=Within.WEEK) == ["last"]
    assert listed(officer, Box.CLOSED, within=Within.EVER) == ["last", "before", "long ago"]
    assert listed(officer, Box.CLOSED, outcome=Outcome.ANSWERED) == ["before"]


def test_views_are_counted_with_the_boxes_in_one_statement(
    category: Category, officer: Account, application: Any
) -> None:
    bakery, mill = (search.search_text(words) for words in ("the bakery", "the mill"))
    make(category, "bakery", search_text=bakery, priority=Priority.URGENT)
    make(category, "mill", search_text=mill, ward=make_ward())
    make(category, "done", Status.CLOSED, closed_at=WEDNESDAY - DAY, search_text=bakery)
    make(category, "long ago", Status.CLOSED, at=WEDNESDAY - 500 * DAY, closed_at=WEDNESDAY - 400 * DAY)
    make_complaint(priority=Priority.URGENT, search_text=bakery)
    views = [
        Queue(Box.DEPARTMENT, priority=Priority.URGENT),
        Queue(Box.NEW, words="bakery"),
        Queue(Box.NEW, words="mill"),
        Queue(Box.CLOSED),
        Queue(Box.CLOSED, within=Within.EVER),
        Queue(Box.CLOSED, words="bakery"),
        Queue(Box.DEPARTMENT, older_than=1),
    ]
    queries.counts(officer, NOW, ())
    application.statements.clear()

    boxes, counted = queries.counts(officer, NOW, views)

    assert len([s for s in application.statements if "cases" in s]) == 1
    assert boxes[Box.DEPARTMENT] == 2
    assert [(count.number, count.is_more) for count in counted] == [
        (1, False),
        (1, False),
        (1, False),
        (1, False),
        (2, False),
        (1, False),
        (0, False),
    ]


def test_the_list_stands_by_how_near_a_place_is_that_residents_named(desk: Site, category: Category) -> None:
    north = {"lat": HARBOUR[0] + 0.02, "lon": HARBOUR[1]}
    make(category, "far", lat=HARBOUR[0] + 0.05, lon=HARBOUR[1], due_at=WEDNESDAY + HOUR)
    make(category, "close", lat=HARBOUR[0] + 0.001, lon=HARBOUR[1], due_at=WEDNESDAY + DAY)
    make_complaint(address="Old Mill Bridge", lat=HARBOUR[0], lon=HARBOUR[1])
    make_complaint(address="at the old mill bridge", lat=HARBOUR[0] + 0.0001, lon=HARBOUR[1])
    make_complaint(address="Old Mill Bridge, private", is_private=True, **north)
    make_complaint(address="Elsewhere", body="I saw the Old Mill Bridge", **north)

    page = desk.get("/desk?box=department&near=mill+bridge")

    assert page.all(".desk-title") == ["close", "far"]
    assert page.text_of(".desk-order") == "Nearest to mill bridge first"
    unknown = desk.get("/desk?box=department&near=Nowhere+Road")
    assert unknown.all(".desk-title") == ["far", "close"]
    assert unknown.has("there is no “Nowhere Road” here")
