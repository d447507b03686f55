"""No list of the desk and no count reads the whole table of cases, whatever it is narrowed by."""

from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

from cps.accounts.models import Account
from cps.cases.rules import CaseKind, Channel, Outcome, Priority, Status
from cps.cases.rules.boxes import Box as Area
from cps.core.paging import write_key
from cps.departments.models import Category, Department
from cps.triage import queries
from cps.triage.queries import Moment
from cps.triage.rules import COUNTED, Box
from cps.triage.wanted import Due, Queue, Sort, Who, Within, sorts_of
from tests.support.factories import make_complaint, make_officer, make_ward, triage_department
from tests.support.fixtures import WEDNESDAY
from tests.support.plans import copy_case, learn_sizes, plan_of, reads_all_cases

DAY = timedelta(days=1)
NOW = Moment(WEDNESDAY, WEDNESDAY + DAY, WEDNESDAY + 4 * DAY)
HERE = {"sort": Sort.NEAREST, "place": (37.5, 127.0)}


def alone(category_id: int, department_id: int, ward_id: int) -> dict[str, dict[str, Any]]:
    """Return each filter alone, by name; those of `Queue` that are left out are the box, order and place."""
    return {
        "words": {"words": "hole"},
        "kind": {"kind": CaseKind.COMPLAINT},
        "status": {"status": Status.PLANNED},
        "category_id": {"category_id": category_id},
        "department_id": {"department_id": department_id},
        "ward_id": {"ward_id": ward_id},
        "area": {"area": Area(126.9, 37.4, 127.1, 37.6)},
        "assignee": {"assignee": Who.ME},
        "priority": {"priority": Priority.URGENT},
        "due": {"due": Due.THRICE},
        "older_than": {"older_than": 30},
        "received_from": {"received_from": WEDNESDAY - 9 * DAY},
        "received_before": {"received_before": WEDNESDAY - 2 * DAY},
        "channel": {"channel": Channel.PHONE},
        "has_photo": {"has_photo": True},
        "is_unwritten": {"is_unwritten": True},
        "is_unclear": {"is_unclear": True},
        "backed": {"backed": 3},
        "has_reply": {"has_reply": True},
        "language": {"language": "ko"},
    }


def combinations(one: dict[str, dict[str, Any]]) -> list[Queue]:
    """Return ten lists that people ask for: a box, filters, an order."""

    def of(box: Box, *names: str, **more: Any) -> Queue:
        return Queue(box, **{key: value for name in names for key, value in one[name].items()}, **more)

    return [
        of(Box.NEW, "category_id", "ward_id"),
        of(Box.DEPARTMENT, "status", "department_id", "priority"),
        of(Box.LATE, "backed", "channel", sort=Sort.BACKED),
        of(Box.MINE, "has_reply", sort=Sort.OLDEST),
        of(Box.TODAY, "ward_id", **HERE),
        of(Box.DEPARTMENT, "words", "ward_id", sort=Sort.NEWEST),
        of(Box.DEPARTMENT, "area", "has_photo", **HERE),
        of(Box.CLOSED, "category_id", "ward_id", outcome=Outcome.FIXED),
        of(Box.CLOSED, "language", "has_photo", within=Within.EVER, sort=Sort.CLOSED_FIRST),
        of(Box.CLOSED, "assignee", "received_from", within=Within.MONTH),
    ]


def fill(category: Category) -> int:
    """Make thousands of closed cases of two departments and hundreds of open ones; returns their ward."""
    ward = make_ward()
    made = {"ward": ward, "lat": 37.5, "lon": 127.0, "body": "A hole in the road, deep and wide. " * 20}
    for days in range(5):
        at = WEDNESDAY - (days + 1) * DAY
        for kind in (category, None):
            closed = make_complaint(Status.CLOSED, category=kind, at=at - DAY, closed_at=at, **made)  # type: ignore[arg-type]
            copy_case(closed, 1_000, f"{closed.id}-")
    copy_case(make_complaint(category=category, **made), 300, "o")  # type: ignore[arg-type]
    learn_sizes()
    return ward.id


def test_every_filter_is_thought_of() -> None:
    left_out = {"box", "outcome", "within", "sort", "place"}

    assert set(alone(1, 2, 3)) == {field.name for field in fields(Queue)} - left_out


def test_no_list_and_no_count_reads_the_whole_table(
    category: Category, officer: Account, roads: Department
) -> None:
    one = alone(category.id, roads.id, fill(category))
    everywhere = make_officer(triage_department())
    open_ones = [Queue(Box.DEPARTMENT, **values) for values in one.values()]
    closed = [replace(queue, box=Box.CLOSED) for queue in open_ones if queue.due is None]
    both = (Box.DEPARTMENT, Box.CLOSED)
    orders = [Queue(box, sort=sort, place=(37.5, 127.0)) for box in both for sort in sorts_of(box)]
    every = [*map(Queue, COUNTED), *open_ones, *closed, *orders, *combinations(one)]
    after = [
        (Queue(Box.DEPARTMENT), write_key((1, WEDNESDAY, 1))),
        (Queue(Box.CLOSED), write_key((WEDNESDAY, 9))),
    ]

    for who in (officer, everywhere):
        plans = {told(queue): plan_of(lambda: queries.queue(queue, who, NOW)) for queue in every}  # noqa: B023
        for queue, key in after:
            plans[f"next page of {told(queue)}"] = plan_of(
                lambda: queries.queue(queue, who, NOW, after=key)  # noqa: B023
            )
        plans["counts"] = plan_of(lambda: queries.counts(who, NOW, every[:40]))  # noqa: B023
        assert {name: plan for name, plan in plans.items() if reads_all_cases(plan)} == {}


def told(queue: Queue) -> str:
    """Return what a list asks for, without what it does not."""
    usual = Queue()
    return ", ".join(
        f"{field.name}={getattr(queue, field.name)}"
        for field in fields(queue)
        if getattr(queue, field.name) != getattr(usual, field.name)
    )
