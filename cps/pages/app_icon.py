"""The icon with which the site stands among the programs of a phone.

It is the city's crest on white, or on black where it is too bright for that; without one a town hall on the
city's own colour.
"""

from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING

from cps.core import emblems

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

OWN_COLOUR = "#0a6859"
PAPER = "#ffffff"
SIZES = {"180": 180, "192": 192, "512": 512, "maskable-512": 512}
"""Sides in pixels by name. `maskable` keeps to the circle of four fifths that every shape of icon shows."""

FINER = 4
"""Drawn so many times larger and then made smaller, so that slants are smooth."""

CREST, CREST_MASKED = 0.76, 0.56
"""The share of the side that a crest takes; the masked one stays within the circle to its corners."""

ROOF = ((0.5, 0.2), (0.82, 0.36), (0.82, 0.42), (0.18, 0.42), (0.18, 0.36))
COLUMNS = (0.25, 0.417, 0.583, 0.75)
COLUMN_WIDTH = 0.07
ROUNDED = 0.2


@lru_cache(maxsize=16)
def draw_icon(name: str, colour: str, crest: bytes = b"") -> bytes:
    """Return the icon of this name of `SIZES` as PNG.

    The colour is `#rrggbb`, empty for our own; `crest` is the large picture of `cps.core.emblems`.
    """
    from PIL import Image, ImageDraw

    side, is_maskable = SIZES[name], name.startswith("maskable")
    is_square = is_maskable or name == "180"  # iOS rounds by itself, and shows what is transparent as black
    sign = emblems.decoded(crest) if crest else None
    ground = emblems.ground_for(sign) if sign else colour or OWN_COLOUR
    picture = Image.new("RGBA", (side * FINER, side * FINER), ground if is_square else "#0000")
    draw = ImageDraw.Draw(picture)
    if not is_square:
        draw.rounded_rectangle(
            (0, 0, side * FINER - 1, side * FINER - 1), side * FINER * ROUNDED, fill=ground
        )
    if sign is None:
        _town_hall(draw, side * FINER, 0.75 if is_maskable else 1.0)
    picture = picture.resize((side, side), Image.Resampling.LANCZOS)
    if sign is not None:
        emblems.put(picture, sign, CREST_MASKED if is_maskable else CREST)
    buffer = BytesIO()
    picture.save(buffer, "PNG", optimize=True)
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
