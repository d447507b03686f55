from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cps.departments.calendar import Deadline, NoWorkingTime, Span, Unit, WorkingCalendar

SEOUL, BERLIN, LIMA = ZoneInfo("Asia/Seoul"), ZoneInfo("Europe/Berlin"), ZoneInfo("America/Lima")
MORNING, AFTERNOON = (time(9), time(12)), (time(13), time(18))
OFFICE = dict.fromkeys(range(5), (MORNING, AFTERNOON))
ALL_DAY = dict.fromkeys(range(7), ((time(0), time(0)),))
NEW_YEAR = date(2027, 1, 1)  # a Friday

WEEK = WorkingCalendar(SEOUL, OFFICE, frozenset({NEW_YEAR}))


def seoul(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SEOUL)


def shown(at: datetime, zone: ZoneInfo = SEOUL) -> str:
    assert at.tzinfo is UTC
    return at.astimezone(zone).strftime("%a %d %H:%M")


# Working hours


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-11-23 10:00", 1, "Mon 23 11:00"),
        ("2026-11-23 10:00", 2, "Mon 23 12:00"),  # exactly until the break
        ("2026-11-23 10:00", 3, "Mon 23 14:00"),  # over the break
        ("2026-11-23 10:00", 7, "Mon 23 18:00"),  # exactly until the evening
        ("2026-11-23 10:00", 7.5, "Tue 24 09:30"),
        ("2026-11-23 12:30", 1, "Mon 23 14:00"),  # filed in the break
        ("2026-11-23 03:00", 1, "Mon 23 10:00"),  # before opening
        ("2026-11-27 20:00", 1, "Mon 30 10:00"),  # Friday evening
        ("2026-11-28 11:00", 8, "Mon 30 18:00"),  # Saturday
        ("2026-12-31 17:00", 2, "Mon 04 10:00"),  # over a holiday and a weekend
        ("2026-11-23 10:00", 40, "Mon 30 10:00"),
    ],
)
def test_working_hours_count_only_while_the_city_is_open(start: str, hours: float, due: str) -> None:
    assert shown(WEEK.add_working_hours(seoul(start), hours)) == due


def test_no_hours_lead_to_now_or_to_the_next_opening() -> None:
    assert shown(WEEK.add_working_hours(seoul("2026-11-23 10:00"), 0)) == "Mon 23 10:00"
    assert shown(WEEK.add_working_hours(seoul("2026-11-23 18:00"), 0)) == "Mon 23 18:00"
    assert shown(WEEK.add_working_hours(seoul("2026-11-23 18:01"), 0)) == "Tue 24 09:00"


# Working days


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-11-23 10:00", 0, "Mon 23 18:00"),
        ("2026-11-23 10:00", 1, "Tue 24 18:00"),
        ("2026-11-23 18:00", 1, "Tue 24 18:00"),  # at the very end of the day
        ("2026-11-23 18:01", 1, "Wed 25 18:00"),  # counts as Tuesday
        ("2026-11-23 03:00", 1, "Tue 24 18:00"),
        ("2026-11-23 12:30", 1, "Tue 24 18:00"),
        ("2026-11-27 10:00", 1, "Mon 30 18:00"),
        ("2026-11-28 10:00", 1, "Tue 01 18:00"),  # Saturday counts as Monday
        ("2026-12-31 10:00", 1, "Mon 04 18:00"),
        ("2027-01-01 10:00", 1, "Tue 05 18:00"),
        ("2026-11-23 10:00", 20, "Mon 21 18:00"),
    ],
)
def test_working_days_end_with_the_day_on_which_they_are_full(start: str, days: int, due: str) -> None:
    assert shown(WEEK.add_working_days(seoul(start), days)) == due


def test_the_day_is_that_of_the_city_and_not_of_utc() -> None:
    late_in_lima = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)  # Monday 20:00 there
    calendar = WorkingCalendar(LIMA, dict.fromkeys(range(5), ((time(8), time(22)),)))

    assert shown(calendar.add_working_days(late_in_lima, 1), LIMA) == "Tue 24 22:00"


def test_an_end_at_midnight_is_the_end_of_that_day() -> None:
    calendar = WorkingCalendar(SEOUL, ALL_DAY)

    assert shown(calendar.add_working_days(seoul("2026-11-23 10:00"), 1)) == "Wed 25 00:00"
    assert calendar.is_working(seoul("2026-11-24 00:00"))


