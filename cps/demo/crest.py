"""The crest of the demo city, drawn: a golden sun over the river, on a shield."""

import math
from io import BytesIO
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from PIL import Image, ImageDraw

SIDE: Final = 512
FINER: Final = 4
"""Drawn so many times larger and then made smaller, so that slants are smooth."""

SHIELD, EDGE, SUN, WATER = "#0a6859", "#f2c14e", "#f2c14e", "#e3f1ed"
RAYS: Final = 7


def draw_crest() -> bytes:
    """Return the crest as a PNG with a clear ground; the same bytes every time."""
    from PIL import Image

    picture = Image.new("RGBA", (SIDE * FINER, SIDE * FINER))
    outer, inner = _shield(picture.size, 0.0), _shield(picture.size, 0.05)
    picture.paste(EDGE, (0, 0), outer)
    field = _field(picture.size)
    picture.paste(field, (0, 0), inner)
    buffer = BytesIO()
    picture.resize((SIDE, SIDE), Image.Resampling.LANCZOS).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _shield(size: tuple[int, int], inset: float) -> "Image.Image":
    """Return the mask of a shield: straight above, pointed below."""
    from PIL import Image, ImageDraw

    mask = Image.new("L", size)
    left, right, top, low = 0.1 + inset, 0.9 - inset, 0.03 + inset, 0.97 - inset * 1.25
    bend = [
        (right - (right - 0.5) * (1 - math.cos(turn)), 0.5 + (low - 0.5) * math.sin(turn))
        for turn in (step * math.pi / 120 for step in range(61))
    ]
    points = [(left, top), (right, top), *bend, *((1 - x, y) for x, y in reversed(bend))]
    ImageDraw.Draw(mask).polygon([(x * size[0], y * size[1]) for x, y in points], fill=255)
    return mask


def _field(size: tuple[int, int]) -> "Image.Image":
    from PIL import Image, ImageDraw

    field = Image.new("RGBA", size, SHIELD)
    draw = ImageDraw.Draw(field)
    _sun(draw, size[0])
    for row in range(2):
        _wave(draw, size[0], 0.61 + row * 0.14)
    return field


def _sun(draw: "ImageDraw.ImageDraw", side: int) -> None:
    """Draw half a sun with its rays, rising over the water."""
    x, y, radius = 0.5, 0.53, 0.15
    for ray in range(RAYS):
        turn = math.pi * (ray + 0.5) / RAYS
        ends = [
            (x + length * math.cos(turn + aside), y - length * math.sin(turn + aside))
            for length, aside in ((0.19, -0.12), (0.36, 0.0), (0.19, 0.12))
        ]
        draw.polygon([(a * side, b * side) for a, b in ends], fill=SUN)
    box = [(x - radius) * side, (y - radius) * side, (x + radius) * side, (y + radius) * side]
    draw.pieslice(box, 180, 360, fill=SUN)


def _wave(draw: "ImageDraw.ImageDraw", side: int, height: float) -> None:
    line = [(step / 100, height + 0.022 * math.sin(step / 100 * 6 * math.pi)) for step in range(101)]
    thick = 0.06
    points = [*line, *((x, y + thick) for x, y in reversed(line))]
    draw.polygon([(a * side, b * side) for a, b in points], fill=WATER)
