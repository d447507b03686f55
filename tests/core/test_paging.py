"""Pages by key: keys survive the address, and nothing typed there breaks a list."""

import base64
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cps.core.paging import page_of, read_key, write_key

moments = st.datetimes(timezones=st.just(UTC))
numbers = st.integers(-(2**63) + 1, 2**63 - 1)
texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"))


@given(moments, numbers, texts)
def test_a_key_reads_back_as_it_was_written(at: datetime, number: int, text: str) -> None:
    assert read_key(write_key((at, number, text)), datetime, int, str) == (at, number, text)


@given(st.text())
def test_whatever_stands_in_the_address_is_a_key_or_nothing(text: str) -> None:
    key = read_key(text, datetime, int)

    assert key is None or [type(part) for part in key] == [datetime, int]


@pytest.mark.parametrize(
    "content",
    [
        [1],
        ["1", 2],
        [True, 2],
        [{"t": "2026-11-18T10:00:00"}, 2],
        [{"t": 5}, 2],
        [{"x": 1}, 2],
        [{"t": "2026-11-18T10:00:00+00:00"}, 2**63],
        [{"t": "2026-11-18T10:00:00+00:00"}, 2, 3],
        [{"t": "0001-01-01T00:00:00+14:00"}, 2],
        [{"t": "9999-12-31T23:59:59-12:00"}, 2],
        {"t": 1},
        7,
        None,
    ],
)
def test_a_forged_key_starts_the_list_anew(content: object) -> None:
    text = base64.urlsafe_b64encode(json.dumps(content).encode()).decode()

    assert read_key(text, datetime, int) is None


def test_a_key_of_a_thousand_brackets_starts_the_list_anew() -> None:
    text = base64.urlsafe_b64encode(b"[" * 3_000).decode()

    assert read_key(text, datetime, int) is None


@pytest.mark.parametrize(("rows", "shown", "more"), [(0, 0, False), (2, 2, False), (3, 2, True)])
def test_a_page_says_whether_there_is_another(rows: int, shown: int, more: bool) -> None:
    page = page_of(list(range(rows)), 2, lambda row: (row,))

    assert len(page.rows) == shown
    assert (page.next_key is not None) is more


def test_the_next_page_begins_after_the_last_row_shown() -> None:
    page = page_of([10, 20, 30], 2, lambda row: (row,))

    assert read_key(page.next_key, int) == (20,)


@pytest.mark.parametrize("text", ["\0", "a\ud800"])
def test_a_text_that_no_database_takes_starts_the_list_anew(text: str) -> None:
    assert read_key(write_key((1, text)), int, str) is None
