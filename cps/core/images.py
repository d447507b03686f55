"""Photos that people send: recognised by content, measured before decoding, encoded anew without metadata.

Nothing of the file that came in is kept but a hash, a perceptual hash, its time and its position, which are
private. What is shown is drawn from pixels alone, so nothing hidden in a file can travel through it.
"""

import hashlib
import math
import threading
import warnings
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from io import BytesIO
from types import ModuleType
from typing import IO, TYPE_CHECKING

from cps.core.image_facts import Facts, difference_hash, hamming, read_facts
from cps.core.image_heads import Kind, jpeg_head, sniff, webp_size
from cps.core.image_pixels import BAND_PIXELS, fit, flattened, to_srgb, turned, within

if TYPE_CHECKING:
    from PIL import Image

__all__ = [
    "LIMITS",
    "ImageRefused",
    "Ingested",
    "Limits",
    "Refusal",
    "Rendition",
    "covered",
    "hamming",
    "ingest",
    "opened",
]

THUMBNAIL_BYTES = 8 * 1024
_LARGE, _FALLBACK, _THUMBNAIL = 1600, 1200, 320
_SCANS = 32

# One big picture at a time in a process: two cannot double its memory.
_big_picture = threading.Lock()


class Refusal(StrEnum):
    """Why a file is refused; the page has a sentence for each."""

    EMPTY = "empty"
    NOT_A_PHOTO = "not a photo we read"
    TOO_MANY_BYTES = "too many bytes"
    TOO_MANY_PIXELS = "too many pixels"
    DAMAGED = "damaged"
    SHAPE = "much longer than wide"
    TOO_SMALL = "too small"
    """These two of emblems alone."""


