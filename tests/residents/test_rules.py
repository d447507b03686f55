"""Numbers as offices and people write them, birth dates, codes."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cps.core.crockford import ALPHABET, grouped
from cps.residents.rules import (
    LETTER_FOR,
    Fault,
    Unreadable,
    has_lapsed,
    last_signs,
    new_counter_code,
    new_letter_code,
    normal_number,
    read_born_on,
    read_letter_code,
    read_typed_birth_date,
)
from tests.support.fixtures import WEDNESDAY

TODAY = date(2026, 11, 18)


@pytest.mark.parametrize(
    "written",
    [
        *("900517-1234567", "9005171234567", " 900517 1234567 ", "900517–1234567"),
        *("９００５１７-1234567", "٩٠٠٥١٧-1234567"),
    ],
)
def test_a_number_is_one_however_it_is_written(written: str) -> None:
    assert normal_number(written) == "9005171234567"


def test_letters_of_a_number_are_one_in_any_case() -> None:
    assert normal_number("Ab-12 ß") == normal_number("aB12SS") == "ab12ss"


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("", Fault.NO_NUMBER),
        (" - – \u200b ", Fault.NO_NUMBER),
        ("1" * 41, Fault.LONG_NUMBER),
        ("1" * 100_000, Fault.LONG_NUMBER),
    ],
)
def test_what_is_no_number_is_refused(written: str, fault: Fault) -> None:
    with pytest.raises(Unreadable) as refused:
        normal_number(written)

    assert refused.value.fault is fault


@given(st.text(max_size=60))
def test_a_normal_number_stays_as_it_is(written: str) -> None:
    try:
        number = normal_number(written)
    except Unreadable:
        return
    assert normal_number(number) == number


@given(st.text(st.characters(codec="ascii"), max_size=40))
def test_a_number_in_plain_letters_is_the_one_it_would_be_among_others(written: str) -> None:
    beside = f"é{written}"
    with suppress(Unreadable):
        assert f"é{normal_number(written)}" == normal_number(beside)


@pytest.mark.parametrize(
    "written",
    ["1990-05-17", "1990/5/17", "1990.05.17", "1990. 5. 17.", "19900517", " １９９０-05-17 ", "١٩٩٠-٠٥-١٧"],
)
def test_a_birth_date_that_begins_with_the_year_is_read(written: str) -> None:
    assert read_born_on(written, today=TODAY) == date(1990, 5, 17)


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("", Fault.NO_DATE),
        ("05/06/1990", Fault.NOT_A_DATE),
        ("17.5.1990", Fault.NOT_A_DATE),
        ("1990-05/17", Fault.NOT_A_DATE),
        ("90-05-17", Fault.NOT_A_DATE),
        ("1990-02-30", Fault.NOT_A_DATE),
        ("1990-13-01", Fault.NOT_A_DATE),
        ("0000-01-01", Fault.NOT_A_DATE),
        ("1990-05-17T00:00", Fault.NOT_A_DATE),
        ("33010", Fault.NOT_A_DATE),
        ("9" * 100_000, Fault.NOT_A_DATE),
        ("2026-11-19", Fault.IN_FUTURE),
        ("1895-12-31", Fault.TOO_OLD),
    ],
)
def test_a_birth_date_that_would_have_to_be_guessed_or_cannot_be_is_refused(
    written: str, fault: Fault
) -> None:
    with pytest.raises(Unreadable) as refused:
        read_born_on(written, today=TODAY)

    assert refused.value.fault is fault


@pytest.mark.parametrize(
    "written",
    [
        *(
            "1990-05-17",
            "1990.5.17",
            "19900517",
            "1990 5 17",
            "1990-05/17",
            "1990년 5월 17일",
            "１９９０年５月１７日",
        ),
        *("17.5.1990", "17. 5. 1990", "17/05/1990", "5/17/1990", "17-5-1990", "17 5 1990", "١٧/٥/١٩٩٠"),
    ],
)
def test_a_typed_birth_date_is_read_where_day_and_month_tell_themselves_apart(written: str) -> None:
    assert read_typed_birth_date(written, today=TODAY) == date(1990, 5, 17)


def test_where_day_and_month_are_the_same_number_nothing_is_to_be_guessed() -> None:
    assert read_typed_birth_date("5/5/1990", today=TODAY) == date(1990, 5, 5)


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("", Fault.NO_DATE),
        (" - ", Fault.NO_DATE),
        ("05/06/1990", Fault.DAY_OR_MONTH),
        ("5-6-1990", Fault.DAY_OR_MONTH),
        ("17.13.1990", Fault.NOT_A_DATE),
        ("13/13/1990", Fault.NOT_A_DATE),
        ("30.2.1990", Fault.NOT_A_DATE),
        ("17/05/90", Fault.NOT_A_DATE),
        ("900517", Fault.NOT_A_DATE),
        ("17 May 1990", Fault.NOT_A_DATE),
        ("1990-05-17 08:00", Fault.NOT_A_DATE),
        ("123/456/1990", Fault.NOT_A_DATE),
        ("0/0/0000", Fault.NOT_A_DATE),
        ("9" * 100_000, Fault.NOT_A_DATE),
        ("19.11.2026", Fault.IN_FUTURE),
        ("31.12.1895", Fault.TOO_OLD),
    ],
)
def test_a_typed_birth_date_that_is_none_or_two_is_refused(written: str, fault: Fault) -> None:
    with pytest.raises(Unreadable) as refused:
        read_typed_birth_date(written, today=TODAY)

    assert refused.value.fault is fault


def test_somebody_born_today_is_in_the_register() -> None:
    assert read_born_on("2026-11-18", today=TODAY) == TODAY


@given(st.text(max_size=40))
def test_no_text_breaks_the_reading_of_dates_and_codes(written: str) -> None:
    code = read_letter_code(written)
    assert code is None or set(code) <= set(ALPHABET)
    with suppress(Unreadable):
        assert read_born_on(written, today=TODAY) <= TODAY
    with suppress(Unreadable):
        assert read_typed_birth_date(written, today=TODAY) <= TODAY


def test_a_code_is_read_as_people_copy_it() -> None:
    assert read_letter_code(" k7qf 9xtm–p2jd") == "K7QF9XTMP2JD"
    assert read_letter_code("OIL0-1111-ABCD") == "01101111ABCD"
    assert read_letter_code(grouped("K7QF9XTMP2JD")) == "K7QF9XTMP2JD"


@pytest.mark.parametrize(
    "written", ["", "K7QF-9XTM-P2J", "K7QF-9XTM-P2JDD", "K7QF-9XTM-P2JU", "K7QF_9XTM_P2JD"]
)
def test_what_is_no_code_is_none(written: str) -> None:
    assert read_letter_code(written) is None


def test_codes_are_drawn_from_the_whole_alphabet() -> None:
    signs = "".join(new_letter_code() for _ in range(200))

    assert set(signs) == set(ALPHABET)
    assert len({new_letter_code() for _ in range(200)}) == 200
    assert all(len(new_counter_code()) == 6 for _ in range(50))


def test_a_letter_lapses_after_sixty_days_to_the_second() -> None:
    assert not has_lapsed(WEDNESDAY, WEDNESDAY + LETTER_FOR - timedelta(seconds=1))
    assert has_lapsed(WEDNESDAY, WEDNESDAY + LETTER_FOR)


@pytest.mark.parametrize(
    ("number", "end"), [("900517-1234567", "4567"), ("1234", "34"), ("12", "2"), ("1", "")]
)
def test_a_letter_never_shows_more_than_half_a_number(number: str, end: str) -> None:
    assert last_signs(number) == end
