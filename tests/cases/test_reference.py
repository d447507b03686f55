import contextlib
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cps.cases.reference import (
    NotAReference,
    Why,
    check_digit,
    display,
    find,
    hash_pin,
    hash_secret,
    new_pin,
    new_reference,
    parse,
    parse_pin,
    reference_to_set_aside,
    secret_for,
)

SEOUL = ZoneInfo("Asia/Seoul")
AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)

references = st.builds(
    lambda number, month: new_reference(AT.replace(month=month), SEOUL, lambda _: number),
    st.integers(0, 10**7 - 1),
    st.integers(1, 12),
)


def why(text: str) -> Why:
    with pytest.raises(NotAReference) as caught:
        parse(text)
    return caught.value.reason


def in_script(digits: str, zero: str) -> str:
    return "".join(chr(ord(zero) + int(d)) if d.isdigit() else d for d in digits)


@pytest.mark.parametrize(
    "pasted",
    [
        "The city has your report {}.",
        "http://127.0.0.1:8000/complaints/{}",
        "Nr. {}, filed on 27 November 2026, 11:50 PM",
        "#{}",
        "접수번호: {}입니다",
    ],
)
@given(references)
def test_the_number_is_found_in_what_somebody_pasted(pasted: str, reference: str) -> None:
    assert find(pasted.format(display(reference))) == reference
    assert find(pasted.format(reference)) == reference


def test_points_and_strokes_may_stand_between_its_groups() -> None:
    reference = new_reference(AT, SEOUL)

    for point in "./":
        assert find(display(reference).replace("-", point) + ".") == reference


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", Why.EMPTY),
        ("2611-4839", Why.WRONG_LENGTH),
        ("pothole", Why.NOT_DIGITS),
        ("Call 112", Why.NOT_DIGITS),
    ],
)
def test_where_no_number_is_found_the_reason_is_told(text: str, reason: Why) -> None:
    with pytest.raises(NotAReference) as caught:
        find(text)
    assert caught.value.reason is reason


def test_of_two_numbers_neither_is_guessed() -> None:
    one, other = (display(new_reference(AT, SEOUL, lambda _, number=number: number)) for number in (1, 2))

    assert find(f"{one} or {one}") == one.replace("-", "")
    with pytest.raises(NotAReference):
        find(f"{one} or {other}")


def test_a_reference_is_twelve_digits_that_begin_with_year_and_month() -> None:
    reference = new_reference(AT, SEOUL)

    assert len(reference) == 12
    assert reference.isascii()
    assert reference.isdigit()
    assert reference.startswith("2611")


def test_the_month_is_the_citys_month_and_not_that_of_utc() -> None:
    last_evening_utc = datetime(2026, 11, 30, 20, 0, tzinfo=UTC)

    assert new_reference(last_evening_utc, SEOUL).startswith("2612")
    assert new_reference(last_evening_utc, ZoneInfo("America/Lima")).startswith("2611")


def test_small_random_numbers_keep_their_leading_zeros() -> None:
    assert new_reference(AT, SEOUL, lambda _: 7)[4:11] == "0000007"


def test_the_random_part_spans_seven_digits() -> None:
    asked: list[int] = []

    def highest(below: int) -> int:
        asked.append(below)
        return below - 1

    assert new_reference(AT, SEOUL, highest)[4:11] == "8999999"
    assert asked == [9_000_000]


@given(st.integers(0, 10**6 - 1))
def test_what_is_set_aside_for_paper_is_never_given_to_a_case_that_is_filed_at_once(number: int) -> None:
    reference = reference_to_set_aside(AT, SEOUL, lambda _: number)

    assert parse(reference) == reference
    assert reference[4] == "9"


def test_damms_own_example_gets_his_check_digit() -> None:
    assert check_digit("572") == 4
    assert check_digit("5724") == 0


@given(references)
def test_what_is_shown_is_read_back(reference: str) -> None:
    assert parse(display(reference)) == reference


