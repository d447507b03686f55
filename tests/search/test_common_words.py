"""The newest hits of very common words are read from the list itself on SQLite, and are the same hits."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from cps.cases.models import Case
from cps.cases.queries.common_words import newest_of_common
from cps.cases.queries.found import found
from cps.cases.queries.lists import Filter
from cps.cases.rules import CaseKind
from cps.core import clock
from tests.support.factories import make_category, make_complaint

pytestmark = [
    pytest.mark.usefixtures("app"),
    pytest.mark.one_database("PostgreSQL reads its own index"),
]


def tell(number: int, title: str = "Lamp", *, hours: int = 0, **columns: Any) -> list[Case]:
    """Make cases of which the one that is written last came first."""
    category = make_category()
    return [
        make_complaint(
            title=title,
            body="Nothing more.",
            category=category,
            at=clock.now() - timedelta(hours=hours, minutes=place),
            **columns,
        )
        for place in range(number)
    ]


def newest(*tokens: str, size: int = 3, before: Sequence[Any] = ()) -> list[int] | None:
    """Return the hits that are read from the list; None where that is left to the index."""
    rows = newest_of_common(list(tokens), CaseKind.COMPLAINT, size=size, before=before)
    return rows if rows is None else [row.id for row in rows]


def test_the_newest_by_date_come_first_whatever_their_numbers() -> None:
    cases = tell(30)
    tell(5, "Something else")

    assert newest("lamp") == [case.id for case in cases[:3]]


def test_what_is_private_hidden_or_without_the_word_is_not_among_them() -> None:
    tell(2, is_private=True)
    tell(2, is_hidden=True)
    tell(2, "Lampshade")
    cases = tell(30, hours=1)

    assert newest("lamp") == [case.id for case in cases[:3]]


def test_the_beginning_of_a_word_finds_longer_ones_and_all_words_are_wanted() -> None:
    tell(2, "Lamp alone")
    cases = tell(30, "Lampshade dark", hours=1)

    assert newest("dark", "lamp*") == [case.id for case in cases[:3]]


def test_it_goes_on_behind_a_case() -> None:
    cases = tell(30)

    assert newest("lamp", before=(cases[2].received_at, cases[2].id)) == [case.id for case in cases[3:6]]


def test_a_word_that_few_have_is_left_to_the_index() -> None:
    tell(5)
    tell(30, "Something else")

    assert newest("lamp") is None


def test_a_word_that_was_common_only_long_ago_is_left_to_the_index() -> None:
    tell(40, "Snow", hours=900)
    tell(30, "Something else")

    assert newest("snow") is None
    assert len(found(Filter(words="snow")).page.rows) == 20


def test_pages_of_a_very_common_word_show_every_case_once() -> None:
    cases = tell(450)

    seen, after = [], None
    while True:
        page = found(Filter(words="lamp"), after=after).page
        seen += [row.id for row in page.rows]
        if (after := page.next_key) is None:
            break

    assert seen == [case.id for case in cases]
