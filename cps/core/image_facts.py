"""What a photo tells of itself: when and where it was taken, and what it looks like. All of it is private."""

import math
import re
import struct
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

_ORIENTATION = 0x0112
_EXIF_BLOCK, _GPS_BLOCK = 0x8769, 0x8825
_TAKEN, _DIGITISED = 36867, 36868
_MOMENT = re.compile(r"(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)")

# What broken metadata raise. Warning, because a process may have turned Pillow's warnings into errors.
_BROKEN = (
    *(ValueError, TypeError, LookupError, ArithmeticError, SyntaxError, OSError, AttributeError),
    *(struct.error, Warning),
)


@dataclass(frozen=True)
class Facts:
    """Orientation to apply (EXIF 1 to 8), the camera's local time, (latitude, longitude) in degrees."""

    orientation: int = 1
    taken_at: datetime | None = None
    position: tuple[float, float] | None = None


def read_facts(image: "Image.Image") -> Facts:
    """Return what the metadata of a loaded image say; what is missing, broken or impossible is left out."""
    try:
        exif = image.getexif()
        orientation = exif.get(_ORIENTATION, 1)
    except _BROKEN:
        return Facts()
    return Facts(
        orientation=orientation if orientation in range(1, 9) else 1,
        taken_at=_taken_at(exif),
        position=_position(exif),
    )


def difference_hash(image: "Image.Image") -> str:
    """Return 64 bits as 16 hex digits that stay nearly the same when a photo is scaled or compressed again.

    Each bit says whether a point is darker than its right neighbour on a grid of nine by eight.
    """
    from PIL import Image

    grid = image.convert("L").resize((9, 8), Image.Resampling.BOX).tobytes()
    bits = 0
    for row in range(8):
        for column in range(8):
            place = row * 9 + column
            bits = bits << 1 | (grid[place] < grid[place + 1])
    return f"{bits:016x}"


def hamming(a: str, b: str) -> int:
    """Return in how many of the 64 bits two difference hashes differ; up to about 10 is the same picture."""
    return (int(a, 16) ^ int(b, 16)).bit_count()


def _taken_at(exif: "Image.Exif") -> datetime | None:
    try:
        block = exif.get_ifd(_EXIF_BLOCK)
        found = _MOMENT.match(str(block.get(_TAKEN) or block.get(_DIGITISED) or ""))
        if found is None:
            return None
        return datetime(*map(int, found.groups()))  # type: ignore[arg-type]  # noqa: DTZ001 (local time of an unknown zone)
    except _BROKEN:
        return None


def _position(exif: "Image.Exif") -> tuple[float, float] | None:
    try:
        block = exif.get_ifd(_GPS_BLOCK)
        latitude = _degrees(block[2], str(block[1]), limit=90)
        longitude = _degrees(block[4], str(block[3]), limit=180)
    except _BROKEN:
        return None
    if latitude is None or longitude is None or (latitude, longitude) == (0, 0):
        return None
    return latitude, longitude


def _degrees(parts: tuple[float, float, float], side: str, *, limit: int) -> float | None:
    """Return degrees from (degrees, minutes, seconds) and a side of N, S, E or W; None where impossible."""
    degrees, minutes, seconds = (float(part) for part in parts)
    value = degrees + minutes / 60 + seconds / 3600
    if not math.isfinite(value) or not 0 <= value <= limit:
        return None
    return -value if side[:1] in {"S", "W"} else value
