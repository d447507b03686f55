"""What is blacked out, who may appeal, who decides."""

from datetime import UTC, datetime, timedelta

import pytest

from cps.moderation.rules import (
    black_out,
    cells_of,
    may_appeal,
    may_decide,
    phrases_of,
    rows_for,
)

THEN = datetime(2026, 11, 1, 9, tzinfo=UTC)


def test_phrases_are_lines_the_longest_first_and_each_once() -> None:
    assert phrases_of("Kim\n  Kim  Minsu \n\nKim") == ["Kim Minsu", "Kim"]


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("Kim Minsu did it", "# did it"),
        ("KIM\nMINSU did it, kim too", "# did it, # too"),
        ("a.b and axb", "a.b and axb"),
    ],
)
def test_a_phrase_is_blacked_out_however_it_is_written(words: str, shown: str) -> None:
    assert black_out(words, ["Kim Minsu", "Kim"], "#") == shown


def test_what_looks_like_a_pattern_is_taken_by_the_letter() -> None:
    assert black_out("a.b and axb \\1", ["a.b"], r"\1") == r"\1 and axb \1"


@pytest.mark.parametrize(
    ("after", "over", "before", "may"),
    [
        (timedelta(days=30), False, False, True),
        (timedelta(days=30, seconds=1), False, False, False),
        (timedelta(days=1), True, False, False),
        (timedelta(days=1), False, True, False),
    ],
)
def test_an_appeal_is_possible_once_within_thirty_days(
    after: timedelta, over: bool, before: bool, may: bool
) -> None:
    assert may_appeal(THEN + after, hidden_at=THEN, is_over=over, was_appealed=before) is may


def test_another_moderator_decides_and_the_same_only_where_there_is_no_other() -> None:
    assert may_decide(2, by_id=1, author_id=9, others=1)
    assert not may_decide(1, by_id=1, author_id=9, others=1)
    assert may_decide(1, by_id=1, author_id=9, others=0)
    assert not may_decide(9, by_id=1, author_id=9, others=0)


def test_cells_are_read_from_what_a_form_sends_and_nothing_else_is() -> None:
    assert cells_of(["0-0", "11-8", "12-0", "0-9", "-1-2", "x", "٣-1", "0-0"], rows=9) == [(0, 0), (11, 8)]
    assert rows_for(1600, 1200) == 9
    assert rows_for(100, 4000) == 18
