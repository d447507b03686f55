"""What the address of a list, or a saved view, asks for: what exists is taken, the rest is said plainly."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from cps.accounts.rules import Role
from cps.cases.rules import Outcome, Priority, Status
from cps.departments.catalogue import Catalogue
from cps.triage.reading import Here, Read, read
from cps.triage.rules import Box, end_of_week, first_box
from cps.triage.wanted import Due, Queue, Sort, Who, Within
from cps.wards.geometry import Area, Polygon
from cps.wards.queries import Areas, KnownWard

SEOUL = ZoneInfo("Asia/Seoul")
SQUARE = Area((Polygon(((127.0, 37.0), (127.2, 37.0), (127.2, 37.2), (127.0, 37.2), (127.0, 37.0)), ()),))
WARDS = {"harbour": KnownWard(7, "harbour", {"en": "Harbour"}), "hill": KnownWard(8, "hill", {"en": "Hill"})}
HERE = Here(
    Catalogue({}, {}),
    Areas("1", WARDS, {"harbour": SQUARE}, {7: {"en": "Harbour"}}, {7: "harbour", 8: "hill"}),
    SEOUL,
)


def asked(**values: str) -> Read:
    return read(values, HERE)


def test_what_exists_is_taken_and_stands_in_the_address_again() -> None:
    values = {
        "box": "department",
        "q": "bakery",
        "kind": "complaint",
        "status": "planned",
        "ward": "harbour",
        "area": "126.9,37.4,127.1,37.6",
        "assignee": "me",
        "priority": "urgent",
        "due": "three-times",
        "age": "7",
        "since": "2026-11-01",
        "until": "2026-11-10",
        "channel": "phone",
        "photo": "yes",
        "backed": "3",
        "reply": "no",
        "language": "ko",
        "sort": "newest",
    }

    found = asked(**values)

    assert (found.problems, found.values) == ((), values)
    assert found.queue.box is Box.DEPARTMENT
    assert (found.queue.status, found.queue.priority) == (Status.PLANNED, Priority.URGENT)
    assert (found.queue.assignee, found.queue.due) == (Who.ME, Due.THRICE)
    assert (found.queue.has_photo, found.queue.has_reply, found.queue.backed) == (True, False, 3)
    assert found.queue.received_from == datetime(2026, 10, 31, 15, tzinfo=UTC)
    assert found.queue.received_before == datetime(2026, 11, 10, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"box": "none"}, "Box: there is no “none” here, or no longer."),
        ({"category": "gone"}, "Category: there is no “gone” here, or no longer."),
        ({"sort": "colour"}, "Order: there is no “colour” here, or no longer."),
        ({"since": "2026-13-45"}, "Received from: “2026-13-45” is not a date such as 2026-11-30."),
        ({"until": "0001-01-01"}, "Received until: “0001-01-01” is not a date such as 2026-11-30."),
        ({"since": "2026-11-10", "until": "2026-11-01"}, "“Received from” lies after “received until”"),
        ({"age": "-1"}, "Older than so many days: “-1” is not a whole number from 1 to 10000."),
        ({"backed": "٣x"}, "Backed by at least: “٣x” is not a whole number from 1 to 10000."),
        ({"area": "1,2,3"}, "Part of the map: “1,2,3” is not a part of the map"),
        ({"assignee": "0"}, "Who has it: there is no “0” here"),
        ({"sort": "nearest"}, "“Nearest” wants a place."),
        ({"lat": "91", "lon": "1"}, "Your position: “91, 1” is not a position"),
        ({"sort": "closed-last"}, "“Last closed first” is no order of this box."),
        ({"status": "gathering"}, "State: there is no “gathering” here"),
        ({"box": "closed", "due": "late"}, "Closed cases are not due any more."),
    ],
)
def test_what_means_nothing_is_said_and_left_out(values: dict[str, str], words: str) -> None:
    found = asked(**values)

    assert found.problems[0].startswith(words)
    assert not {"category", "age", "backed", "area", "assignee", "due", "status", "sort"} & set(found.values)


def test_whoever_asks_how_cases_ended_asks_for_closed_ones() -> None:
    assert asked(box="late", outcome="fixed").queue == Queue(
        Box.CLOSED, outcome=Outcome.FIXED, sort=Sort.CLOSED_LAST
    )
    assert asked(box="new", status="closed").values == {"box": "closed", "status": "closed"}
    assert asked(box="closed", within="ever").queue.within is Within.EVER
    assert "within" not in asked(box="new", within="ever").values


def test_nearest_is_measured_from_a_position_a_named_ward_or_that_of_the_filter() -> None:
    assert asked(lat="37,5", lon="127").queue.place == (37.5, 127.0)
    assert asked(lat="37.5", lon="127").values["sort"] == "nearest"
    assert asked(sort="nearest", near="harbour", ward="hill").queue.place == (37.14, 127.1)
    assert asked(sort="nearest", ward="harbour").queue.place == (37.14, 127.1)
    assert asked(sort="nearest", near="hill").problems  # nobody knows where it lies


def test_a_place_is_typed_by_the_name_of_a_ward_or_as_residents_call_it() -> None:
    here = replace(HERE, place_called={"Mill Street": (37.3, 127.3)}.get)

    assert read({"near": "  HARBOUR "}, here).values["near"] == "harbour"
    assert read({"near": "Mill Street", "lat": "1", "lon": "2"}, here).queue.place == (37.3, 127.3)
    assert read({"near": "Mill Street"}, here).values == {
        "box": "new",
        "sort": "nearest",
        "near": "Mill Street",
    }
    unknown = read({"near": "Nowhere", "sort": "nearest"}, here)
    assert unknown.problems[0].startswith("Nearest to: there is no “Nowhere” here")
    assert "near" not in unknown.values


def test_a_desk_opens_with_what_is_new_and_a_supervisors_with_what_is_late() -> None:
    assert first_box({Role.OFFICER}) is Box.NEW
    assert first_box({Role.OFFICER, Role.SUPERVISOR}) is Box.LATE


@pytest.mark.parametrize(("day", "ends"), [(16, 23), (18, 23), (22, 23), (23, 30)])
def test_the_week_ends_with_the_citys_sunday(day: int, ends: int) -> None:
    morning = datetime(2026, 11, day, 9, tzinfo=SEOUL)

    assert end_of_week(morning, SEOUL) == datetime(2026, 11, ends, tzinfo=SEOUL)
