"""Receipt codes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cps.polls import receipt

CODE = "K7QF9XTMP2JDVRWA"


def test_a_code_has_sixteen_digits_and_is_a_new_one_each_time() -> None:
    codes = {receipt.new_code() for _ in range(200)}

    assert len(codes) == 200
    assert all(receipt.is_code(code) for code in codes)


def test_a_code_uses_all_of_its_eighty_random_bits() -> None:
    assert receipt.new_code(lambda bits: 2**bits - 1) == "Z" * 16
    assert receipt.new_code(lambda _bits: 1) == "0" * 15 + "1"


def test_a_code_is_shown_in_groups_of_four() -> None:
    assert receipt.display(CODE) == "K7QF-9XTM-P2JD-VRWA"


@pytest.mark.parametrize(
    "typed",
    [
        "K7QF-9XTM-P2JD-VRWA",
        "k7qf 9xtm p2jd vrwa",
        "  K7QF9XTMP2JDVRWA\n",
        "K7QF–9XTM—P2JD−VRWA",
        "K7QFー9XTM‐P2JD\u200bVRWA",
        "Ｋ７ＱＦ－９ＸＴＭ－Ｐ２ＪＤ－ＶＲＷＡ",
        "K٧QF-٩XTM-P२JD-VRWA",
    ],
)
def test_a_code_is_understood_however_it_was_typed(typed: str) -> None:
    assert receipt.parse(typed) == CODE


def test_letters_taken_for_digits_are_understood() -> None:
    assert receipt.parse("OoIi-LlAA-AAAA-AAAA") == "001111AAAAAAAAAA"


@pytest.mark.parametrize(
    "typed",
    ["", "   ", CODE[:-1], CODE + "0", CODE[:-1] + "U", CODE[:-1] + "!", CODE[:-1] + "나", "A" * 10_000],
)
def test_what_is_no_code_is_none(typed: str) -> None:
    assert receipt.parse(typed) is None


@pytest.mark.parametrize("text", [CODE.lower(), "K7QF-9XTM-P2JD-VRWA", CODE[:-1] + "O", CODE[:-1], ""])
def test_only_the_one_way_of_ballot_lines_is_a_code(text: str) -> None:
    assert not receipt.is_code(text)


@given(st.integers(0, 2**80 - 1))
def test_every_code_is_read_back_from_how_it_is_shown(bits: int) -> None:
    code = receipt.new_code(lambda _bits: bits)

    assert receipt.parse(receipt.display(code).lower()) == code


@given(st.text())
def test_any_text_is_a_code_or_none(text: str) -> None:
    found = receipt.parse(text)

    assert found is None or receipt.is_code(found)
