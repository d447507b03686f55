"""In which order hits stand, how they page, and what is offered where little or nothing is found."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from cps.cases import queries
from cps.cases.models import Case
from cps.cases.queries import Filter
from cps.cases.queries.found import WEIGHED
from cps.cases.reference import display, new_reference
from cps.cases.vocabulary import SEVERAL, learn_words
from cps.core import clock, near_words
from cps.core.db import db, transaction
from cps.core.search import search_text
from tests.support.factories import ZONE, make_category, make_complaint

pytestmark = pytest.mark.usefixtures("app")


def tell(*titles: str, body: str = "Nothing more.", **columns: object) -> list[Case]:
    """Make a case of each title, each a minute newer than the one before."""
    category = make_category()
    return [
        make_complaint(
            title=title,
            body=body,
            category=category,
            at=clock.now() - timedelta(hours=9) + timedelta(minutes=place),
            **columns,  # type: ignore[arg-type]
        )
        for place, title in enumerate(titles)
    ]


def titles(words: str, after: str | None = None) -> list[str]:
    return [row.title for row in queries.found(Filter(words=words), after=after).page.rows]


def instead(words: str) -> str:
    return queries.found(Filter(words=words)).instead


def test_whole_words_in_the_title_come_first_then_beginnings_then_the_text() -> None:
    tell("A lamp", "Lampshade", "Old lamp")
    tell("In the text", body="The lamp is dark.")
    tell("Beginning in the text", body="The lamppost is dark.")

    assert titles("lamp") == ["Old lamp", "A lamp", "Lampshade", "In the text", "Beginning in the text"]


def test_every_hit_stands_on_one_page_also_those_that_are_too_old_to_be_weighed() -> None:
    told = [f"Lamp {place}" if place % 2 else f"Dark {place}" for place in range(WEIGHED + 25)]
    tell(*told, body="A lamp.")

    seen, after = [], None
    for _page in range(20):
        page = queries.found(Filter(words="lamp"), after=after).page
        seen += [row.title for row in page.rows]
        after = page.next_key
        if after is None:
            break

    newest = told[::-1][:WEIGHED]
    lamps, others = ([t for t in newest if ("Lamp" in t) is is_lamp] for is_lamp in (True, False))
    assert seen == [*lamps, *others, *told[::-1][WEIGHED:]]


@pytest.mark.parametrize("key", ["rubbish", "W10", "WzAsMCwxXQ", "WyJhIl0"])
def test_a_damaged_key_begins_anew(key: str) -> None:
    tell("Lamp")

    assert titles("lamp", after=key) == ["Lamp"]


def test_a_reference_is_found_in_any_spelling() -> None:
    reference = new_reference(clock.now(), ZONE)
    tell("Wanted", reference=reference, search_text=search_text("Wanted", reference))
    tell("Other")

    for spelling in (reference, display(reference), display(reference).replace("-", " ")):
        assert titles(spelling) == ["Wanted"]


def test_a_word_of_too_few_cases_is_not_learnt() -> None:
    tell(*["Streetlight"] * (SEVERAL - 1))
    learn_words(clock.now())

    assert instead("streetlihgt") == ""
    assert "streetlight" not in near_words.vocabulary()


def test_words_of_private_hidden_and_integrity_cases_are_neither_learnt_nor_offered() -> None:
    tell(*["Bribery"] * SEVERAL, is_private=True, is_integrity=True)
    tell(*["Slanderous"] * SEVERAL, is_hidden=True)
    tell(*["Streetlight"] * SEVERAL)
    learn_words(clock.now())

    assert "streetlight" in near_words.vocabulary()
    assert not {"bribery", "slanderous"} & near_words.vocabulary().keys()
    assert (instead("bribrey"), instead("slanderuos")) == ("", "")


def test_a_word_is_no_longer_offered_the_moment_its_cases_are_hidden_and_is_forgotten_later() -> None:
    tell(*["Slanderous"] * SEVERAL)
    learn_words(clock.now())
    assert instead("slanderuos") == "slanderous"

    with transaction():
        for case in db.session.scalars(select(Case)):
            case.is_hidden = True
    offered = instead("slanderuos")
    learn_words(clock.now())

    assert offered == ""
    assert near_words.vocabulary() == {}


def test_learning_once_more_changes_nothing() -> None:
    tell(*["Streetlight dark"] * SEVERAL)
    learn_words(clock.now())
    known = near_words.vocabulary()
    learn_words(clock.now())

    assert near_words.vocabulary() == known
    assert known["streetlight"] == SEVERAL.bit_length()


def test_what_was_typed_is_looked_for_exactly_when_asked() -> None:
    tell(*["Streetlight"] * SEVERAL)
    learn_words(clock.now())

    assert queries.found(Filter(words="streetlihgt"), exactly=True).page.rows == []


def test_where_little_is_found_more_is_offered_but_not_shown() -> None:
    tell("Streetlihgt is dark")
    tell(*["Streetlight"] * SEVERAL)
    learn_words(clock.now())

    found = queries.found(Filter(words="streetlihgt"))

    assert [row.title for row in found.page.rows] == ["Streetlihgt is dark"]
    assert (found.instead, found.perhaps) == ("", "streetlight")


def test_nothing_is_offered_that_the_other_filters_keep_away() -> None:
    tell(*["Streetlight"] * SEVERAL)
    learn_words(clock.now())

    found = queries.found(Filter(words="streetlihgt", category_id=make_category().id))

    assert (found.page.rows, found.instead, found.perhaps) == ([], "", "")


def test_of_several_words_each_may_have_a_slip_and_another_form_is_tried_after_the_first() -> None:
    tell(*["Streetlight dark"] * SEVERAL)
    tell(*["Streetlights broken"] * SEVERAL)
    learn_words(clock.now())

    assert instead("streetlihgt drak") == "streetlight dark"
    assert instead("streetlihgts brokne") == "streetlights broken"
    assert instead("streetlight brokne") == "streetlights broken"


def test_counts_are_exact() -> None:
    tell("Lamp", "Lamp", "Hole")

    assert queries.count_listed(Filter(words="lamp")) == 2
    assert queries.count_listed(Filter()) == 3


STRANGE = ["x" * 5000, "ab " * 3000, "가" * 3000, "'; DROP TABLE cases; --", "\x00\ud800", "\\"]


@pytest.mark.parametrize("query", STRANGE)
def test_no_query_is_too_strange(query: str) -> None:
    tell("Lamp")

    assert queries.found(Filter(words=query)).page.rows == []
