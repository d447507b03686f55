"""Things that several scenes show: cones, bags, cars, lamp posts, puddles, bricks."""

import math
import random
from itertools import pairwise
from typing import Final

from cps.demo.drawing.canvas import Canvas, Colour, faded, mix, uneven
from cps.demo.drawing.light import Light

CARS: Final[tuple[Colour, ...]] = (
    (202, 84, 72),
    (66, 118, 156),
    (232, 182, 76),
    (238, 236, 228),
    (84, 140, 122),
    (92, 92, 108),
)


def shadow(c: Canvas, x: float, y: float, rx: float, ry: float) -> None:
    """A soft shadow on the ground."""
    c.oval(x, y, rx, ry, (20, 28, 44, 46))
    c.oval(x, y, rx * 0.8, ry * 0.75, (20, 28, 44, 40))


def cone(c: Canvas, x: float, base: float, size: float, light: Light) -> None:
    """A traffic cone."""
    orange, white = light.on((236, 110, 52)), light.on((250, 246, 238))
    shadow(c, x + 6 * size, base, 46 * size, 10 * size)
    c.rect(x - 36 * size, base - 12 * size, 72 * size, 14 * size, mix(orange, (60, 20, 20), 0.2), 4 * size)
    c.shape(
        x,
        base,
        size,
        ((-25, -12), (-6, -104), (6, -104), (25, -12)),
        orange,
    )
    for low, high in ((32, 52), (70, 86)):
        wide, thin = 25 - 19 * (low - 12) / 92, 25 - 19 * (high - 12) / 92
        c.poly(
            [
                (x - wide * size, base - low * size),
                (x - thin * size, base - high * size),
                (x + thin * size, base - high * size),
                (x + wide * size, base - low * size),
            ],
            white,
        )


def barrier(c: Canvas, x: float, base: float, width: float, light: Light) -> None:
    """A red and white barrier on two feet."""
    red, white = light.on((206, 66, 58)), light.on((250, 246, 238))
    for foot in (x + 24, x + width - 24):
        c.line([(foot, base - 86), (foot, base)], light.on((90, 94, 102)), 8)
        c.rect(foot - 30, base - 6, 60, 10, light.on((70, 74, 82)), 4)
    c.rect(x, base - 100, width, 38, white, 5)
    for left in range(round(x) + 8, round(x + width) - 40, 62):
        c.poly(
            [(left, base - 62), (left + 24, base - 100), (left + 52, base - 100), (left + 28, base - 62)], red
        )


def lamp_post(
    c: Canvas, x: float, base: float, height: float, light: Light, *, lit: bool
) -> tuple[float, float]:
    """A street lamp with a curved arm; returns where its light comes from."""
    steel = light.on((64, 78, 88))
    shadow(c, x, base, 44, 8)
    c.rect(x - 13, base - 60, 26, 60, steel, 4)
    c.line([(x, base), (x, base - height + 60)], steel, 13)
    arc = [
        (x + 74 * (1 - math.cos(t)), base - height + 60 - 60 * math.sin(t))
        for t in (i * math.pi / 16 for i in range(9))
    ]
    c.line([*arc, (x + 120, base - height)], steel, 10)
    c.poly(
        [
            (x + 88, base - height - 8),
            (x + 190, base - height - 8),
            (x + 204, base - height + 22),
            (x + 76, base - height + 22),
        ],
        steel,
    )
    c.rect(x + 84, base - height + 18, 112, 14, (255, 236, 176) if lit else light.on((150, 160, 164)), 7)
    return x + 140, base - height + 26