class ImageRefused(ValueError):
    """The file is not taken; ``reason`` says why."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True)
class Limits:
    """The largest file in bytes, and the largest pictures in pixels.

    ``one_pass_pixels`` holds for JPEGs that can be decoded at reduced scale line by line, ``pixels`` for all
    others, which stand in memory whole.
    """

    max_bytes: int = 25 * 1024 * 1024
    one_pass_pixels: int = 110_000_000
    pixels: int = 40_000_000


LIMITS = Limits()


@dataclass(frozen=True)
class Rendition:
    """One encoding of a photo, without any metadata."""

    data: bytes
    content_type: str
    width: int
    height: int


@dataclass(frozen=True)
class Ingested:
    """A photo as it is kept.

    ``large`` is a WebP of at most 1600 px, ``thumbnail`` a WebP of about 320 px and at most 8 KB,
    ``fallback`` a JPEG of at most 1200 px for old phones and link previews. ``taken_at`` is the camera's
    local time without a zone, ``position`` latitude and longitude in degrees.
    """

    large: Rendition
    thumbnail: Rendition
    fallback: Rendition
    sha256: str
    perceptual_hash: str
    taken_at: datetime | None
    position: tuple[float, float] | None


def ingest(source: bytes | IO[bytes], *, limits: Limits = LIMITS) -> Ingested:
    """Read a photo from bytes or a stream and encode it anew; raises ImageRefused.

    JPEG, PNG, WebP and HEIC are recognised by content, whatever the file's name says. Of an animation the
    first picture is taken. Turned photos are set upright, colours become sRGB, transparent ground white.
    """
    with opened(source, limits=limits) as (image, data):
        upright, facts = _upright(image)
    return _ingested(upright, facts, data)


@contextmanager
def opened(
    source: bytes | IO[bytes], *, limits: Limits = LIMITS, kinds: Collection[Kind] = tuple(Kind)
) -> Iterator[tuple["Image.Image", bytes]]:
    """Give a picture as it was decoded, and its bytes, after all checks; raises ImageRefused.

    What goes wrong inside the block counts as damage too. It is for reading pixels: nothing may wait in it.
    """
    data = _read(source, limits.max_bytes)
    kind = sniff(data)
    if kind is None or kind not in kinds:
        raise ImageRefused(Refusal.NOT_A_PHOTO)
    _check_head(kind, data, limits)
    try:
        with _opened(kind, data, limits) as image:
            yield image, data
    except ImageRefused:
        raise
    except Exception as error:  # a decoder answers hostile bytes with any exception there is
        raise ImageRefused(Refusal.DAMAGED) from error


Box = tuple[float, float, float, float]
"""Left, top, right and bottom of a part of a picture, from 0 to 1."""


def covered(source: bytes, boxes: Iterable[Box]) -> Ingested:
    """Return one of our own pictures in all sizes anew, with these parts black; raises ImageRefused."""
    try:
        with _opened(Kind.WEBP, source, LIMITS) as image:
            return _ingested(_blackened(fit(image, _LARGE), boxes), Facts(), source)
    except ImageRefused:
        raise
    except Exception as error:
        raise ImageRefused(Refusal.DAMAGED) from error


def _blackened(photo: "Image.Image", boxes: Iterable[Box]) -> "Image.Image":
    """Cover parts to the outer edge of the pixels they touch, so that nothing shows between two of them."""
    for left, top, right, bottom in boxes:
        x, y = math.floor(left * photo.width), math.floor(top * photo.height)
        photo.paste((0, 0, 0), (x, y, math.ceil(right * photo.width), math.ceil(bottom * photo.height)))
    return photo


def _read(source: bytes | IO[bytes], max_bytes: int) -> bytes:
    data = source if isinstance(source, bytes) else source.read(max_bytes + 1)
    if not data:
        raise ImageRefused(Refusal.EMPTY)
    if len(data) > max_bytes:
        raise ImageRefused(Refusal.TOO_MANY_BYTES)
    return data


def _check_head(kind: Kind, data: bytes, limits: Limits) -> None:
    """Refuse by the header alone what a decoder would already reserve memory for."""
    if kind is Kind.JPEG:
        head = jpeg_head(data, scans_at_most=_SCANS)
        if head is None or head.scans > _SCANS:
            raise ImageRefused(Refusal.DAMAGED)
        _check_pixels(head.width * head.height, limits.one_pass_pixels if head.one_pass else limits.pixels)
    elif kind is Kind.WEBP:
        size = webp_size(data)
        if size is None:
            raise ImageRefused(Refusal.DAMAGED)
        _check_pixels(math.prod(size), limits.pixels)


def _check_pixels(pixels: int, limit: int) -> None:
    if pixels > limit:
        raise ImageRefused(Refusal.TOO_MANY_PIXELS)


@contextmanager
def _opened(kind: Kind, data: bytes, limits: Limits) -> Iterator["Image.Image"]:
    """Open with the one decoder for this kind, set a JPEG to reduced scale and check the size once more."""
    pillow = _heif_pillow() if kind is Kind.HEIC else _pillow()
    try:
        image = pillow.open(BytesIO(data), formats=[kind.value])
    except (pillow.DecompressionBombError, pillow.DecompressionBombWarning) as error:
        raise ImageRefused(Refusal.TOO_MANY_PIXELS) from error
    with image:
        _check_pixels(math.prod(image.size), limits.one_pass_pixels if kind is Kind.JPEG else limits.pixels)
        if kind is Kind.JPEG:
            image.draft("RGB", within(image.size, _LARGE))
        with _big_picture if math.prod(image.size) > BAND_PIXELS else nullcontext():
            image.load()
            yield image


@cache
def _pillow() -> ModuleType:
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = LIMITS.one_pass_pixels
    warnings.filterwarnings("error", category=Image.DecompressionBombWarning)
    return Image


@cache
def _heif_pillow() -> ModuleType:
    import pillow_heif

    pillow_heif.register_heif_opener(thumbnails=False)
    return _pillow()


def _upright(image: "Image.Image") -> tuple["Image.Image", Facts]:
    """Return the photo as bare RGB pixels of at most 1600 px, upright, and what it tells of itself."""
    facts = read_facts(image)
    small = fit(flattened(image, longest=_LARGE), _LARGE)
    return turned(to_srgb(small, image.info.get("icc_profile")), facts.orientation), facts


def _ingested(photo: "Image.Image", facts: Facts, data: bytes) -> Ingested:
    return Ingested(
        large=_encode(fit(photo, _LARGE), "webp", quality=80),
        thumbnail=_thumbnail(photo),
        fallback=_encode(fit(photo, _FALLBACK), "jpeg", quality=80),
        sha256=hashlib.sha256(data).hexdigest(),
        perceptual_hash=difference_hash(photo),
        taken_at=facts.taken_at,
        position=facts.position,
    )


def _thumbnail(photo: "Image.Image") -> Rendition:
    """Return a thumbnail of at most 8 KB: first the quality gives way, then the size."""
    longest, quality = _THUMBNAIL, 75
    rendition = _encode(fit(photo, longest), "webp", quality=quality)
    while len(rendition.data) > THUMBNAIL_BYTES:
        if quality > 30:
            quality -= 15
        else:
            longest = longest * 3 // 4
        rendition = _encode(fit(photo, longest), "webp", quality=quality)
    return rendition


def _encode(image: "Image.Image", name: str, *, quality: int) -> Rendition:
    buffer = BytesIO()
    image.save(buffer, name.upper(), quality=quality, **({"optimize": True} if name == "jpeg" else {}))
    return Rendition(buffer.getvalue(), f"image/{name}", *image.size)
