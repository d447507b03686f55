"""Under which keys alerts stand and cases look for them, and when letters leave."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from cps.alerts.rules import RADII, Rhythm, Wish, keys_for, next_letter, rounded
from cps.notices.rules import METRES_OF_A_DEGREE

SEOUL, NEW_YORK = ZoneInfo("Asia/Seoul"), ZoneInfo("America/New_York")


def at(text: str, zone: ZoneInfo = SEOUL) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize("lat", [0.0, 36.01, -54.8, 69.6])
@pytest.mark.parametrize("radius_m", RADII)
def test_a_case_just_within_a_circle_looks_under_its_key(lat: float, radius_m: int) -> None:
    circle = rounded(lat, 129.51, radius_m)
    north = (circle.lat + 0.99 * radius_m / METRES_OF_A_DEGREE, circle.lon)

    assert Wish(circle).key in keys_for(north, None, 1)
    assert Wish(circle).key in keys_for((circle.lat, circle.lon), None, 1)


@pytest.mark.parametrize("lat", [0.0, 36.01, 69.6])
def test_a_case_looks_under_few_keys_wherever_it_is(lat: float) -> None:
    assert len(keys_for((lat, 129.51), 5, 7)) <= 200


def test_a_case_without_a_position_looks_under_its_ward_and_its_category() -> None:
    assert set(keys_for(None, 5, 7)) == {Wish(ward_id=5).key, Wish(category_id=7).key}


def test_an_alert_of_a_ward_and_a_category_stands_under_the_ward() -> None:
    assert Wish(ward_id=5, category_id=7).key == Wish(ward_id=5).key


def test_a_place_is_kept_too_coarse_to_be_a_home() -> None:
    circle = rounded(36.012345, 129.512345, 500)

    assert (circle.lat, circle.lon) == (36.012, 129.512)


def test_two_alerts_for_the_same_place_and_category_have_one_scope() -> None:
    one = Wish(rounded(36.0121, 129.5121, 500), ward_id=1, category_id=7, rhythm=Rhythm.DAILY)
    other = Wish(rounded(36.0119, 129.5119, 500), ward_id=2, category_id=7, answers=True)

    assert one.scope == other.scope
    assert one.scope != Wish(rounded(36.0121, 129.5121, 1000), category_id=7).scope
    assert one.scope != Wish(rounded(36.0121, 129.5121, 500)).scope


@pytest.mark.parametrize(
    ("rhythm", "known_at", "told_at"),
    [
        (Rhythm.AT_ONCE, "2026-11-18 10:00", "2026-11-18 10:00"),
        (Rhythm.DAILY, "2026-11-18 06:59", "2026-11-18 07:00"),
        (Rhythm.DAILY, "2026-11-18 07:00", "2026-11-19 07:00"),
        (Rhythm.WEEKLY, "2026-11-18 10:00", "2026-11-23 07:00"),
        (Rhythm.WEEKLY, "2026-11-23 06:00", "2026-11-23 07:00"),
        (Rhythm.WEEKLY, "2026-11-23 07:00", "2026-11-30 07:00"),
    ],
)
def test_a_letter_leaves_at_once_next_morning_or_next_monday(
    rhythm: Rhythm, known_at: str, told_at: str
) -> None:
    assert next_letter(rhythm, at(known_at), SEOUL) == at(told_at)


def test_a_digest_leaves_at_seven_of_the_city_also_when_clocks_change() -> None:
    saturday = at("2026-10-31 12:00", NEW_YORK)

    assert next_letter(Rhythm.DAILY, saturday, NEW_YORK).astimezone(UTC).hour == 12


def test_a_wish_without_place_or_without_thing_says_so() -> None:
    assert not Wish().says_where
    assert Wish(category_id=1).says_where
    assert not Wish(ward_id=1, problems=False).says_what
