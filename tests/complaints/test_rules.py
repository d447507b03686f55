"""Danger words, hints at the category and likeness, without a page or a database."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cps.complaints import rules
from cps.complaints.rules import Step, first_missing, suggest
from cps.core.phrases import has_any

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


def test_the_first_step_that_is_not_done_is_missing() -> None:
    assert first_missing([]) is Step.PLACE
    assert first_missing(["details", "place"]) is Step.WORDS
    assert first_missing(["details", "words", "place", "nonsense"]) is None
