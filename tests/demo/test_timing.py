import random
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from cps.cases.reference import parse
from cps.demo.numbers import reference_of
from cps.demo.shapes import Step, StepKind
from cps.demo.timing import WorkDays, filing_time, step_times
from cps.departments.calendar import Deadline, Unit, WorkingCalendar
from cps.departments.rules import TimeUnit

SEOUL = ZoneInfo("Asia/Seoul")
HOURS = {day: ((time(9), time(18)),) for day in range(5)}
CALENDAR = WorkingCalendar(SEOUL, HOURS, frozenset({date(2026, 10, 8), date(2026, 12, 25)}))
NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)  # a Sunday


@pytest.mark.parametrize("unit", TimeUnit)
def test_due_dates_are_those_of_the_calendar(unit: TimeUnit) -> None:
    rng, days = random.Random(unit.value), WorkDays(CALENDAR)
    for _ in range(300):
        start = NOW - timedelta(days=400 * rng.random())
        amount = rng.randrange(1, 25)

        assert days.due(amount, unit, start) == Deadline(amount, Unit[unit.name]).due(CALENDAR, start)


def test_residents_write_between_seven_and_eleven_and_never_after_the_latest_moment() -> None:
    rng, days = random.Random(1), WorkDays(CALENDAR)
    for _ in range(300):
        latest = NOW - timedelta(days=50 * rng.random())

        at = filing_time(latest, days, rng)

        assert latest - timedelta(days=2) < at <= latest
        assert 7 <= at.astimezone(SEOUL).hour <= 22


def steps(*after_hours: int, kind: StepKind = StepKind.UPDATE) -> list[Step]:
    return [Step(hours, kind, "") for hours in after_hours]


def test_staff_act_in_working_time_in_the_order_of_the_course() -> None:
    rng, days = random.Random(2), WorkDays(CALENDAR)
    for _ in range(200):
        received = NOW - timedelta(days=20 + 30 * rng.random())

        times = step_times(steps(1, 5, 30, 90), received, NOW, days, rng)

        assert times == sorted(set(times))
        assert all(CALENDAR.is_working(at) for at in times)
        assert received < times[0] <= times[-1] <= NOW


def test_what_would_lie_in_the_future_happened_in_the_last_working_time() -> None:
    received = datetime(2026, 11, 20, 3, tzinfo=UTC)

    (at,) = step_times(steps(48), received, NOW, WorkDays(CALENDAR), random.Random(3))

    assert at == datetime(2026, 11, 20, 9, tzinfo=UTC)


def test_where_there_was_no_working_time_yet_somebody_worked_at_the_weekend() -> None:
    received = NOW - timedelta(hours=3)

    times = step_times(steps(1, 2), received, NOW, WorkDays(CALENDAR), random.Random(4))

    assert received < times[0] < times[1] <= NOW


def test_residents_answer_whenever_they_like() -> None:
    received = NOW - timedelta(days=1)

    (at,) = step_times(steps(12, kind=StepKind.REPLY), received, NOW, WorkDays(CALENDAR), random.Random(5))

    assert timedelta(hours=12) <= at - received < timedelta(hours=13)


def test_a_hundred_thousand_references_are_valid_and_different() -> None:
    references = {reference_of(number, NOW, SEOUL, seed=7) for number in range(100_000)}

    assert len(references) == 100_000
    assert all(parse(reference) == reference for reference in list(references)[:500])


def test_another_seed_gives_other_references() -> None:
    assert reference_of(3, NOW, SEOUL, seed=1) != reference_of(3, NOW, SEOUL, seed=2)
