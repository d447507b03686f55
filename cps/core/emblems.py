"""A city's crest: any picture made into a square one, see-through where it was, with nothing hidden in it.

It stands in a bar that is white by day and nearly black by night. A picture that one of them would swallow
gets a ground of its own: invisible in one, a small plate in the other.
"""

import hashlib
from dataclasses import dataclass
from io import BytesIO
from typing import IO, TYPE_CHECKING

from cps.core import images
from cps.core.colours import DARK, LIGHT, contrast
from cps.core.image_heads import Kind
from cps.core.image_pixels import to_srgb, turned
from cps.core.images import ImageRefused, Limits, Refusal, Rendition

if TYPE_CHECKING:
    from PIL import Image

LIMITS = Limits(max_bytes=2 * 1024 * 1024, one_pass_pixels=16_000_000, pixels=4_200_000)
KINDS = (Kind.PNG, Kind.WEBP, Kind.JPEG)
SMALL_BYTES, LARGE_BYTES = 4 * 1024, 150 * 1024
LEAST, WIDEST = 64, 3
"""Pixels of the longer side, and how many times longer than the other it may be."""

_LARGE = (512, 384, 256, 192)
_SMALL = ((96, 72), (80, 72), (64, 72), (64, 50), (48, 40), (32, 30))
"""Sides in pixels and qualities, tried in this order; the bar shows 32 px, on a fine screen with 96."""

_FAINT = 8
_OPAQUE = 0.97
_SEEN_RATIO = 3.0
_SEEN_BY_DAY, _SEEN_BY_NIGHT = 0.12, 0.35
"""The share that must stand out: thin dark lines on a white disc are enough, bright ones on dark are not."""

_PLATE_ROUND, _PLATE_SHARE = 0.2, 0.8
_LOOKED_AT = 48
_ORIENTATION = 0x0112


@dataclass(frozen=True, slots=True)
class Emblem:
    """A crest as it is kept; `name` comes from the pixels of `large`, which are kept without loss.

    `small` is a WebP of at most 96 px and 4 KB for the bar, `large` one of at most 512 px.
    """

    name: str
    small: Rendition
    large: Rendition


def draw(source: bytes | IO[bytes]) -> Emblem:
    """Make a crest of a PNG, WebP or JPEG; raises ImageRefused.

    Of a crest's own large picture it makes the same crest once more, name and all.
    """
    with images.opened(source, limits=LIMITS, kinds=KINDS) as (image, _data):
        whole = _squared(_see_through(image))
    for side in _LARGE:
        sign = _squared(_within(whole, side))
        data = _saved(sign, lossless=True, exact=True)
        if len(data) <= LARGE_BYTES:
            break
    name = hashlib.sha256(b"%d " % sign.width + sign.tobytes()).hexdigest()[:32]
    return Emblem(name, _small(sign), Rendition(data, "image/webp", *sign.size))


def decoded(large: bytes) -> "Image.Image":
    """Return the pixels of a crest's own large picture."""
    with images.opened(large, limits=LIMITS, kinds=(Kind.WEBP,)) as (image, _data):
        return image.convert("RGBA")


def ground_for(sign: "Image.Image") -> str:
    """Return the colour of a ground on which a crest is seen: white wherever it can be."""
    return DARK.surfaces[-1] if _swallowed_by(sign) == LIGHT.surfaces[-1] else LIGHT.surfaces[-1]


def put(ground: "Image.Image", sign: "Image.Image", share: float) -> None:
    """Put a crest into the middle of a square ground, as large as this share of its side."""
    from PIL import Image

    side = round(ground.width * share)
    made = sign.resize((side, side), Image.Resampling.LANCZOS)
    start = (ground.width - side) // 2
    ground.alpha_composite(made, (start, start))


