"""Digits to read aloud and type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cps.core import crockford


@pytest.mark.parametrize(
    ("number", "length", "digits"),
    [(0, 1, "0"), (31, 1, "Z"), (32, 2, "10"), (1234, 4, "016J"), (2**80 - 1, 16, "Z" * 16)],
)
def test_numbers_are_written_with_the_digits_of_crockford(number: int, length: int, digits: str) -> None:
    assert crockford.write(number, length) == digits
    assert crockford.value_of(digits) == number


@given(st.integers(0, 2**140 - 1))
def test_every_number_comes_back_from_how_it_is_shown(number: int) -> None:
    shown = crockford.grouped(crockford.write(number, 28), " ")

    assert crockford.value_of(crockford.read(shown) or "") == number


def test_letters_taken_for_digits_are_understood() -> None:
    assert crockford.read("oO iI lL") == "001111"


def test_a_u_is_no_digit() -> None:
    assert crockford.read("1U2") is None
