"""Pictures to be crests: drawn, so that nothing of anybody's is in the project."""

from io import BytesIO

from PIL import Image, ImageDraw


def make_crest(
    *, ink: str = "#1d5fa8", size: tuple[int, int] = (400, 480), name: str = "PNG", **how: object
) -> bytes:
    """Return an oval of an ink with a golden bar on a clear ground, or on white where there is no clear."""
    picture = Image.new("RGBA", size)
    draw = ImageDraw.Draw(picture)
    draw.ellipse((20, 20, size[0] - 20, size[1] - 20), fill=ink)
    draw.rectangle((size[0] // 3, size[1] // 2, 2 * size[0] // 3, size[1] // 2 + 40), fill="#e7b429")
    return encoded(picture if name != "JPEG" else on_white(picture), name, **how)


def on_white(picture: Image.Image) -> Image.Image:
    """Return a picture without clear parts."""
    white = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(white, picture).convert("RGB")


def encoded(picture: Image.Image, name: str = "PNG", **how: object) -> bytes:
    """Return a picture as a file."""
    buffer = BytesIO()
    picture.save(buffer, name, **how)
    return buffer.getvalue()
