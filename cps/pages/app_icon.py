"""The icon with which the site stands among the programs of a phone: a town hall on the city's own colour."""

from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

OWN_COLOUR = "#0a6859"
PAPER = "#ffffff"
SIZES = {"180": 180, "192": 192, "512": 512, "maskable-512": 512}
"""Sides in pixels by name. `maskable` keeps to the circle of four fifths that every shape of icon shows."""

FINER = 4
"""Drawn so many times larger and then made smaller, so that slants are smooth."""

ROOF = ((0.5, 0.2), (0.82, 0.36), (0.82, 0.42), (0.18, 0.42), (0.18, 0.36))
COLUMNS = (0.25, 0.417, 0.583, 0.75)
COLUMN_WIDTH = 0.07
ROUNDED = 0.2


@lru_cache(maxsize=16)
def draw_icon(name: str, colour: str) -> bytes:
    """Return the icon of this name of `SIZES` as PNG; the colour is `#rrggbb`, empty for our own."""
    from PIL import Image, ImageDraw

    side, is_maskable = SIZES[name] * FINER, name.startswith("maskable")
    is_square = is_maskable or name == "180"  # iOS rounds by itself, and shows what is transparent as black
    picture = Image.new("RGBA", (side, side), colour or OWN_COLOUR if is_square else "#0000")
    draw = ImageDraw.Draw(picture)
    if not is_square:
        draw.rounded_rectangle((0, 0, side - 1, side - 1), side * ROUNDED, fill=colour or OWN_COLOUR)
    _town_hall(draw, side, 0.75 if is_maskable else 1.0)
    buffer = BytesIO()
    picture.resize((SIZES[name], SIZES[name]), Image.Resampling.LANCZOS).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _town_hall(draw: "ImageDraw", side: int, scale: float) -> None:
    """Draw roof, columns and steps around the middle."""

    def at(part: float) -> float:
        return side * (0.5 + (part - 0.5) * scale)

    draw.polygon([(at(x), at(y)) for x, y in ROOF], fill=PAPER)
    for middle in COLUMNS:
        left, right = middle - COLUMN_WIDTH / 2, middle + COLUMN_WIDTH / 2
        draw.rectangle((at(left), at(0.47), at(right), at(0.68)), fill=PAPER)
    draw.rectangle((at(0.18), at(0.73), at(0.82), at(0.79)), fill=PAPER)
