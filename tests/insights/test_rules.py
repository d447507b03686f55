"""What is worked out of answers: days, medians, shares, and what of cases on no list is told."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from cps.cases.rules.escalation import public_at, public_before
from cps.departments.calendar import WorkingCalendar
from cps.insights.rules import (
    Answer,
    FiguresRefused,
    Month,
    Pair,
    Tally,
    Why,
    check_internal,
    days_taken,
    median_days,
    percent,
)
from cps.insights.telling import Told, share, told_of_all, told_pairs, told_unlisted

SEOUL = ZoneInfo("Asia/Seoul")
NOON = datetime(2026, 10, 5, 3, tzinfo=UTC)
TODAY = date(2026, 11, 18)


def answer(days: float, *, promised: float = 5, due: float = 5, is_listed: bool = True) -> Answer:
    return Answer(
        NOON,
        NOON + timedelta(days=promised),
        NOON + timedelta(days=due),
        NOON + timedelta(days=days),
        is_listed,
    )


@pytest.mark.parametrize(
    ("days", "median"),
    [
        ({1: 10}, 1),
        ({1: 5, 2: 5}, 1),
        ({1: 4, 2: 6}, 2),
        ({0: 5, 3: 1, 40: 4}, 0),
        ({0: 4, 3: 2, 40: 4}, 3),
        ({1: 5, 2: 4}, None),
        ({}, None),
    ],
)
def test_half_of_the_answers_took_the_median_or_less(days: dict[int, int], median: int | None) -> None:
    assert median_days(days) == median


@pytest.mark.parametrize(
    ("part", "whole", "share"), [(10, 10, 100), (199, 200, 99), (0, 10, 0), (9, 9, None), (0, 0, None)]
)
def test_a_share_is_cut_and_told_of_ten_or_more(part: int, whole: int, share: int | None) -> None:
    assert percent(part, whole) == share


@pytest.mark.parametrize(("number", "told"), [(0, 0), (1, None), (2, None), (3, 3)])
def test_of_one_or_two_cases_on_no_list_only_that_there_are_a_few(number: int, told: int | None) -> None:
    assert told_unlisted(number) == told


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ([], 0),
        ([5, 0], 5),
        ([5, 1], None),
        ([1, 2], 3),
        ([5, 1, 2], 8),
        ([1, 1], None),
        ([5, 1, 1], None),  # both are as few as they can be
        ([5, 2, 2], None),  # both are as many
    ],
)
def test_a_sum_never_gives_away_the_one_part_that_is_not_told(parts: list[int], told: int | None) -> None:
    assert told_of_all(parts) == told


@pytest.mark.parametrize(
    ("in_time", "answered", "expected"),
    [
        (Told(19, None), Told(20, None), 95),  # of 1 or 2 more answers, not even the share tells which
        (Told(19, None), Told(20, 4), 95),
        (Told(19, 3), Told(20, 4), 91),
        (Told(9, None), Told(9, None), None),
    ],
)
def test_a_share_says_no_more_than_the_numbers_that_are_told(
    in_time: Told, answered: Told, expected: int | None
) -> None:
    assert share(in_time, answered) == expected


@pytest.mark.parametrize("parts", [[(1, 0), (5, 4)], [(2, 2), (2, 2)], [(1, 0), (2, 0)]])
def test_how_many_on_no_list_were_in_time_is_worked_out_of_no_sum(parts: list[tuple[int, int]]) -> None:
    tallies = [Tally(answered=Pair(10, number), in_time=Pair(8, of_it)) for number, of_it in parts]

    assert told_pairs(tallies, ["answered", "in_time"])["in_time"] == Told(8 * len(parts), None)


def test_days_are_those_of_the_citys_calendar() -> None:
    before_midnight = datetime(2026, 10, 5, 14, 59, tzinfo=UTC)
    after = before_midnight + timedelta(minutes=2)

    assert days_taken(Answer(before_midnight, after, after, after), SEOUL) == 1
    assert days_taken(Answer(before_midnight, after, after, before_midnight), SEOUL) == 0


def test_in_time_is_by_the_date_that_stood_and_apart_by_the_first() -> None:
    tally = Tally()
    for one in (
        answer(5), answer(6), answer(6, due=7), answer(1, is_listed=False), answer(9, due=7, is_listed=False)
    ):  # fmt: skip
        tally.add(one, SEOUL)

    assert tally.answered == Pair(3, 2)
    assert tally.in_time == Pair(2, 1)
    assert tally.by_first_date == Pair(1, 1)
    assert tally.days == {5: 1, 6: 2, 1: 1, 9: 1}


def test_a_month_is_that_of_the_citys_zone_and_ends_where_the_next_begins() -> None:
    december = Month.parse("2026-12")

    assert Month.of(datetime(2026, 11, 30, 15, tzinfo=UTC), SEOUL) == december
    assert december.begins(SEOUL) == datetime(2026, 11, 30, 15, tzinfo=UTC)
    assert december.ends(SEOUL) == datetime(2026, 12, 31, 15, tzinfo=UTC)
    assert (str(december.after), str(december.before)) == ("2027-01", "2026-11")
    assert str(Month.parse("2027-01").before) == "2026-12"
    assert december.last_day == date(2026, 12, 31)


@pytest.mark.parametrize("text", ["2026-13", "2026-1", "26-10", "", "2026-10-01", "1999-10", "２026-10"])
def test_anything_else_is_no_month(text: str) -> None:
    with pytest.raises(FiguresRefused) as refused:
        Month.parse(text)
    assert refused.value.reason is Why.NOT_A_MONTH


@pytest.mark.parametrize("days", [0, 1, 2, 5])
def test_what_is_on_the_list_of_late_cases_is_what_has_come_onto_it(days: int) -> None:
    week = {day: ((time(9), time(18)),) for day in range(5)}
    calendar = WorkingCalendar(SEOUL, week, frozenset({date(2026, 10, 8)}))
    moments = [datetime(2026, 10, 1, 2, tzinfo=UTC) + timedelta(hours=5 * number) for number in range(90)]
    dates = {calendar.add_working_days(at, 1) for at in moments}

    for now in moments:
        before = public_before(now, days, calendar)
        assert all((public_at(due, days, calendar) <= now) is (due < before) for due in dates), now


@pytest.mark.parametrize(
    ("days", "decided", "published", "why"),
    [
        (57, False, False, Why.TOO_LONG),
        (0, False, False, Why.IN_THE_PAST),
        (30, True, False, Why.DECIDED_ALREADY),
        (30, False, True, Why.FIGURES_ARE_OUT),
    ],
)
def test_figures_stay_internal_once_and_for_eight_weeks_at_most(
    days: int, decided: bool, published: bool, why: Why
) -> None:
    check_internal(TODAY + timedelta(days=56), today=TODAY, decided=False, has_published=False)
    with pytest.raises(FiguresRefused) as refused:
        check_internal(TODAY + timedelta(days=days), today=TODAY, decided=decided, has_published=published)
    assert refused.value.reason is why
