"""Sky, hills, sea, trees and people: what stands behind and beside the subject."""

import math
import random
from typing import Final

from cps.demo.drawing.canvas import HEIGHT, WIDTH, Canvas, Colour, faded, mix
from cps.demo.drawing.light import Light

LEAVES: Final[tuple[Colour, ...]] = ((94, 142, 92), (122, 158, 84), (76, 126, 104), (206, 146, 70))


def sky(c: Canvas, light: Light, rng: random.Random, horizon: float = 620) -> None:
    """Sky with sun or moon, clouds and a few birds."""
    c.gradient(0, horizon, light.sky_top, light.sky_bottom)
    x, y = rng.uniform(150, 1050), rng.uniform(90, 210)
    is_night = light.dark and light.share > 0.5
    if is_night:
        x = 90 if x < 600 else 1110
    else:
        c.glow(x, y, 260, light.sun, 0.55)
    c.disc(x, y, rng.uniform(34, 50), light.sun)
    if is_night:
        c.disc(x + 18, y - 8, 36, mix(light.sky_top, light.sky_bottom, y / horizon))
        for _ in range(40):
            c.disc(rng.uniform(0, WIDTH), rng.uniform(0, 330), rng.uniform(0.8, 2.2), (240, 240, 225))
    for _ in range(light.clouds):
        cloud(c, rng.uniform(-60, WIDTH), rng.uniform(50, 260), rng.uniform(0.6, 1.5), light)
    for _ in range(rng.choice((0, 3, 4)) if not light.dark else 0):
        bird(c, rng.uniform(100, 1100), rng.uniform(80, 260), rng.uniform(8, 15), light.on((70, 84, 96)))


def cloud(c: Canvas, x: float, y: float, size: float, light: Light) -> None:
    """One flat-bottomed cloud."""
    colour = mix(light.sky_bottom, (255, 255, 255), 0.5 if not light.dark else 0.1)
    for dx, dy, r in ((0, 0, 32), (38, -18, 42), (84, -8, 36), (120, 4, 26)):
        c.disc(x + dx * size, y + dy * size, r * size, colour)
    c.rect(x - 30 * size, y + 4 * size, 176 * size, 28 * size, colour, 14 * size)


def bird(c: Canvas, x: float, y: float, size: float, colour: Colour) -> None:
    """A bird far away."""
    c.line([(x - size, y - size * 0.5), (x, y), (x + size, y - size * 0.5)], colour, 2.5)


def hills(c: Canvas, light: Light, rng: random.Random, base: float = 620) -> None:
    """Two rows of hills behind the town."""
    for distance, height, colour in ((0.72, 190, (104, 140, 150)), (0.5, 120, (104, 146, 118))):
        phase, wave = rng.uniform(0, 6), rng.uniform(0.0035, 0.006)
        outline = [
            (x, base - height * (0.55 + 0.35 * math.sin(x * wave + phase) + 0.1 * math.sin(x * wave * 3.1)))
            for x in range(0, WIDTH + 40, 20)
        ]
        c.poly([(0, base + 5), *outline, (WIDTH + 20, base + 5)], light.far(colour, distance))


def tree(c: Canvas, x: float, base: float, size: float, light: Light, rng: random.Random) -> None:
    """A round tree with a lit side."""
    leaf = rng.choice(LEAVES)
    c.oval(x, base, 70 * size, 9 * size, (20, 30, 40, 50))
    c.shape(
        x,
        base,
        size,
        ((-9, 0), (9, 0), (5, -130), (-5, -130)),
        light.on((116, 86, 66)),
    )
    for dx, dy, r in ((-40, -150, 52), (38, -155, 50), (0, -200, 62), (-12, -140, 50)):
        c.disc(x + dx * size, base + dy * size, r * size, light.on(mix(leaf, (30, 60, 60), 0.16)))
    for dx, dy, r in ((-46, -160, 36), (26, -170, 34), (-12, -212, 44)):
        c.disc(x + dx * size, base + dy * size, r * size, light.on(mix(leaf, (255, 246, 190), 0.14)))