def car(c: Canvas, x: float, base: float, size: float, colour: Colour, light: Light) -> None:
    """A small car from the side, `x` is its left end."""
    paint, glass = light.on(colour), light.on((160, 196, 208))
    shadow(c, x + 190 * size, base + 2, 205 * size, 14 * size)
    c.shape(
        x,
        base,
        size,
        ((74, -92), (124, -156), (252, -156), (316, -92)),
        paint,
    )
    c.shape(
        x,
        base,
        size,
        ((94, -92), (132, -144), (186, -144), (186, -92)),
        glass,
    )
    c.shape(
        x,
        base,
        size,
        ((196, -92), (196, -144), (246, -144), (296, -92)),
        glass,
    )
    c.rect(x, base - 98 * size, 380 * size, 72 * size, paint, 30 * size)
    c.rect(x, base - 50 * size, 380 * size, 24 * size, mix(paint, (20, 20, 40), 0.18), 12 * size)
    c.rect(x + 206 * size, base - 78 * size, 34 * size, 7 * size, mix(paint, (255, 255, 255), 0.4), 3)
    c.rect(x + 352 * size, base - 84 * size, 26 * size, 20 * size, light.on((255, 232, 170)), 8)
    c.rect(x + 2 * size, base - 84 * size, 18 * size, 18 * size, light.on((190, 60, 56)), 6)
    for wheel in (86, 296):
        c.disc(x + wheel * size, base - 28 * size, 36 * size, light.on((44, 48, 56)))
        c.disc(x + wheel * size, base - 28 * size, 18 * size, light.on((196, 200, 204)))


def puddle(c: Canvas, x: float, y: float, rx: float, ry: float, light: Light, rng: random.Random) -> None:
    """Water on the ground that mirrors the sky."""
    water = mix(light.on((108, 148, 166)), light.sky_bottom, 0.45)
    outline = uneven(x, y, rx, ry, rng)
    c.poly(outline, mix(water, (30, 40, 60), 0.25))
    c.poly([(px, py + 4) for px, py in outline], water)
    for dx, dy, length in ((-0.4, -0.2, 0.5), (0.05, 0.15, 0.36), (-0.2, 0.45, 0.3)):
        c.line([(x + dx * rx, y + dy * ry), (x + (dx + length) * rx, y + dy * ry)], (255, 255, 255, 120), 4)


def bricks(
    c: Canvas,
    left: float,
    top: float,
    width: float,
    height: float,
    colour: Colour,
    light: Light,
    rng: random.Random,
) -> None:
    """A wall of bricks with mortar between them."""
    c.rect(left, top, width, height, light.on(mix(colour, (236, 226, 210), 0.55)))
    y, row = top, 0
    while y < top + height - 4:
        x = left - (34 if row % 2 else 0)
        while x < left + width:
            tone = light.on(mix(colour, (255, 236, 210), rng.uniform(0, 0.2)))
            begin, end = max(x, left), min(x + 63, left + width)
            c.rect(begin, y, end - begin, min(27, top + height - y), tone, 2)
            x += 68
        y += 32
        row += 1


def crack(c: Canvas, x: float, y: float, dx: float, dy: float, colour: Colour, rng: random.Random) -> None:
    """A crack that runs from a point in uneven steps and branches."""
    steps = [
        (x + dx * i / 6 + rng.uniform(-16, 16), y + dy * i / 6 + rng.uniform(-7, 7)) for i in range(1, 7)
    ]
    points = [(x, y), *steps]
    for i, (here, there) in enumerate(pairwise(points)):
        c.line([here, there], colour, 6 - i * 0.7)
    fork = points[3]
    c.line([fork, (fork[0] + dx * 0.2 - dy * 0.3, fork[1] + dy * 0.2 + dx * 0.12)], colour, 2.5)


def fresh_patch(c: Canvas, x: float, y: float, rx: float, ry: float, light: Light) -> None:
    """New asphalt with a sealed edge."""
    outline = [(x - rx, y + ry), (x - rx + 26, y - ry), (x + rx + 18, y - ry), (x + rx, y + ry)]
    c.poly(
        [(px + (8 if px > x else -8), py + (5 if py > y else -5)) for px, py in outline],
        light.on((52, 56, 64)),
    )
    c.poly(outline, light.on((80, 84, 92)))
    for i in range(5):
        c.line(
            [(x - rx + 40 + i * 20, y - ry + 10 + i * 9), (x - rx + 150 + i * 26, y - ry + 10 + i * 9)],
            faded(light.on((116, 120, 128)), 120),
            3,
        )
