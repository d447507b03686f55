import pytest

from cps.departments import rules
from cps.departments.rules import NotAnAnswer


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("3", "3"), (" 3,5 ", "3.5"), ("-2", "-2"), ("−2", "-2"), ("٣٫٥", "3.5"), ("0", "0")],
)
def test_numbers_are_read_as_people_write_them(typed: str, kept: str) -> None:
    assert rules.read_number(typed) == kept


@pytest.mark.parametrize("typed", ["", "many", "NaN", "inf", "1e3", "1.2.3", "--1", "9" * 40, "½", "3 4"])
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(NotAnAnswer):
        rules.read_number(typed)


def test_a_day_is_kept_with_or_without_its_time() -> None:
    assert rules.read_moment("2026-11-18", "") == "2026-11-18"
    assert rules.read_moment(" 2026-11-18", "09:30") == "2026-11-18T09:30"


@pytest.mark.parametrize(
    ("day", "hour"), [("18.11.2026", ""), ("2026-02-30", ""), ("2026-11-18", "25:00"), ("", "9")]
)
def test_what_is_no_day_or_time_is_refused(day: str, hour: str) -> None:
    with pytest.raises(NotAnAnswer):
        rules.read_moment(day, hour)


def test_an_answer_stops_where_the_question_says_so() -> None:
    stops = {"private": {"en": "Ask the owner."}}

    assert rules.stopped_by(stops, ["public", "private"]) == {"en": "Ask the owner."}
    assert rules.stopped_by(stops, ["public"]) is None
    assert rules.stopped_by({}, []) is None
