"""The photo that is filed: in pixels, in bytes and by its head what a phone's camera sends."""

from functools import cache
from io import BytesIO

from PIL import Image

WIDE, HIGH = 4000, 3000
NOISE, QUALITY = 15, 87
"""With these the file has about three megabytes, of which most is noise that no encoder saves."""

_ORIENTATION, _LEANS_RIGHT = 0x0112, 6
_START, _COMMENT = b"\xff\xd8", b"\xff\xfe"


def photo(number: int) -> bytes:
    """Return a JPEG of about 3 MB and twelve million pixels; each number gives a file of its own hash.

    The pixels are those of one picture: only a comment in the file differs, so that making it costs nothing.
    """
    said = f"photo {number}".encode()
    comment = _COMMENT + (len(said) + 2).to_bytes(2) + said
    return _START + comment + _picture().removeprefix(_START)


@cache
def _picture() -> bytes:
    """Return a JPEG of shades that run into each other, under noise, from a phone that is held upright."""
    noise = Image.effect_noise((WIDE, HIGH), NOISE)
    across = Image.linear_gradient("L").rotate(90).resize((WIDE, HIGH))
    down = Image.radial_gradient("L").resize((WIDE, HIGH))
    bands = [Image.blend(shade, noise, 0.5) for shade in (across, down, across)]
    exif = Image.Exif()
    exif[_ORIENTATION] = _LEANS_RIGHT
    made = BytesIO()
    Image.merge("RGB", bands).save(made, "JPEG", quality=QUALITY, exif=exif)
    return made.getvalue()
