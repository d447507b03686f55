"""What the first bytes of a photo say, read before any decoder is let at it.

Decoders reserve memory while they open a file, or for all of it at once when it comes in several passes.
These readers follow JPEG (ITU-T T.81, annex B) and WebP (RFC 9649) far enough to know that beforehand.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The formats we read, by the name Pillow gives them."""

    JPEG = "JPEG"
    PNG = "PNG"
    WEBP = "WEBP"
    HEIC = "HEIF"


@dataclass(frozen=True)
class JpegHead:
    """Size in pixels, number of scans, and whether one pass from top to bottom is enough to decode it."""

    width: int
    height: int
    scans: int
    one_pass: bool


_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
# A marker is FF and anything but a stuffed zero, a restart mark or a filling FF.
_MARKER = re.compile(rb"\xff([^\x00\x01\xd0-\xd7\xff])")
_START_OF_SCAN = 0xDA
_END_OF_IMAGE = 0xD9
_SEQUENTIAL = frozenset({0xC0, 0xC1})
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def sniff(data: bytes) -> Kind | None:
    """Return the format whose signature the file begins with, or None."""
    if data.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return Kind.WEBP
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS:
        return Kind.HEIC
    return None


def jpeg_head(data: bytes, *, scans_at_most: int) -> JpegHead | None:
    """Return what the markers of a JPEG say, or None where they have no frame and scan.

    Counting stops one past ``scans_at_most``: a small file can hold a hundred thousand scans, and each costs
    a walk over the whole picture.
    """
    frame: tuple[int, bytes] | None = None
    scans = 0
    one_pass = False
    for marker, body in _segments(data):
        if marker in _FRAMES and frame is None and len(body) >= 6:
            frame = marker, body
        elif marker == _START_OF_SCAN and frame and body:
            one_pass = one_pass or (scans == 0 and frame[0] in _SEQUENTIAL and body[0] == frame[1][5])
            scans += 1
        if scans > scans_at_most:
            break
    if frame is None or not scans:
        return None
    height, width = int.from_bytes(frame[1][1:3]), int.from_bytes(frame[1][3:5])
    return JpegHead(width, height, scans, one_pass)


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield marker and body of each segment up to the end of the image; what follows it is not part of it."""
    place = 2
    while found := _MARKER.search(data, place):
        marker = found[1][0]
        if marker == _END_OF_IMAGE:
            return
        start = found.end()
        length = max(2, int.from_bytes(data[start : start + 2]))
        yield marker, data[start + 2 : start + length]
        place = start + length


def webp_size(data: bytes) -> tuple[int, int] | None:
    """Return width and height of a WebP's canvas, or None where its first chunk is none that we know."""
    chunk, body = data[12:16], data[20:30]
    if len(body) < 10:
        return None
    if chunk == b"VP8X":
        return int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1
    if chunk == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if chunk == b"VP8 ":
        return int.from_bytes(body[6:8], "little") & 0x3FFF, int.from_bytes(body[8:10], "little") & 0x3FFF
    return None
