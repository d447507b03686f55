"""Making any decoded picture into plain RGB pixels of a wanted size, upright and in sRGB."""

from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

BAND_PIXELS = 4_000_000


def within(size: tuple[int, int], longest: int) -> tuple[int, int]:
    """Return the size scaled so that its longer side is at most ``longest``; never enlarged, never zero."""
    scale = min(1.0, longest / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def fit(image: "Image.Image", longest: int) -> "Image.Image":
    """Return fresh RGB pixels of at most ``longest`` px, without the notes an image object carries along."""
    from PIL import Image

    size = within(image.size, longest)
    bare = Image.new("RGB", size)
    bare.paste(image if image.size == size else image.resize(size, Image.Resampling.LANCZOS))
    return bare


def flattened(image: "Image.Image", *, longest: int) -> "Image.Image":
    """Return the picture in RGB on white, scaled by a whole number to no less than twice ``longest``.

    It goes band by band, so that a big picture is in memory only once.
    """
    from PIL import Image

    width, height = image.size
    factor = max(1, max(image.size) // (2 * longest))
    reduced = Image.new("RGB", (-(-width // factor), -(-height // factor)))
    step = factor * max(1, BAND_PIXELS // (width * factor))
    for top in range(0, height, step):
        band = _on_white(image.crop((0, top, width, min(top + step, height))))
        reduced.paste(band.reduce(factor), (0, top // factor))
    return reduced


def to_srgb(image: "Image.Image", profile: object) -> "Image.Image":
    """Return the picture in sRGB; phones write wider colours, which would look dull without their profile."""
    from PIL import ImageCms

    if not isinstance(profile, bytes) or profile[16:20] != b"RGB ":
        return image
    try:
        own = ImageCms.ImageCmsProfile(BytesIO(profile))
        converted = ImageCms.profileToProfile(image, own, ImageCms.createProfile("sRGB"))
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image
    return converted or image


def turned(image: "Image.Image", orientation: int) -> "Image.Image":
    """Return the picture upright, given its EXIF orientation from 1 to 8."""
    from PIL import Image

    turn = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }.get(orientation)
    return image if turn is None else image.transpose(turn)


def _on_white(band: "Image.Image") -> "Image.Image":
    from PIL import Image

    if band.mode.startswith("I"):  # 16 bits of grey; conversion alone would clip, not scale
        return band.point(lambda value: value * (1 / 257)).convert("L").convert("RGB")
    if band.mode in {"LA", "PA", "RGBA"} or "transparency" in band.info:
        ground = Image.new("RGBA", band.size, "white")
        return Image.alpha_composite(ground, band.convert("RGBA")).convert("RGB")
    return band.convert("RGB")