@pytest.mark.parametrize(
    ("a", "b", "days"),
    [
        ("2026-11-23 10:00", "2026-11-23 17:00", 0),
        ("2026-11-23 10:00", "2026-11-24 08:00", 1),
        ("2026-11-27 10:00", "2026-11-29 10:00", 0),
        ("2026-11-28 10:00", "2026-11-30 10:00", 0),
        ("2026-11-27 10:00", "2026-11-30 10:00", 1),
        ("2026-12-31 10:00", "2027-01-04 10:00", 1),
        ("2026-11-30 10:00", "2026-11-27 10:00", -1),
    ],
)
def test_working_days_between_two_moments_are_counted(a: str, b: str, days: int) -> None:
    assert WEEK.working_days_between(seoul(a), seoul(b)) == days


# Open or not


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        ("2026-11-23 09:00", True),
        ("2026-11-23 11:59", True),
        ("2026-11-23 12:00", False),
        ("2026-11-23 18:00", False),
        ("2026-11-28 10:00", False),
        ("2027-01-01 10:00", False),
    ],
)
def test_the_city_is_open_from_the_beginning_of_a_span_until_before_its_end(at: str, is_open: bool) -> None:
    assert WEEK.is_working(seoul(at)) is is_open


# Clocks that change


def test_a_night_without_its_third_hour_is_an_hour_shorter() -> None:
    calendar = WorkingCalendar(BERLIN, ALL_DAY)
    midnight = datetime(2027, 3, 28, tzinfo=BERLIN)

    assert calendar.add_working_hours(midnight, 23) == datetime(2027, 3, 28, 22, tzinfo=UTC)
    assert shown(calendar.add_working_hours(midnight, 2), BERLIN) == "Sun 28 03:00"


def test_a_night_with_its_third_hour_twice_is_an_hour_longer() -> None:
    calendar = WorkingCalendar(BERLIN, ALL_DAY)
    midnight = datetime(2026, 10, 25, tzinfo=BERLIN)

    assert shown(calendar.add_working_hours(midnight, 24), BERLIN) == "Sun 25 23:00"
    assert shown(calendar.add_working_hours(midnight, 25), BERLIN) == "Mon 26 00:00"


def test_working_days_end_at_the_same_local_time_in_summer_and_winter() -> None:
    calendar = WorkingCalendar(BERLIN, OFFICE)
    friday = datetime(2027, 3, 26, 10, tzinfo=BERLIN)

    assert shown(calendar.add_working_days(friday, 0), BERLIN) == "Fri 26 18:00"
    assert shown(calendar.add_working_days(friday, 1), BERLIN) == "Mon 29 18:00"


def test_spans_that_the_clocks_push_together_are_not_counted_twice() -> None:
    calendar = WorkingCalendar(BERLIN, {6: ((time(1), time(2, 30)), (time(3), time(4)))})
    sunday = datetime(2027, 3, 28, tzinfo=BERLIN)

    assert calendar.add_working_hours(sunday, 2) == datetime(2027, 3, 28, 2, tzinfo=UTC)


def test_a_span_that_the_clocks_skip_is_no_working_time() -> None:
    calendar = WorkingCalendar(BERLIN, {6: ((time(2, 30), time(3)),)})
    sunday = datetime(2027, 3, 28, tzinfo=BERLIN)

    assert shown(calendar.add_working_days(sunday, 0), BERLIN) == "Sun 04 03:00"


# Mistakes


@pytest.mark.parametrize("hours", [{}, {0: ()}, dict.fromkeys(range(7), ())])
def test_a_week_without_opening_hours_is_said_to_have_none(hours: dict[int, tuple[Span, ...]]) -> None:
    calendar = WorkingCalendar(SEOUL, hours)

    with pytest.raises(NoWorkingTime):
        calendar.add_working_days(seoul("2026-11-23 10:00"), 1)
    with pytest.raises(NoWorkingTime):
        calendar.add_working_hours(seoul("2026-11-23 10:00"), 1)
    with pytest.raises(NoWorkingTime):
        calendar.working_days_between(seoul("2026-11-23 10:00"), seoul("2026-11-24 10:00"))
    assert not calendar.is_working(seoul("2026-11-23 10:00"))


@pytest.mark.parametrize(
    "hours",
    [
        {7: (MORNING,)},
        {0: ((time(12), time(9)),)},
        {0: ((time(9), time(9)),)},
        {0: (AFTERNOON, MORNING)},
        {0: ((time(9), time(14)), AFTERNOON)},
        {0: ((time(9), time(0)), AFTERNOON)},
    ],
)
def test_spans_that_make_no_sense_are_refused(hours: dict[int, tuple[Span, ...]]) -> None:
    with pytest.raises(ValueError, match="eekday"):
        WorkingCalendar(SEOUL, hours)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        WEEK.is_working(datetime(2026, 11, 23, 10))  # noqa: DTZ001 (that is the point)


