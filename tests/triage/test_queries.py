"""What the boxes hold, how the list pages, and that neither reads what is closed; on both databases."""

from datetime import timedelta
from typing import Any

import pytest

from cps.accounts.models import Account
from cps.accounts.rules import Role
from cps.cases.handoff_models import Transfer
from cps.cases.models import Case, CaseEvent
from cps.cases.policy import works
from cps.cases.rules import Audience, EventKind, Priority, Status, TransferAnswer
from cps.core import clock, search
from cps.triage import queries
from cps.triage.queries import Moment, Queue
from cps.triage.rules import COUNTED, Box
from tests.support.application import Application
from tests.support.factories import (
    make_account,
    make_category,
    make_complaint,
    make_department,
    make_event,
    make_integrity_officer,
    make_officer,
    make_resident,
    make_supervisor,
    make_ward,
    save,
    triage_department,
)
from tests.support.fixtures import WEDNESDAY
from tests.support.plans import copy_case, learn_sizes, plan_of

pytestmark = pytest.mark.usefixtures("app")

NOW = Moment(WEDNESDAY, WEDNESDAY + timedelta(hours=14), WEDNESDAY + timedelta(days=4, hours=14))
OPEN_INDEXES = ("ix_cases_open", "ix_cases_due", "ix_cases_owed", "uq_transfer_waiting")
"""Those that hold open cases alone, and transfers that wait."""
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def fresh(account: Account) -> Account:
    """Return the account as a new request would know it."""
    account.__dict__.pop("_reach", None)
    return account


def listed(account: Account, box: Box = Box.DEPARTMENT, **narrowed: Any) -> list[str]:
    found = queries.queue(Queue(box, **narrowed), fresh(account), NOW)
    return [row.title for row in found.rows]


def test_each_box_counts_exactly_what_its_list_shows() -> None:
    roads = make_department("Roads")
    officer, other = make_officer(roads), make_officer(roads)
    cases = make_category(department=roads)
    for _time in range(2):
        make_complaint(category=cases)
        make_complaint(Status.TRIAGED, category=cases, assignee=other)
        make_complaint(Status.IN_PROGRESS, category=cases, assignee=officer, due_at=WEDNESDAY - HOUR)
        make_complaint(Status.PLANNED, category=cases, assignee=officer, due_at=WEDNESDAY + 2 * HOUR)
        make_complaint(Status.WAITING_RESIDENT, category=cases, has_unread_reply=True)
        make_complaint(Status.REOPEN_ASKED, category=cases, outcome=None)
        make_complaint(Status.CLOSED, category=cases, due_at=WEDNESDAY - HOUR, has_unread_reply=True)
        make_complaint(due_at=WEDNESDAY - DAY)  # of another department
        hand_over(make_complaint(Status.PLANNED, category=cases))
    hand_over(make_complaint(Status.CLOSED, category=cases), TransferAnswer.ACCEPTED)

    counts = queries.box_counts(fresh(officer), NOW)

    assert counts == {
        Box.NEW: 2,
        Box.HANDED: 2,
        Box.MINE: 4,
        Box.DEPARTMENT: 14,
        Box.TODAY: 2,
        Box.LATE: 2,
        Box.REPLIES: 2,
        Box.REOPENED: 2,
    }
    assert {box: len(listed(officer, box)) for box in COUNTED} == counts


def hand_over(case: Case, answer: TransferAnswer | None = None) -> None:
    """Let another department have handed a case over."""
    event = make_event(case, EventKind.TRANSFERRED)
    other = make_department("Parks")
    answered = {"answer": answer, "answered_at": clock.now()} if answer else {}
    save(
        Transfer(
            case_id=case.id,
            from_id=other.id,
            to_id=case.department_id,
            event_id=event.id,
            asked_at=clock.now(),
            **answered,
        )
    )


