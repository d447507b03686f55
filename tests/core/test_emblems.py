"""Crests: any picture becomes a small square, see-through where it was, and nothing else of it is kept."""

import random
from io import BytesIO

import pytest
from PIL import Image, ImageDraw, PngImagePlugin

from cps.core import emblems
from cps.core.emblems import LARGE_BYTES, SMALL_BYTES
from cps.core.images import ImageRefused, Refusal
from tests.core.test_images import exif, png
from tests.support.crests import encoded, make_crest

WHITE, NIGHT = (255, 255, 255), (24, 33, 30)


def seen(data: bytes) -> Image.Image:
    with Image.open(BytesIO(data)) as picture:
        return picture.convert("RGBA")


def pixel(picture: Image.Image, x: float, y: float) -> tuple[int, ...]:
    found = picture.getpixel((int(x * (picture.width - 1)), int(y * (picture.height - 1))))
    assert isinstance(found, tuple)
    return found


def noise(mode: str, size: tuple[int, int]) -> Image.Image:
    return Image.frombytes(mode, size, random.Random(7).randbytes(size[0] * size[1] * len(mode)))


def why(data: bytes) -> Refusal:
    with pytest.raises(ImageRefused) as caught:
        emblems.draw(data)
    return caught.value.reason


@pytest.mark.parametrize("name", ["PNG", "WEBP"])
def test_a_crest_is_square_small_and_as_clear_around_it_as_before(name: str) -> None:
    crest = emblems.draw(make_crest(name=name))

    assert (crest.small.width, crest.small.height) == (96, 96)
    assert (crest.large.width, crest.large.height) == (441, 441)
    assert len(crest.small.data) <= SMALL_BYTES
    for rendition in (crest.small, crest.large):
        assert pixel(seen(rendition.data), 0, 0)[3] == 0
        assert pixel(seen(rendition.data), 0.5, 0.2)[3] == 255


def test_a_jpeg_has_no_clear_ground_and_keeps_its_white() -> None:
    crest = emblems.draw(make_crest(name="JPEG", quality=95))

    assert pixel(seen(crest.large.data), 0.5, 0.01) == (*WHITE, 255)
    assert pixel(seen(crest.large.data), 0, 0.5)[3] == 0


def test_the_large_picture_makes_the_same_crest_once_more() -> None:
    pictures = [make_crest(), make_crest(name="JPEG"), encoded(noise("RGBA", (700, 300)))]
    for crest in map(emblems.draw, pictures):
        again = emblems.draw(crest.large.data)

        assert (again.name, again.small, again.large) == (crest.name, crest.small, crest.large)
    assert len({emblems.draw(picture).name for picture in pictures}) == 3


@pytest.mark.parametrize("size", [(512, 512), (900, 400), (65, 65)])
def test_even_noise_keeps_to_the_budgets(size: tuple[int, int]) -> None:
    crest = emblems.draw(encoded(noise("RGBA", size)))

    assert len(crest.small.data) <= SMALL_BYTES
    assert len(crest.large.data) <= LARGE_BYTES


@pytest.mark.parametrize(
    ("ink", "ground"), [("#ffffff", NIGHT), ("#fff3b0", NIGHT), ("#0d1f3c", WHITE), ("#101715", WHITE)]
)
def test_what_a_bar_would_swallow_stands_on_a_plate(ink: str, ground: tuple[int, ...]) -> None:
    picture = Image.new("RGBA", (300, 300))
    ImageDraw.Draw(picture).ellipse((10, 10, 290, 290), fill=ink)
    crest = emblems.draw(encoded(picture))

    plate = pixel(seen(crest.small.data), 0.5, 0.04)
    assert all(abs(one - other) < 8 for one, other in zip(plate, (*ground, 255), strict=True))
    assert pixel(seen(crest.large.data), 0, 0)[3] == 0


def test_what_can_be_seen_by_day_and_by_night_gets_no_plate() -> None:
    assert pixel(seen(emblems.draw(make_crest(ink="#1d7f9e")).small.data), 0, 0.04)[3] == 0


def test_nothing_that_was_written_into_the_file_is_kept() -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "SecretAuthor")
    hidden = make_crest(pnginfo=notes) + b"<script>SecretTail</script>"
    turned = make_crest(name="JPEG", exif=exif(orientation=6))

    for crest in map(emblems.draw, (hidden, turned)):
        for data in (crest.small.data, crest.large.data):
            assert b"Secret" not in data
            assert not seen(data).getexif()


def test_a_picture_that_was_turned_stands_upright() -> None:
    picture = Image.new("RGB", (200, 100), "red")
    picture.paste("blue", (100, 0, 200, 100))

    crest = emblems.draw(encoded(picture, "JPEG", exif=exif(orientation=6), quality=95))

    top, bottom = pixel(seen(crest.large.data), 0.5, 0.1), pixel(seen(crest.large.data), 0.5, 0.9)
    assert top[0] > 200
    assert bottom[2] > 200


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "I;16", "RGB"])
def test_every_kind_of_png_is_read(mode: str) -> None:
    base = Image.new("RGBA", (200, 200), "#1d7f9e")
    picture = Image.new(mode, base.size, 30_000) if mode == "I;16" else base.convert(mode)

    assert emblems.draw(encoded(picture)).large.width == 200


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Refusal.EMPTY),
        (encoded(Image.new("RGBA", (300, 300))), Refusal.EMPTY),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", Refusal.NOT_A_PHOTO),
        (b"<html><script>1</script>", Refusal.NOT_A_PHOTO),
        (b"\x00" * 4_000, Refusal.NOT_A_PHOTO),
        (encoded(Image.new("P", (300, 300)), "GIF"), Refusal.NOT_A_PHOTO),
        (make_crest()[:600], Refusal.DAMAGED),
        (b"\x89PNG\r\n\x1a\n<html>", Refusal.DAMAGED),
        (make_crest() + b"\x00" * 2 * 1024 * 1024, Refusal.TOO_MANY_BYTES),
        (png(30_000, 30_000, b"\x00"), Refusal.TOO_MANY_PIXELS),
        (png(30_000, 1_000, b"\x00"), Refusal.TOO_MANY_PIXELS),
        (encoded(Image.new("RGB", (900, 200), "red")), Refusal.SHAPE),
        (encoded(Image.new("RGB", (200, 900), "red")), Refusal.SHAPE),
        (encoded(Image.new("RGB", (40, 40), "red")), Refusal.TOO_SMALL),
    ],
)
def test_what_is_no_crest_is_refused(data: bytes, reason: Refusal) -> None:
    assert why(data) is reason
