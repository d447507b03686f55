"""The rules of the clock by themselves: extensions, pauses, suspensions, and the steps of escalation."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from cps.cases.rules import Status
from cps.cases.rules.clock import (
    BOUNDS,
    ClockSettings,
    ExtensionRefusal,
    Running,
    Standing,
    acknowledge_hours,
    after_suspensions,
    begins_pause,
    needs_supervisor,
    settings_from,
    why_not_extended,
)
from cps.cases.rules.escalation import EscalationStep, Watched, due_steps, reminder_at
from cps.departments.calendar import WorkingCalendar

SEOUL = ZoneInfo("Asia/Seoul")
WEEK = WorkingCalendar(SEOUL, {day: ((time(9), time(18)),) for day in range(5)})
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # ten in the morning in Seoul
THURSDAY = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)  # six in the evening
RUNS = Standing(Status.IN_PROGRESS, True, THURSDAY, extensions=0, is_paused=False, pause_used=False)
WATCHED = Watched(MONDAY, THURSDAY, MONDAY + 8 * HOUR, None, None)


def suspended(start: datetime, hours: float, before: WorkingCalendar = WEEK) -> WorkingCalendar:
    return replace(before, suspensions=(*before.suspensions, (start, start + hours * HOUR)))


@pytest.mark.parametrize(
    ("change", "now", "reason"),
    [
        ({}, MONDAY, None),
        ({"extensions": 1}, THURSDAY, None),
        ({"status": Status.CLOSED}, MONDAY, ExtensionRefusal.NOT_RUNNING),
        ({"has_started": False}, MONDAY, ExtensionRefusal.NOT_RUNNING),
        ({"extensions": 2}, MONDAY, ExtensionRefusal.USED_UP),
        ({"request_waits": True}, MONDAY, ExtensionRefusal.WAITING),
        ({"is_paused": True}, MONDAY, ExtensionRefusal.PAUSED),
        ({}, THURSDAY + timedelta(microseconds=1), ExtensionRefusal.TOO_LATE),
    ],
)
def test_more_time_is_refused_for_one_reason(
    change: dict[str, object], now: datetime, reason: ExtensionRefusal | None
) -> None:
    assert why_not_extended(replace(RUNS, **change), now) is reason  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "to", "now", "pauses"),
    [
        ({}, Status.WAITING_RESIDENT, MONDAY, True),
        ({}, Status.WAITING_RESIDENT, THURSDAY, True),
        ({}, Status.WAITING_OTHERS, MONDAY, False),
        ({}, Status.PLANNED, MONDAY, False),
        ({"pause_used": True}, Status.WAITING_RESIDENT, MONDAY, False),
        ({"status": Status.WAITING_RESIDENT}, Status.WAITING_RESIDENT, MONDAY, False),
        ({"has_started": False}, Status.WAITING_RESIDENT, MONDAY, False),
        ({}, Status.WAITING_RESIDENT, THURSDAY + HOUR, False),
    ],
)
def test_only_the_first_wait_for_the_resident_in_time_pauses(
    change: dict[str, object], to: Status, now: datetime, pauses: bool
) -> None:
    assert begins_pause(replace(RUNS, **change), to, now) is pauses  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        (MONDAY - 9 * DAY, 24, THURSDAY),  # before it began
        (THURSDAY + 12 * HOUR, 24, THURSDAY),  # after it is due
        (MONDAY + 5 * DAY, 24, THURSDAY),  # Saturday
        (MONDAY + DAY, 4, THURSDAY + 19 * HOUR),  # four hours of Friday from nine
        (THURSDAY - 4 * HOUR, 4, THURSDAY + 19 * HOUR),
        (THURSDAY - 4 * HOUR, 24, THURSDAY + 24 * HOUR),  # until Friday at two, and four hours more
        (MONDAY - HOUR, 9, THURSDAY + 23 * HOUR),  # its own day, of which eight hours were left
    ],
)
def test_a_suspension_adds_the_working_time_it_takes(start: datetime, hours: float, due: datetime) -> None:
    running = Running(MONDAY, THURSDAY, THURSDAY)

    assert after_suspensions(running, WEEK, suspended(start, hours)) == due


def test_suspensions_that_overlap_take_their_time_once_in_whatever_order_they_come() -> None:
    running = Running(MONDAY, THURSDAY, THURSDAY)
    first, second = suspended(MONDAY + DAY, 4), suspended(MONDAY + DAY + 2 * HOUR, 4)
    both = suspended(MONDAY + DAY + 2 * HOUR, 4, first)

    one_way = after_suspensions(replace(running, due=after_suspensions(running, WEEK, first)), first, both)
    other_way = after_suspensions(
        replace(running, due=after_suspensions(running, WEEK, second)), second, both
    )

    assert one_way == other_way == after_suspensions(running, WEEK, both) == THURSDAY + 21 * HOUR


def test_what_is_filed_under_a_suspension_is_due_as_if_it_had_come_before_it() -> None:
    for start in (MONDAY + DAY, MONDAY + DAY + 3 * HOUR, THURSDAY - HOUR, MONDAY):
        known = suspended(start, 7)

        assert known.add_working_days(MONDAY, 3) == after_suspensions(
            Running(MONDAY, THURSDAY, THURSDAY), WEEK, known
        )


def test_a_correction_gives_back_but_not_below_the_promise() -> None:
    known = suspended(MONDAY + DAY, 4)
    late = known.add_working_days(MONDAY, 3)

    assert after_suspensions(Running(MONDAY, late, THURSDAY), known, WEEK) == THURSDAY
    assert after_suspensions(Running(MONDAY, late, late), known, WEEK) == late


def test_what_a_suspension_takes_of_a_pause_is_not_added_again() -> None:
    pause = (MONDAY, MONDAY + 4 * HOUR)
    due = WEEK.add_working_time(THURSDAY, 4 * HOUR)

    running = Running(MONDAY, due, THURSDAY, paused=pause)

    assert after_suspensions(running, WEEK, suspended(MONDAY + HOUR, 2)) == due
    assert after_suspensions(running, WEEK, suspended(MONDAY + 3 * HOUR, 2)) == due + HOUR


def test_settings_are_those_of_a_city_that_chose_nothing_until_it_chooses() -> None:
    assert settings_from(None) == settings_from({"unknown": 1}) == ClockSettings()
    assert settings_from({"extension_days": 20}) == ClockSettings(extension_days=20)
    assert all(least <= getattr(ClockSettings(), name) <= most for name, (least, most) in BOUNDS.items())


@pytest.mark.parametrize(("first", "needs"), [(1, (True, True)), (2, (False, True)), (3, (False, False))])
def test_a_supervisor_agrees_from_an_extension_on(first: int, needs: tuple[bool, bool]) -> None:
    settings = ClockSettings(supervisor_from=first)

    assert (needs_supervisor(1, settings), needs_supervisor(2, settings)) == needs


def test_the_hours_of_a_category_win_over_those_of_the_city() -> None:
    settings = ClockSettings()

    assert acknowledge_hours(settings, None, is_urgent=False) == 8
    assert acknowledge_hours(settings, None, is_urgent=True) == 4
    assert acknowledge_hours(settings, 2, is_urgent=True) == 2


@pytest.mark.parametrize(
    ("now", "steps", "again"),
    [
        (MONDAY, [], MONDAY + 8 * HOUR + timedelta(seconds=1)),
        (MONDAY + DAY, [EscalationStep.UNSEEN], THURSDAY - 33 * HOUR),
        (
            THURSDAY - 33 * HOUR,
            [EscalationStep.UNSEEN, EscalationStep.REMINDER],
            THURSDAY + timedelta(seconds=1),
        ),
        (THURSDAY, [EscalationStep.UNSEEN, EscalationStep.REMINDER], THURSDAY + timedelta(seconds=1)),
        (
            THURSDAY + HOUR,
            [EscalationStep.UNSEEN, EscalationStep.LATE],
            THURSDAY + DAY + timedelta(seconds=1),
        ),
        (THURSDAY + 9 * DAY, [EscalationStep.UNSEEN, EscalationStep.LATE, EscalationStep.PUBLIC], None),
    ],
)
def test_steps_come_in_their_order_and_nobody_is_reminded_of_what_has_passed(
    now: datetime, steps: list[EscalationStep], again: datetime | None
) -> None:
    assert due_steps(WATCHED, now, ClockSettings(), WEEK) == (steps, again)


def test_nothing_happens_while_the_clock_waits_for_the_resident() -> None:
    paused = replace(WATCHED, pause_ends_at=THURSDAY + 9 * DAY)

    assert due_steps(paused, THURSDAY + DAY, ClockSettings(), WEEK) == ([], THURSDAY + 9 * DAY)


def test_of_a_short_promise_the_reminder_comes_at_half_its_time() -> None:
    assert reminder_at(MONDAY, MONDAY + 4 * HOUR, 1, WEEK) == MONDAY + 2 * HOUR
    assert reminder_at(MONDAY, THURSDAY, 1, WEEK) == THURSDAY - 33 * HOUR
    assert reminder_at(MONDAY - 9 * DAY, THURSDAY, 2, WEEK) == THURSDAY - 57 * HOUR
