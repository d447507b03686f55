from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cps.wards.coordinates import BadCoordinate, Why, parse_latitude, parse_longitude


def why(parse: Callable[[], object]) -> Why:
    with pytest.raises(BadCoordinate) as caught:
        parse()
    return caught.value.reason


@pytest.mark.parametrize(
    ("text", "degrees"),
    [
        ("37.5", 37.5),
        ("37,5", 37.5),
        (" -37.5665 ", -37.5665),
        ("+37", 37),
        ("37.", 37),
        ("37.5°", 37.5),
        ("−6,2", -6.2),
        ("٣٧٫٥", 37.5),
        ("３７．５", 37.5),
        ("90", 90),
        ("-90.0", -90),
    ],
)
def test_a_latitude_is_read_as_people_write_it(text: str, degrees: float) -> None:
    assert parse_latitude(text) == degrees


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_nothing_typed_is_called_empty(text: str) -> None:
    assert why(lambda: parse_latitude(text)) is Why.EMPTY


@pytest.mark.parametrize(
    "text",
    [
        "NaN",
        "nan",
        "inf",
        "-Infinity",
        "1e1",
        "1_0",
        "0x10",
        "north",
        "37.5.1",
        "37,5,1",
        "1,037.5",
        "--1",
        ".",
        "9" * 400,
    ],
)
def test_what_is_no_number_is_called_so(text: str) -> None:
    assert why(lambda: parse_latitude(text)) is Why.NOT_A_NUMBER


@pytest.mark.parametrize("text", ["91", "-90.0001", "127"])
def test_a_latitude_beyond_the_poles_is_out_of_range(text: str) -> None:
    assert why(lambda: parse_latitude(text)) is Why.OUT_OF_RANGE


def test_a_longitude_reaches_to_180() -> None:
    assert parse_longitude("-180") == -180
    assert why(lambda: parse_longitude("180.1")) is Why.OUT_OF_RANGE


@given(st.text(max_size=30))
def test_no_text_leads_to_another_error(text: str) -> None:
    try:
        degrees = parse_longitude(text)
    except BadCoordinate:
        degrees = 0
    assert -180 <= degrees <= 180