@pytest.mark.parametrize(
    ("after_now", "box"),
    [
        (-HOUR, Box.LATE),
        (timedelta(0), Box.TODAY),
        (13.9 * HOUR, Box.TODAY),
        (14 * HOUR, None),
        (2 * DAY, None),
    ],
)
def test_a_case_is_late_due_today_or_neither(after_now: timedelta, box: Box | None) -> None:
    officer = make_officer(roads := make_department())
    make_complaint(department=roads, due_at=WEDNESDAY + after_now)

    counts = queries.box_counts(fresh(officer), NOW)

    assert [found for found in (Box.LATE, Box.TODAY) if counts[found]] == ([box] if box else [])


def test_the_list_holds_for_everybody_what_the_permission_says() -> None:
    roads, water = make_department("Roads"), make_department("Water")
    staff = make_category("Staff", is_integrity=True, department=roads)
    every = [
        make_complaint(department=roads),
        make_complaint(department=roads, is_private=True),
        make_complaint(department=roads, is_hidden=True),
        make_complaint(department=water),
        make_complaint(category=staff, is_private=True, is_integrity=True),
    ]
    everybody = [
        make_officer(roads),
        make_supervisor(water),
        make_officer(triage_department()),
        make_integrity_officer(),
        make_account(Role.OFFICER, Role.INTEGRITY_OFFICER, departments=[roads]),
        make_account(Role.OFFICER),
        make_account(Role.SUPERVISOR, departments=[roads, water]),
        make_resident(),
    ]

    for account in everybody:
        known = {case.title for case in every if works(fresh(account), case)}
        assert set(listed(account)) == known
        assert queries.box_counts(fresh(account), NOW)[Box.DEPARTMENT] == len(known)


def test_urgent_ones_come_first_then_the_earliest_due_then_in_the_order_of_arrival() -> None:
    officer = make_officer(roads := make_department())
    for title, days, priority in [
        ("third", 1, Priority.NORMAL),
        ("second", 5, Priority.URGENT),
        ("first", 2, Priority.URGENT),
        ("fourth", 1, Priority.NORMAL),
        ("last", 9, Priority.NORMAL),
    ]:
        make_complaint(department=roads, title=title, due_at=WEDNESDAY + days * DAY, priority=priority)

    assert listed(officer) == ["first", "second", "third", "fourth", "last"]


def test_paging_by_key_shows_every_case_once() -> None:
    officer = make_officer(roads := make_department())
    category = make_category(department=roads)
    for number in range(23):
        priority = Priority.URGENT if number % 7 == 0 else Priority.NORMAL
        make_complaint(category=category, due_at=WEDNESDAY + (number % 4) * DAY, priority=priority)
    make_complaint()

    seen, after = [], None
    while True:
        page = queries.queue(Queue(Box.DEPARTMENT), fresh(officer), NOW, after=after, size=5)
        seen += [row.id for row in page.rows]
        after = page.next_key
        if after is None:
            break

    whole = queries.queue(Queue(Box.DEPARTMENT), fresh(officer), NOW, size=100).rows
    assert seen == [row.id for row in whole]
    assert len(set(seen)) == 23


def test_a_case_that_arrives_between_two_pages_moves_nothing() -> None:
    officer = make_officer(roads := make_department())
    for number in range(4):
        make_complaint(department=roads, title=f"no. {number}", due_at=WEDNESDAY + number * DAY)
    first = queries.queue(Queue(Box.DEPARTMENT), fresh(officer), NOW, size=2)

    make_complaint(department=roads, title="new", due_at=WEDNESDAY)
    second = queries.queue(Queue(Box.DEPARTMENT), fresh(officer), NOW, after=first.next_key, size=2)

    assert [row.title for row in second.rows] == ["no. 2", "no. 3"]


@pytest.mark.parametrize("key", ["", "x", "e30", "WzEsMiwzXQ", "A" * 5000])
def test_a_damaged_key_shows_the_first_page(key: str) -> None:
    officer = make_officer(roads := make_department())
    make_complaint(department=roads)

    assert len(queries.queue(Queue(Box.DEPARTMENT), fresh(officer), NOW, after=key).rows) == 1