def pine(c: Canvas, x: float, base: float, size: float, light: Light) -> None:
    """A conifer."""
    c.rect(x - 7 * size, base - 60 * size, 14 * size, 60 * size, light.on((112, 84, 66)))
    for i in range(4):
        y, half = base - (40 + i * 58) * size, (86 - i * 17) * size
        c.poly(
            [(x - half, y), (x, y - 104 * size), (x + half, y)],
            light.on(mix((64, 116, 96), (255, 255, 220), i * 0.05)),
        )


def person(c: Canvas, x: float, base: float, size: float, light: Light, rng: random.Random) -> None:
    """Somebody who walks by, far enough away to be nobody."""
    coat = light.on(
        rng.choice(((196, 92, 78), (58, 110, 128), (224, 168, 72), (104, 92, 130), (72, 128, 98)))
    )
    c.oval(x, base, 24 * size, 5 * size, (20, 30, 40, 60))
    for dx in (-9, 9):
        c.line([(x, base - 46 * size), (x + dx * size, base - 4 * size)], light.on((58, 60, 78)), 9 * size)
    c.rect(x - 16 * size, base - 100 * size, 32 * size, 60 * size, coat, 14 * size)
    c.line(
        [(x - 12 * size, base - 88 * size), (x - 20 * size, base - 54 * size)],
        mix(coat, (0, 0, 0), 0.15),
        8 * size,
    )
    c.disc(
        x,
        base - 114 * size,
        15 * size,
        light.on(rng.choice(((240, 206, 178), (190, 142, 110), (226, 184, 150)))),
    )
    c.shape(
        x,
        base,
        size,
        ((-15, -114), (0, -132), (15, -116)),
        light.on((64, 52, 50)),
    )


def lawn(c: Canvas, light: Light, rng: random.Random, top: float = 560) -> None:
    """Grass with a path through it and some flowers."""
    c.gradient(top, HEIGHT, light.on((138, 176, 110)), light.on((112, 158, 96)))
    c.poly([(560, top), (640, top), (1010, HEIGHT), (60, HEIGHT)], light.on((222, 204, 170)))
    for _ in range(70):
        x, y = rng.uniform(0, WIDTH), rng.uniform(top + 20, HEIGHT)
        if abs(x - 600) < 60 + (y - top) * 1.5:
            continue
        c.line([(x, y), (x + 4, y - 12)], light.on((92, 140, 84)), 3)
        if rng.random() < 0.3:
            c.disc(x + 4, y - 14, 4, light.on(rng.choice(((250, 244, 230), (240, 190, 90), (222, 120, 130)))))


def sea(c: Canvas, light: Light, rng: random.Random, horizon: float = 430, shore: float = HEIGHT) -> None:
    """The sea with a far sail and glints on the water."""
    c.gradient(horizon, shore, light.far((54, 132, 152), 0.25), light.on((44, 118, 136)))
    for _ in range(60):
        y = rng.uniform(horizon + 12, shore)
        length = 10 + (y - horizon) * rng.uniform(0.05, 0.2)
        x = rng.uniform(0, WIDTH)
        c.line([(x, y), (x + length, y)], faded(mix(light.sun, (255, 255, 255), 0.4), 90), 2.5)
    x = rng.uniform(200, 1000)
    c.poly([(x, horizon - 64), (x + 4, horizon + 2), (x + 42, horizon + 2)], light.far((250, 246, 236), 0.1))
    c.poly(
        [(x - 5, horizon - 50), (x - 3, horizon + 2), (x - 28, horizon + 2)], light.far((220, 110, 90), 0.15)
    )
    c.poly(
        [(x - 34, horizon + 5), (x + 48, horizon + 5), (x + 34, horizon + 16), (x - 22, horizon + 16)],
        light.far((92, 70, 62), 0.1),
    )
