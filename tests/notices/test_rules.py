from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cps.notices.rules import Circle, KnownNotice, Spot, State, concerns, end_of_day, mark, spoken

AT = datetime(2026, 11, 18, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
HERE, NEAR, FAR = (36.01, 129.51), (36.012, 129.51), (36.05, 129.6)
NOTICE = KnownNotice(
    1, 1, {"en": "No water"}, {}, {}, (), None, None, None, AT, AT + 2 * HOUR, AT
)  # fmt: skip


@pytest.mark.parametrize(
    ("moment", "state"),
    [
        (AT - HOUR, State.COMING),
        (AT, State.RUNNING),
        (AT + 2 * HOUR - timedelta(seconds=1), State.RUNNING),
        (AT + 2 * HOUR, State.OVER),
    ],
)
def test_a_notice_runs_from_its_beginning_until_just_before_its_end(moment: datetime, state: State) -> None:
    assert NOTICE.state(moment) is state


def test_a_notice_for_the_whole_city_concerns_every_place_also_an_unknown_one() -> None:
    assert concerns(NOTICE, Spot())
    assert concerns(NOTICE, Spot("harbour", HERE, 7))


def test_a_notice_for_wards_concerns_these_and_no_unknown_place() -> None:
    notice = replace(NOTICE, ward_codes=("harbour", "mill"))

    assert concerns(notice, Spot("mill"))
    assert not concerns(notice, Spot("orchard", HERE))
    assert not concerns(notice, Spot())


def test_a_notice_around_a_place_concerns_what_lies_within_its_circle() -> None:
    notice = replace(NOTICE, circle=Circle(*HERE, 500))

    assert concerns(notice, Spot("orchard", NEAR))
    assert not concerns(notice, Spot("orchard", FAR))
    assert not concerns(notice, Spot("orchard"))


def test_wards_and_a_circle_are_both_its_area() -> None:
    notice = replace(NOTICE, ward_codes=("mill",), circle=Circle(*HERE, 500))

    assert concerns(notice, Spot("mill", FAR))
    assert concerns(notice, Spot("orchard", NEAR))
    assert not concerns(notice, Spot("orchard", FAR))


def test_a_notice_about_a_category_concerns_no_other_but_an_unknown_one() -> None:
    notice = replace(NOTICE, category_id=7)

    assert concerns(notice, Spot(category_id=7))
    assert concerns(notice, Spot())
    assert not concerns(notice, Spot(category_id=8))


@pytest.mark.parametrize("lat", [0.0, 36.0, 70.0, 89.9, -89.9])
def test_the_square_around_a_circle_holds_all_of_it(lat: float) -> None:
    circle = Circle(lat, 10.0, 5_000)
    square = circle.square()

    for step in range(400):
        there = (lat + (step % 20 - 10) / 200, 10.0 + (step // 20 - 10) / 40)
        if abs(there[0]) <= 90 and circle.holds(*there):
            assert square.south <= there[0] <= square.north
            assert square.west <= there[1] <= square.east


def test_a_text_is_said_in_the_language_wanted_else_in_the_citys_else_in_any() -> None:
    texts = {"ko": "물", "fr": "eau"}

    assert spoken(texts, "fr", "ko") == ("eau", "fr")
    assert spoken(texts, "en", "ko") == ("물", "ko")
    assert spoken({"fr": "eau"}, "en", "ko") == ("eau", "fr")
    assert spoken({}, "en", "ko") == ("", "")


def test_the_end_of_the_day_is_the_next_one_shortly_before_midnight() -> None:
    zone = ZoneInfo("Asia/Seoul")

    assert end_of_day(AT, zone).isoformat() == "2026-11-18T23:59:00+09:00"
    late = datetime(2026, 11, 18, 14, 30, tzinfo=UTC)
    assert end_of_day(late, zone).isoformat() == "2026-11-19T23:59:00+09:00"


def test_the_mark_of_a_page_changes_when_a_notice_does_or_goes() -> None:
    assert len({mark([]), mark([NOTICE]), mark([replace(NOTICE, version=2)])}) == 3
