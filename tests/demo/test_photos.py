import io

import pytest
from PIL import Image

from cps.demo.content import load
from cps.demo.photos import SCENES, draw_photo

SMALL = (400, 300)


@pytest.mark.parametrize("kind", sorted(SCENES))
def test_a_scene_can_be_drawn_broken_and_mended_for_many_seeds(kind: str) -> None:
    for seed in range(4):
        before, after = draw_photo(kind, seed, SMALL), draw_photo(kind, seed, SMALL, after=True)

        assert before != after
        assert Image.open(io.BytesIO(before)).size == Image.open(io.BytesIO(after)).size == SMALL


def test_the_same_seed_draws_the_same_photograph_and_another_seed_another() -> None:
    assert draw_photo("bench", 1, SMALL) == draw_photo("bench", 1, SMALL)
    assert draw_photo("bench", 1, SMALL) != draw_photo("bench", 2, SMALL)


def test_mending_leaves_the_place_recognisable() -> None:
    before = Image.open(io.BytesIO(draw_photo("pothole", 5, SMALL)))
    after = Image.open(io.BytesIO(draw_photo("pothole", 5, SMALL, after=True)))
    pairs = zip(before.convert("L").tobytes(), after.convert("L").tobytes(), strict=True)

    changed = sum(abs(a - b) > 24 for a, b in pairs)

    assert 0.01 < changed / (SMALL[0] * SMALL[1]) < 0.2


def test_a_photograph_is_a_jpeg_of_the_size_asked_for_without_metadata() -> None:
    for size in ((1200, 900), (900, 1200), (640, 360)):
        picture = Image.open(io.BytesIO(draw_photo("office", 3, size)))

        assert picture.format == "JPEG"
        assert picture.size == size
        assert not picture.getexif()


def test_every_category_and_every_photographed_complaint_has_a_scene() -> None:
    content = load()

    assert {category.photo for category in content.categories.values()} <= SCENES.keys()
    assert {kind for complaint in content.complaints.values() for kind in complaint.photos} <= SCENES.keys()