def test_time_cannot_be_taken_away() -> None:
    with pytest.raises(ValueError, match="added"):
        WEEK.add_working_hours(seoul("2026-11-23 10:00"), -1)
    with pytest.raises(ValueError, match="added"):
        WEEK.add_working_days(seoul("2026-11-23 10:00"), -1)


# Deadlines


@pytest.mark.parametrize(
    ("deadline", "due"),
    [
        (Deadline(24, Unit.HOURS), "Sat 28 17:00"),
        (Deadline(2, Unit.WORKING_HOURS), "Mon 30 10:00"),
        (Deadline(2, Unit.WORKING_DAYS), "Tue 01 18:00"),
    ],
)
def test_a_deadline_counts_in_its_own_unit(deadline: Deadline, due: str) -> None:
    assert shown(deadline.due(WEEK, seoul("2026-11-27 17:00"))) == due


def test_plain_hours_need_no_opening_hours() -> None:
    assert (
        shown(Deadline(4, Unit.HOURS).due(WorkingCalendar(SEOUL, {}), seoul("2026-11-23 10:00")))
        == "Mon 23 14:00"
    )


@pytest.mark.parametrize("amount", [0, -3])
def test_a_deadline_without_an_amount_is_refused(amount: int) -> None:
    with pytest.raises(ValueError, match="above zero"):
        Deadline(amount, Unit.HOURS)


# For any calendar and moment

moments = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
quarters = st.integers(0, 60).map(lambda number: number / 4)
days = st.integers(0, 15)


@st.composite
def calendars(draw: st.DrawFn) -> WorkingCalendar:
    """Any zone, any weekdays (one at least), up to two spans a day on quarter hours, some holidays."""
    hours: dict[int, tuple[Span, ...]] = {}
    for weekday in draw(st.sets(st.integers(0, 6), min_size=1)):
        cuts = sorted(draw(st.sets(st.integers(0, 95), min_size=2, max_size=4)))
        times = [time(cut // 4, cut % 4 * 15) for cut in cuts]
        hours[weekday] = tuple(zip(times[::2], times[1::2], strict=False))
    holidays = draw(st.frozensets(st.dates(date(2026, 1, 1), date(2028, 2, 1)), max_size=30))
    return WorkingCalendar(
        draw(st.sampled_from([SEOUL, BERLIN, LIMA, ZoneInfo("America/Havana")])), hours, holidays
    )


@given(calendars(), moments, moments, quarters, days)
def test_who_files_later_is_never_due_earlier(
    calendar: WorkingCalendar, a: datetime, b: datetime, hours: float, number: int
) -> None:
    first, second = sorted((a, b))

    assert calendar.add_working_hours(first, hours) <= calendar.add_working_hours(second, hours)
    assert calendar.add_working_days(first, number) <= calendar.add_working_days(second, number)


@given(calendars(), moments, quarters, quarters, days, days)
def test_two_steps_lead_as_far_as_one(
    calendar: WorkingCalendar, at: datetime, some: float, more: float, few: int, many: int
) -> None:
    in_steps = calendar.add_working_hours(calendar.add_working_hours(at, some), more)
    days_in_steps = calendar.add_working_days(calendar.add_working_days(at, few), many)

    assert in_steps == calendar.add_working_hours(at, some + more)
    assert days_in_steps == calendar.add_working_days(at, few + many)


@given(calendars(), moments, quarters, days)
def test_nothing_is_ever_due_on_a_holiday_or_in_the_past(
    calendar: WorkingCalendar, at: datetime, hours: float, number: int
) -> None:
    instant = timedelta(microseconds=1)
    for due in (calendar.add_working_hours(at, hours + 0.25), calendar.add_working_days(at, number)):
        assert due >= at
        assert calendar.is_working(due - instant)
        assert (due - instant).astimezone(calendar.zone).date() not in calendar.holidays


@given(calendars(), moments, days)
def test_as_many_working_days_lie_between_as_were_added(
    calendar: WorkingCalendar, at: datetime, number: int
) -> None:
    due = calendar.add_working_days(at, number) - timedelta(microseconds=1)

    assert calendar.working_days_between(at, due) == number
