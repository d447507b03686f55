"""A drawing surface of 1200 × 900 units, drawn at twice the size so that edges come out smooth."""

import io
import math
import random
from collections.abc import Sequence
from typing import Final

from PIL import Image, ImageDraw, ImageOps

Colour = tuple[int, ...]
Point = tuple[float, float]

WIDTH: Final = 1200
HEIGHT: Final = 900
PAVEMENT: Final = 610
KERB: Final = 664
ROAD: Final = 676
OVERSAMPLING: Final = 2


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """The colour `share` of the way from one to the other; keeps the first one's transparency."""
    mixed = tuple(round(a + (b - a) * share) for a, b in zip(one[:3], other[:3], strict=True))
    return mixed + one[3:]


def faded(colour: Colour, alpha: int) -> Colour:
    """The colour made see-through: alpha 0 is invisible, 255 covers."""
    return (*colour[:3], alpha)


class Canvas:
    """Shapes in units from the top left corner; a fourth number in a colour is its opacity."""

    def __init__(self, size: tuple[int, int], zoom: float = 1, focus: Point = (0.5, 0.5)) -> None:
        """Show the units closer by `zoom`, cut from the middle (0.5, 0.5) or towards an edge (0 to 1)."""
        self.scale = max(size[0] / WIDTH, size[1] / HEIGHT) * OVERSAMPLING * zoom
        pixels = (size[0] * OVERSAMPLING, size[1] * OVERSAMPLING)
        self.left = (WIDTH - pixels[0] / self.scale) * focus[0]
        self.top = (HEIGHT - pixels[1] / self.scale) * focus[1]
        self.image = Image.new("RGB", pixels)
        self._draw = ImageDraw.Draw(self.image, "RGBA")

    def _at(self, points: Sequence[Point]) -> list[Point]:
        return [((x - self.left) * self.scale, (y - self.top) * self.scale) for x, y in points]

    def _paste(self, x: float, y: float, picture: Image.Image, mask: Image.Image | None = None) -> None:
        corner = self._at([(x, y)])[0]
        self.image.paste(picture, (round(corner[0]), round(corner[1])), mask)

    def poly(self, points: Sequence[Point], fill: Colour) -> None:
        """A filled polygon."""
        self._draw.polygon(self._at(points), fill)

    def shape(self, x: float, y: float, size: float, points: Sequence[Point], fill: Colour) -> None:
        """A filled polygon whose points are given around a place and grow with the size."""
        self.poly([(x + px * size, y + py * size) for px, py in points], fill)

    def rect(self, x: float, y: float, width: float, height: float, fill: Colour, radius: float = 0) -> None:
        """A filled rectangle with round corners."""
        if width <= 0 or height <= 0:
            return
        box = self._at([(x, y), (x + width, y + height)])
        self._draw.rounded_rectangle([*box[0], *box[1]], radius * self.scale, fill)

    def oval(self, x: float, y: float, rx: float, ry: float, fill: Colour) -> None:
        """A filled ellipse around a middle."""
        box = self._at([(x - rx, y - ry), (x + rx, y + ry)])
        self._draw.ellipse([*box[0], *box[1]], fill)

    def disc(self, x: float, y: float, radius: float, fill: Colour) -> None:
        """A filled circle."""
        self.oval(x, y, radius, radius, fill)

    def line(self, points: Sequence[Point], fill: Colour, width: float) -> None:
        """A line with round corners and, when thick and opaque, round ends."""
        at = self._at(points)
        self._draw.line(at, fill, max(1, round(width * self.scale)), joint="curve")
        if width >= 5 and (len(fill) == 3 or fill[3] == 255):
            for x, y in (points[0], points[-1]):
                self.disc(x, y, width / 2 - 0.2, fill)

    def gradient(self, top: float, bottom: float, upper: Colour, lower: Colour) -> None:
        """A band across the whole width that passes from one colour to another."""
        self.gradient_box(0, top, WIDTH, bottom - top, upper, lower)

    def gradient_box(
        self, x: float, y: float, width: float, height: float, upper: Colour, lower: Colour
    ) -> None:
        """A rectangle that passes from one colour to another."""
        size = (round(width * self.scale), round(height * self.scale))
        band = Image.linear_gradient("L").resize((1, size[1])).resize(size)
        painted = ImageOps.colorize(band, black=upper[:3], white=lower[:3])
        self._paste(x, y, painted)

    def oval_ring(self, x: float, y: float, rx: float, ry: float, fill: Colour, width: float) -> None:
        """An ellipse's outline."""
        box = self._at([(x - rx, y - ry), (x + rx, y + ry)])
        self._draw.ellipse([*box[0], *box[1]], outline=fill, width=round(width * self.scale))

    def curve(self, points: Sequence[Point], fill: Colour, width: float) -> None:
        """A cubic Bézier curve through its first and last of four points."""
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = points
        path = []
        for i in range(19):
            t, u = i / 18, 1 - i / 18
            k = (u**3, 3 * u * u * t, 3 * u * t * t, t**3)
            path.append(
                (k[0] * ax + k[1] * bx + k[2] * cx + k[3] * dx, k[0] * ay + k[1] * by + k[2] * cy + k[3] * dy)
            )
        self.line(path, fill, width)

    def ring(self, x: float, y: float, radius: float, fill: Colour, width: float) -> None:
        """A circle's outline."""
        self.oval_ring(x, y, radius, radius, fill, width)

    def glow(
        self, x: float, y: float, radius: float, colour: Colour, strength: float, flat: float = 1
    ) -> None:
        """Light that fades outwards; strength 1 hides what is behind its middle, `flat` presses it down."""
        size = (round(2 * radius * self.scale), round(2 * radius * flat * self.scale))
        fade = Image.radial_gradient("L").point(
            lambda value: round(max(0, 181 - value) / 181 * 255 * strength)
        )
        light = Image.new("RGB", size, colour[:3])
        self._paste(x - radius, y - radius * flat, light, fade.resize(size))

    def blob(self, x: float, y: float, rx: float, ry: float, fill: Colour, rng: random.Random) -> None:
        """A round shape with an uneven edge, such as a puddle or a heap."""
        self.poly(uneven(x, y, rx, ry, rng), fill)

    def jpeg(self, *, mirrored: bool) -> bytes:
        """The picture in its final size."""
        picture = self.image.reduce(OVERSAMPLING)
        if mirrored:
            picture = ImageOps.mirror(picture)
        stream = io.BytesIO()
        picture.save(stream, "JPEG", quality=86, optimize=True)
        return stream.getvalue()


def uneven(x: float, y: float, rx: float, ry: float, rng: random.Random, points: int = 40) -> list[Point]:
    """The outline of an uneven round shape; equal generators give equal shapes."""
    waves = [(rng.uniform(0, math.tau), rng.uniform(0.02, 0.1) / n) for n in (1, 1.5, 2.2)]
    outline = []
    for i in range(points):
        angle = math.tau * i / points
        bulge = 1 + sum(amount * math.sin(angle * (2 + n) + phase) for n, (phase, amount) in enumerate(waves))
        outline.append((x + rx * bulge * math.cos(angle), y + ry * bulge * math.sin(angle)))
    return outline