def _see_through(image: "Image.Image") -> "Image.Image":
    """Return the picture upright in RGBA and sRGB."""
    orientation = image.getexif().get(_ORIENTATION, 1)
    profile = image.info.get("icc_profile")
    if image.mode.startswith("I"):  # 16 bits of grey; conversion alone would clip, not scale
        image = image.point(lambda value: value * (1 / 257)).convert("L")
    if image.mode not in {"LA", "PA", "RGBA"} and "transparency" not in image.info:
        return turned(to_srgb(image.convert("RGB"), profile), orientation).convert("RGBA")
    seen = image.convert("RGBA")
    bare = to_srgb(seen.convert("RGB"), profile)
    bare.putalpha(seen.getchannel("A"))
    return turned(bare, orientation)


def _squared(picture: "Image.Image") -> "Image.Image":
    """Return the picture without its empty margins in the middle of a square; what is clear is all zeros."""
    from PIL import Image

    seen = picture.getchannel("A").point(lambda value: 255 if value > _FAINT else 0)
    box = seen.getbbox()
    if box is None:
        raise ImageRefused(Refusal.EMPTY)
    picture, seen = picture.crop(box), seen.crop(box)
    width, height = picture.size
    side = max(width, height)
    if side < LEAST:
        raise ImageRefused(Refusal.TOO_SMALL)
    if side > WIDEST * min(width, height) + WIDEST * 4:
        raise ImageRefused(Refusal.SHAPE)
    square = Image.new("RGBA", (side, side))
    square.paste(picture, ((side - width) // 2, (side - height) // 2), seen)
    return square


def _within(square: "Image.Image", side: int) -> "Image.Image":
    from PIL import Image

    return square if square.width <= side else square.resize((side, side), Image.Resampling.LANCZOS)


def _small(sign: "Image.Image") -> Rendition:
    """Return the picture of the bar: first the quality gives way, then the size."""
    swallowed = _swallowed_by(sign)
    picture = _plated(sign) if swallowed else sign
    best = _saved(_within(picture, _SMALL[0][0]), lossless=True)
    for side, quality in _SMALL:
        best = min(best, _saved(_within(picture, side), quality=quality, alpha_quality=quality), key=len)
        if len(best) <= SMALL_BYTES:
            break
    return Rendition(best, "image/webp", *_size(best))


def _plated(sign: "Image.Image") -> "Image.Image":
    """Return the crest on a rounded plate on which it is seen."""
    from PIL import Image, ImageDraw

    side = _LARGE[0]
    plate = Image.new("RGBA", (side, side))
    ImageDraw.Draw(plate).rounded_rectangle((0, 0, side - 1, side - 1), side * _PLATE_ROUND, ground_for(sign))
    put(plate, sign, _PLATE_SHARE)
    return plate


def _swallowed_by(sign: "Image.Image") -> str:
    """Return the colour of the bar on which a crest with a clear ground would not be seen, or ""."""
    little = sign.resize((_LOOKED_AT, _LOOKED_AT))
    alpha = sign.getchannel("A").point(lambda value: 255 if value > 127 else 0)
    box = alpha.getbbox()
    if box is None or alpha.crop(box).histogram()[255] >= _OPAQUE * (box[2] - box[0]) * (box[3] - box[1]):
        return ""
    inks = [f"#{r:02x}{g:02x}{b:02x}" for r, g, b, a in _pixels(little) if a > 127]
    by_day, by_night = (_seen_share(inks, ground.surfaces[-1]) for ground in (LIGHT, DARK))
    if by_day < by_night:
        return LIGHT.surfaces[-1] if by_day < _SEEN_BY_DAY else ""
    return DARK.surfaces[-1] if by_night < _SEEN_BY_NIGHT else ""


def _pixels(picture: "Image.Image") -> list[tuple[int, int, int, int]]:
    data = picture.tobytes()
    return [(data[at], data[at + 1], data[at + 2], data[at + 3]) for at in range(0, len(data), 4)]


def _seen_share(inks: list[str], ground: str) -> float:
    return sum(contrast(ink, ground) >= _SEEN_RATIO for ink in inks) / max(1, len(inks))


def _saved(picture: "Image.Image", **how: object) -> bytes:
    buffer = BytesIO()
    picture.save(buffer, "WEBP", method=6, **how)
    return buffer.getvalue()


def _size(data: bytes) -> tuple[int, int]:
    from PIL import Image

    with Image.open(BytesIO(data)) as picture:
        return picture.size