@given(references, st.integers(0, 11), st.integers(1, 9))
def test_every_single_wrong_digit_is_noticed(reference: str, place: int, shift: int) -> None:
    wrong = str((int(reference[place]) + shift) % 10)

    assert why(reference[:place] + wrong + reference[place + 1 :]) is Why.MISTYPED


@given(references, st.integers(0, 10))
def test_every_swap_of_two_neighbours_is_noticed(reference: str, place: int) -> None:
    first, second = reference[place : place + 2]
    swapped = reference[:place] + second + first + reference[place + 2 :]

    if first != second:
        assert why(swapped) is Why.MISTYPED


def test_a_thirteenth_month_is_mistyped_even_when_the_check_digit_agrees() -> None:
    digits = "26134839126"

    assert why(f"{digits}{check_digit(digits)}") is Why.MISTYPED


@pytest.mark.parametrize("zero", ["٠", "۰", "०", "๐", "０", "០", "၀"])
def test_digits_of_any_script_are_understood(zero: str) -> None:
    reference = new_reference(AT, SEOUL)

    assert parse(in_script(display(reference), zero)) == reference


@pytest.mark.parametrize(
    "between",
    [
        "",
        "-",
        " ",
        "\u00a0",
        "\u2009",
        "\u3000",
        "\t",
        "\n",
        "–",
        "—",
        "‑",
        "\uff0d",
        "\u2212",
        "ー",
        "\u200b",
        "\u200f",
    ],
)
def test_dashes_spaces_and_invisible_marks_of_every_kind_are_ignored(between: str) -> None:
    reference = new_reference(AT, SEOUL)

    assert parse(between + between.join(reference) + between) == reference


@pytest.mark.parametrize("text", ["", "   ", "-", "\u200b"])
def test_nothing_typed_is_called_empty(text: str) -> None:
    assert why(text) is Why.EMPTY


@pytest.mark.parametrize("text", ["2611", "2611-4839-126", "2611-4839-12600", "1" * 1000])
def test_too_few_or_too_many_digits_are_called_so(text: str) -> None:
    assert why(text) is Why.WRONG_LENGTH


@pytest.mark.parametrize(
    "text", ["pothole", "2611-4839-12O7", "2611-4839-126²", "2611.4839.1267", "2611\x004839"]
)
def test_letters_and_signs_are_called_so(text: str) -> None:
    assert why(text) is Why.NOT_DIGITS


@given(st.text())
def test_no_text_leads_to_another_error(text: str) -> None:
    with contextlib.suppress(NotAReference):
        assert len(parse(text)) == 12


def test_a_pin_has_four_digits_with_leading_zeros() -> None:
    assert new_pin(lambda _: 42) == "0042"
    assert len(new_pin()) == 4


def test_a_pin_is_understood_in_any_scripts_digits() -> None:
    assert parse_pin(" ٠٠٤٢ ") == "0042"


@pytest.mark.parametrize("text", ["", "123", "12345", "12a4"])
def test_anything_else_is_no_pin(text: str) -> None:
    assert parse_pin(text) is None


def test_secrets_differ_and_fit_into_an_address_unquoted() -> None:
    secrets = {secret_for(f"2611{number:08}", key=b"k") for number in range(100)}

    assert len(secrets) == 100
    assert all(len(s) == 32 and s.replace("-", "").replace("_", "").isalnum() for s in secrets)


def test_the_secret_of_a_case_is_the_same_at_each_call_and_another_under_another_key() -> None:
    secrets = [secret_for("261148391267", key=key) for key in (b"one", b"one", b"two")]

    assert secrets[0] == secrets[1] != secrets[2]


def test_the_stored_hash_does_not_show_the_secret() -> None:
    secret = secret_for("261148391267", key=b"k")

    assert hash_secret(secret) == hash_secret(secret)
    assert secret not in hash_secret(secret)
    assert len(hash_secret(secret)) == 64


def test_the_same_pin_is_stored_differently_for_each_case_and_each_key() -> None:
    stored = {
        hash_pin("0042", reference=r, key=k) for r in ("261100000011", "261100000029") for k in (b"a", b"b")
    }

    assert len(stored) == 4
