"""How alike two complaints are."""

from datetime import timedelta
from typing import Any

from cps.cases.rules.alike import Report, have_equal_photo, most_alike
from cps.core.search import search_text
from tests.support.fixtures import WEDNESDAY

HERE = (36.0, 129.5)
SECOND = 1 / 3600
"""Degrees; some 31 m to the north."""

PHOTO, ALMOST, ANOTHER = "f0e1d2c3b4a59687", "f0e1d2c3b4a59680", "0f1e2d3c4b5a6978"


def report(words: str, category_id: int = 1, *, north: float = 0, **more: Any) -> Report:
    return Report(search_text(words), category_id, HERE[0] + north * SECOND, HERE[1], **more)


def test_of_two_alike_the_nearer_comes_first() -> None:
    others = {1: report("hole in the road", north=8), 2: report("hole in the road", north=1)}

    assert list(most_alike(report("hole in the road"), others)) == [2, 1]


def test_at_one_place_common_words_decide() -> None:
    others = {1: report("broken lamp post"), 2: report("deep hole in the road")}

    assert list(most_alike(report("a hole in this road"), others)) == [2, 1]


def test_another_category_needs_similar_words() -> None:
    others = {1: report("music at night", 2), 2: report("deep hole road bakery", 2)}

    assert list(most_alike(report("deep hole in the road at the bakery"), others)) == [2]


def test_what_is_far_is_not_alike() -> None:
    assert list(most_alike(report("hole"), {1: report("hole", north=20)})) == []


def test_endings_of_words_do_not_part_what_is_alike() -> None:
    alike = {1: report("streetlights flickering", 2)}

    assert list(most_alike(report("streetlight flickers"), alike)) == [1]


def test_without_a_place_the_same_words_of_one_category_are_alike() -> None:
    told = Report(search_text("no water since morning"), 1)

    assert list(most_alike(told, {1: report("no water since the morning"), 2: report("dog", 2)})) == [1]


def test_at_most_five_are_shown() -> None:
    assert len(most_alike(report("hole"), {key: report("hole") for key in range(9)})) == 5


def test_of_two_alike_the_one_of_the_same_time_comes_first() -> None:
    others = {days: report("hole in the road", at=WEDNESDAY - timedelta(days=days)) for days in (80, 1, 30)}

    assert list(most_alike(report("hole in the road", at=WEDNESDAY), others)) == [1, 30, 80]


def test_the_same_in_every_respect_is_wholly_alike() -> None:
    same = report("hole in the road", at=WEDNESDAY, photos=frozenset({PHOTO}))

    assert most_alike(same, {1: same}) == {1: 1.0}


def test_the_same_photo_tells_more_than_words_and_category_but_not_across_the_town() -> None:
    photos = frozenset({PHOTO})
    others = {
        1: report("something else altogether", 2, photos=frozenset({ALMOST, ANOTHER})),
        2: report("something else altogether", 2, photos=frozenset({ANOTHER})),
        3: report("hole in the road", photos=frozenset({PHOTO}), north=20),
    }

    assert most_alike(report("hole in the road", photos=photos), others) == {1: 0.9}


def test_pictures_without_any_shape_equal_none() -> None:
    assert not have_equal_photo(["0" * 16, "f" * 16], ["0" * 16, "f" * 16])
