"""Bags, bins and litter."""

import math
import random

from cps.demo.drawing.canvas import WIDTH, Canvas, Colour, mix
from cps.demo.drawing.light import Light
from cps.demo.drawing.things import shadow

BAGS: tuple[Colour, ...] = ((64, 72, 84), (72, 132, 118), (78, 106, 156), (224, 218, 206))
LITTER: tuple[Colour, ...] = ((250, 246, 236), (212, 84, 72), (232, 182, 80), (92, 146, 176), (120, 160, 110))


def bag(
    c: Canvas, x: float, base: float, size: float, colour: Colour, light: Light, rng: random.Random
) -> None:
    """A tied rubbish bag."""
    tone = light.on(colour)
    shadow(c, x, base, 52 * size, 9 * size)
    c.shape(
        x,
        base,
        size,
        ((-10, -76), (-18, -98), (0, -86), (18, -100), (10, -76)),
        mix(tone, (255, 255, 255), 0.12),
    )
    c.blob(x, base - 40 * size, 46 * size, 42 * size, tone, rng)
    c.blob(x - 14 * size, base - 52 * size, 15 * size, 20 * size, mix(tone, (255, 255, 255), 0.16), rng)


def wheeled_bin(
    c: Canvas, x: float, base: float, colour: Colour, light: Light, rng: random.Random, *, after: bool
) -> None:
    """A rubbish bin on wheels; full to bursting unless `after`."""
    shadow(c, x + 70, base + 2, 96, 13)
    if not after:
        bag(c, x + 48, base - 176, 0.75, rng.choice(BAGS), light, rng)
        bag(c, x + 96, base - 172, 0.8, rng.choice(BAGS), light, rng)
        c.shape(
            x, base, 1, ((-8, -200), (-46, -330), (-30, -338), (12, -206)), mix(colour, (20, 30, 40), 0.2)
        )
    c.shape(x, base, 1, ((0, -206), (140, -206), (126, -12), (14, -12)), colour)
    c.shape(x, base, 1, ((106, -206), (140, -206), (126, -12), (100, -12)), mix(colour, (20, 30, 40), 0.16))
    if after:
        c.rect(x - 10, base - 226, 160, 28, mix(colour, (255, 255, 255), 0.16), 12)
        c.rect(x + 46, base - 236, 48, 12, mix(colour, (20, 30, 40), 0.2), 6)
    c.disc(x + 70, base - 116, 30, mix(colour, (255, 255, 255), 0.75))
    for turn in range(3):
        angle = turn * math.tau / 3 - math.pi / 2
        tip = (x + 70 + 17 * math.cos(angle), base - 116 + 17 * math.sin(angle))
        c.line(
            [tip, (x + 70 + 17 * math.cos(angle + 1.5), base - 116 + 17 * math.sin(angle + 1.5))], colour, 6
        )
    for wheel in (26, 114):
        c.disc(x + wheel, base - 10, 14, light.on((44, 48, 56)))


def scatter(c: Canvas, light: Light, rng: random.Random, count: int, top: float, bottom: float) -> None:
    """Papers, cups and cans on the ground."""
    for _ in range(count):
        x, y, s = rng.uniform(40, WIDTH - 40), rng.uniform(top, bottom), rng.uniform(0.7, 1.5)
        tone = light.on(rng.choice(LITTER))
        kind = rng.randrange(3)
        c.oval(x, y + 6 * s, 18 * s, 4 * s, (20, 28, 44, 50))
        if kind == 0:
            c.shape(x, y, s, ((-16, 4), (-6, -10), (14, -6), (10, 6)), tone)
        elif kind == 1:
            c.shape(x, y, s, ((-9, -14), (9, -14), (6, 8), (-6, 8)), tone)
            c.rect(x - 11 * s, y - 17 * s, 22 * s, 5 * s, mix(tone, (255, 255, 255), 0.4), 2)
        else:
            c.rect(x - 15 * s, y - 7 * s, 30 * s, 14 * s, tone, 6 * s)
            c.oval(x + 13 * s, y, 3 * s, 6 * s, mix(tone, (20, 20, 40), 0.3))
