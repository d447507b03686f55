"""Danger words, hints at the category and likeness, without a page or a database."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cps.complaints import rules
from cps.complaints.rules import Report, Step, first_missing, has_any, most_alike, suggest
from cps.core.search import search_text

CONTENT = Path(rules.__file__).parents[1] / "demo" / "content"
HERE = (36.01, 129.51)
SECOND = 1 / 3600
"""A second of latitude, about 31 metres."""


@pytest.mark.parametrize(
    "text",
    [
        "There is a GAS-LEAK at the corner!",
        "Se electrocutó un perro",
        "s’est effondré hier",
        "전선이 끊어졌어요",
        "도시가스냄새가 나요",
        "والحريق كبير جدا",
        "Có mùi ga nồng nặc",
    ],
)
def test_danger_is_seen_whatever_capitals_accents_signs_and_endings(text: str) -> None:
    words = json.loads((CONTENT / "danger_words.json").read_text())

    assert has_any(text, [word for own in words.values() for word in own])


@pytest.mark.parametrize(
    "text",
    ["", "Broken lamp", "a fireplace is cold", "Mùi gạo thơm", "Gaslighting", "가로등이 깜빡거려요", "🔥"],
)
def test_ordinary_words_mean_no_danger(text: str) -> None:
    words = json.loads((CONTENT / "danger_words.json").read_text())

    assert not has_any(text, [word for own in words.values() for word in own])


def test_a_short_last_word_must_end_where_the_phrase_ends() -> None:
    assert has_any("it is on fire", ["on fire"])
    assert not has_any("it is on firewood", ["on fire"])


def test_a_phrase_without_a_word_is_found_nowhere() -> None:
    assert not has_any("anything ! at all", ["", "!", "…"])


@given(st.text(max_size=300), st.lists(st.text(max_size=20), max_size=5))
def test_any_text_can_be_looked_through(text: str, phrases: list[str]) -> None:
    assert has_any(text, phrases) in {True, False}


def test_categories_whose_keywords_stand_most_often_are_hinted_first() -> None:
    keywords = {"noise": ["loud", "music"], "lamp": ["lamp", "dark", "light"], "waste": ["waste"]}

    assert suggest("The LAMP is broken, it is dark, and there is waste", keywords) == ["lamp", "waste"]


def test_a_text_without_keywords_hints_at_nothing() -> None:
    assert suggest("Hello", {"lamp": ["lamp"], "empty": []}) == []


def test_only_so_many_categories_are_hinted() -> None:
    assert suggest("a b c d", {key: [key] for key in "abcd"}, most=3) == ["a", "b", "c"]


def report(words: str, category_id: int = 1, *, north: float = 0) -> Report:
    return Report(search_text(words), category_id, HERE[0] + north * SECOND, HERE[1])


def test_of_two_alike_the_nearer_comes_first() -> None:
    others = {1: report("hole in the road", north=8), 2: report("hole in the road", north=1)}

    assert most_alike(report("hole in the road"), others) == [2, 1]


def test_at_one_place_common_words_decide() -> None:
    others = {1: report("broken lamp post"), 2: report("deep hole in the road")}

    assert most_alike(report("a hole in this road"), others) == [2, 1]


def test_another_category_needs_similar_words() -> None:
    others = {1: report("music at night", 2), 2: report("deep hole road bakery", 2)}

    assert most_alike(report("deep hole in the road at the bakery"), others) == [2]


def test_what_is_far_is_not_alike() -> None:
    assert most_alike(report("hole"), {1: report("hole", north=20)}) == []


def test_endings_of_words_do_not_part_what_is_alike() -> None:
    alike = {1: report("streetlights flickering", 2)}

    assert most_alike(report("streetlight flickers"), alike) == [1]


def test_without_a_place_the_same_words_of_one_category_are_alike() -> None:
    told = Report(search_text("no water since morning"), 1)

    assert most_alike(told, {1: report("no water since the morning"), 2: report("dog", 2)}) == [1]


def test_at_most_five_are_shown() -> None:
    assert len(most_alike(report("hole"), {key: report("hole") for key in range(9)})) == 5


def test_the_first_step_that_is_not_done_is_missing() -> None:
    assert first_missing([]) is Step.PLACE
    assert first_missing(["details", "place"]) is Step.WORDS
    assert first_missing(["details", "words", "place", "nonsense"]) is None
