"""Quiet hours and the hour of the digest, in the city's zone."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from cps.core.quiet_hours import Hours, after_quiet, next_digest

SEOUL, BERLIN = ZoneInfo("Asia/Seoul"), ZoneInfo("Europe/Berlin")


def local(day: int, hour: int, minute: int = 0, *, month: int = 11, zone: ZoneInfo = SEOUL) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=zone)


@pytest.mark.parametrize(
    ("at", "leaves"),
    [
        (local(18, 20, 59), local(18, 20, 59)),
        (local(18, 21), local(19, 8)),
        (local(19, 7, 59), local(19, 8)),
        (local(19, 8), local(19, 8)),
    ],
)
def test_what_can_wait_leaves_when_the_quiet_hours_are_over(at: datetime, leaves: datetime) -> None:
    assert after_quiet(at.astimezone(UTC), Hours(), SEOUL) == leaves


def test_hours_within_one_day_and_none_at_all() -> None:
    at = local(18, 13, 30)

    assert after_quiet(at, Hours(12, 15, 16), SEOUL) == local(18, 15)
    assert after_quiet(at, Hours(13, 13, 13), SEOUL) == at


def test_a_night_in_which_clocks_change_ends_at_the_hour_that_clocks_show() -> None:
    before = local(24, 22, month=10, zone=BERLIN)

    assert after_quiet(before, Hours(), BERLIN) == local(25, 8, month=10, zone=BERLIN)
    assert after_quiet(before, Hours(), BERLIN).astimezone(UTC).hour == 7


def test_the_digest_leaves_after_the_moment_today_or_tomorrow() -> None:
    assert next_digest(local(18, 7, 59), Hours(), SEOUL) == local(18, 8)
    assert next_digest(local(18, 8), Hours(), SEOUL) == local(19, 8)
