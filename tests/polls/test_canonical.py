"""One value, one text."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cps.polls import canonical
from cps.polls.canonical import NotCanonical

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def test_keys_are_sorted_and_nothing_but_ascii_is_written() -> None:
    assert canonical.to_bytes({"b": [1, None, True], "a": "도 é"}) == (
        b'{"a":"\\ub3c4 \\u00e9","b":[1,null,true]}'
    )


def test_the_text_is_that_of_the_documented_call() -> None:
    value = {"z": 0, "가": {"b": 2, "a": [1]}, "😀": '\n"\\/'}

    assert canonical.to_bytes(value) == json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False
    ).encode("ascii")


@given(VALUES)
def test_every_value_comes_back_from_its_text(value: canonical.Json) -> None:
    assert canonical.from_bytes(canonical.to_bytes(value)) == value


def test_a_tuple_is_written_as_a_list() -> None:
    assert canonical.to_bytes({"choice": ("b", "a")}) == b'{"choice":["b","a"]}'


@pytest.mark.parametrize("value", [1.5, {"a": 2.0}, [float("nan")], {1: "a"}, {"a": {1, 2}}, b"bytes"])
def test_fractions_and_foreign_kinds_are_not_written(value: object) -> None:
    with pytest.raises(NotCanonical):
        canonical.to_bytes(value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "data",
    [
        b'{"b":1,"a":2}',
        b'{"a": 1}',
        b'{"a":1} ',
        b'{"a":1}\n',
        b'{"a":1,"a":1}',
        b"1.0",
        b"1e3",
        b"-0",
        b"007",
        b"NaN",
        b"-Infinity",
        b'"\\u0041"',
        b'"\\uB3C4"',
        b'"\\/"',
        '"도"'.encode(),
        b"\xef\xbb\xbf1",
        b"",
        b"{",
        b"[" * 100_000,
        b"9" * 10_000,
    ],
)
def test_any_other_way_to_write_a_value_is_refused(data: bytes) -> None:
    with pytest.raises(NotCanonical):
        canonical.from_bytes(data)


def test_a_hash_is_sha256_in_lower_case_hex() -> None:
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    assert canonical.sha256(b"") == empty
    assert canonical.is_hash(empty)
    assert not canonical.is_hash(empty.upper())
    assert not canonical.is_hash(empty + "\n")


def test_a_time_is_written_in_utc_with_whole_seconds() -> None:
    seoul = timezone(timedelta(hours=9))

    text = canonical.time_to_text(datetime(2026, 11, 26, 18, 0, 0, 999_999, tzinfo=seoul))

    assert text == "2026-11-26T09:00:00Z"
    assert canonical.time_from_text(text) == datetime(2026, 11, 26, 9, tzinfo=UTC)


def test_a_time_without_a_zone_is_not_written() -> None:
    with pytest.raises(ValueError, match="zone"):
        canonical.time_to_text(datetime(2026, 11, 26))  # noqa: DTZ001


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-26T09:00:00+00:00",
        "2026-11-26T09:00:00.5Z",
        "2026-11-26 09:00:00Z",
        "2026-02-30T09:00:00Z",
        "2026-11-26T24:00:00Z",
        "٢٠٢٦-11-26T09:00:00Z",
        "",
    ],
)
def test_a_time_written_otherwise_is_refused(text: str) -> None:
    assert not canonical.is_time(text)
    with pytest.raises(NotCanonical):
        canonical.time_from_text(text)