def test_filters_narrow_one_by_one_and_together() -> None:
    officer = make_officer(triage_department())
    roads, ward = make_department("Roads"), make_ward()
    category = make_category("Lamp", department=roads)
    wanted = {"ward": ward, "priority": Priority.URGENT, "status": Status.PLANNED, "category": category}
    make_complaint(title="all", **wanted)  # type: ignore[arg-type]
    for name in wanted:
        make_complaint(title=f"not the {name}", **{n: v for n, v in wanted.items() if n != name})  # type: ignore[arg-type]
    filters = {
        "ward_id": ward.id,
        "priority": Priority.URGENT,
        "status": Status.PLANNED,
        "category_id": category.id,
        "department_id": roads.id,
    }

    assert listed(officer, **filters) == ["all"]
    for name, value in filters.items():
        assert 1 < len(listed(officer, **{name: value})) < 5


@pytest.mark.parametrize("words", ["bakery", "BAKÉRY", "mill lane", "가로등", "bak"])
def test_words_find_title_text_and_place_in_any_script(words: str) -> None:
    officer = make_officer(roads := make_department())
    found = search.search_text("In front of the bakery", "Mill Lane", "가로등이 어두워요")
    make_complaint(department=roads, title="found", search_text=found)
    make_complaint(department=roads, title="other", search_text="nothing")

    assert listed(officer, words=words) == ["found"]


@pytest.mark.parametrize("words", ["!!!", "'", '"', "* OR 1", "\u202e", "a AND NOT b", "(", "%_"])
def test_words_that_mean_something_to_a_database_are_only_words(words: str) -> None:
    officer = make_officer(roads := make_department())
    make_complaint(department=roads, search_text="nothing")

    assert listed(officer, words=words) == []


def test_the_list_asks_once_however_many_cases_it_shows(application: Application) -> None:
    officer = make_officer(roads := make_department())
    category = make_category(department=roads)
    asked = []
    for _time in range(2):
        make_complaint(category=category)
        make_complaint(category=category)
        reader = fresh(officer)
        application.statements.clear()
        queries.queue(Queue(Box.DEPARTMENT), reader, NOW)
        queries.box_counts(reader, NOW)
        asked.append(len([s for s in application.statements if "cases" in s]))

    assert asked == [2, 2]


@pytest.mark.parametrize("knows_sizes", [True, False])
@pytest.mark.parametrize("everywhere", [True, False])
def test_neither_counts_nor_list_read_what_is_closed(everywhere: bool, knows_sizes: bool) -> None:
    roads = make_department()
    officer = make_officer(triage_department() if everywhere else roads)
    category, ward = make_category(department=roads), make_ward()
    make_complaint(category=category, ward=ward)
    copy_case(make_complaint(Status.CLOSED, category=category, ward=ward), 3_000)
    if knows_sizes:
        learn_sizes()
    wanted = [Queue(box) for box in COUNTED] + [Queue(category_id=category.id), Queue(ward_id=ward.id)]

    plans = [plan_of(lambda: queries.box_counts(fresh(officer), NOW))]
    plans += [plan_of(lambda one=one: queries.queue(one, fresh(officer), NOW)) for one in wanted]  # type: ignore[misc]

    for plan in plans:
        assert any(index in plan for index in OPEN_INDEXES), plan


def test_the_story_names_who_did_what_newest_first() -> None:
    case, officer = make_complaint(), make_officer(display_name="Jo Officer")
    make_event(make_complaint(), EventKind.NOTED, audience=Audience.STAFF, actor_id=officer.id)
    make_event(case, EventKind.NOTED, audience=Audience.STAFF, actor_id=officer.id, message="Call them.")

    story = queries.story(case.id)

    assert [(event.kind, name) for event, name in story] == [
        (EventKind.NOTED, "Jo Officer"),
        (EventKind.FILED, None),
    ]
    assert isinstance(story[0][0], CaseEvent)
