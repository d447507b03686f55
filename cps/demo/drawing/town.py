"""Houses, each a little different from the next."""

import random
from typing import Final

from cps.demo.drawing.backdrop import LEAVES
from cps.demo.drawing.canvas import PAVEMENT, WIDTH, Canvas, Colour, faded, mix
from cps.demo.drawing.light import Light

WALLS: Final[tuple[Colour, ...]] = (
    (236, 200, 160),
    (226, 150, 118),
    (244, 226, 196),
    (148, 184, 176),
    (222, 172, 168),
    (232, 196, 110),
    (174, 196, 164),
    (158, 180, 204),
    (240, 240, 230),
    (204, 120, 98),
)
ROOFS: Final[tuple[Colour, ...]] = ((168, 84, 66), (112, 92, 92), (74, 96, 112), (146, 102, 78))
AWNINGS: Final[tuple[Colour, ...]] = ((196, 74, 66), (44, 122, 108), (226, 160, 62), (62, 104, 152))
LAMPLIGHT: Final[Colour] = (255, 214, 130)


def skyline(c: Canvas, light: Light, rng: random.Random, base: float = PAVEMENT) -> None:
    """Pale towers and roofs far behind the houses."""
    x = -20.0
    while x < WIDTH:
        width, height = rng.uniform(50, 120), rng.uniform(180, 380)
        colour = light.far(rng.choice(WALLS), 0.62)
        c.rect(x, base - height, width, height, colour)
        for wx in range(round(x) + 12, round(x + width) - 14, 22):
            for wy in range(round(base - height) + 16, round(base) - 20, 34):
                is_lit = light.dark and rng.random() < 0.35
                c.rect(wx, wy, 9, 14, LAMPLIGHT if is_lit else mix(colour, light.sky_bottom, 0.4))
        x += width + rng.uniform(-10, 40)


def houses(c: Canvas, light: Light, rng: random.Random, base: float = PAVEMENT) -> None:
    """A row of town houses, each a little different."""
    x = rng.uniform(-110, -20)
    last: Colour = ()
    while x < WIDTH:
        width = rng.choice((150, 176, 204, 236))
        colour = rng.choice([wall for wall in WALLS if wall != last])
        house(c, x, base, width, rng.uniform(230, 370), colour, light, rng)
        last = colour
        x += width + (rng.uniform(40, 110) if rng.random() < 0.16 else 0)


def house(
    c: Canvas,
    x: float,
    base: float,
    width: float,
    height: float,
    colour: Colour,
    light: Light,
    rng: random.Random,
) -> None:
    """One house with a roof, windows and a shop or a door."""
    wall = light.on(colour)
    top = base - height
    roof(c, x, top, width, light.on(rng.choice(ROOFS)), wall, rng)
    c.rect(x, top, width, height, wall)
    c.rect(x + width - 10, top, 10, height, faded(light.on((40, 40, 60)), 26))
    columns = max(2, round(width / 62))
    step = width / columns
    shutters = light.on(rng.choice(AWNINGS)) if rng.random() < 0.4 else None
    y = top + 26
    while y < base - 150:
        for column in range(columns):
            window(c, x + step * (column + 0.5), y, light, rng, shutters)
        y += 82
    shop_front(c, x, base, width, light, rng)


def roof(
    c: Canvas, x: float, top: float, width: float, colour: Colour, wall: Colour, rng: random.Random
) -> None:
    """A gabled, hipped or flat roof, sometimes with a chimney."""
    kind = rng.choice(("gable", "hip", "hip", "flat", "steps"))
    if kind != "flat" and rng.random() < 0.6:
        c.rect(x + width * rng.uniform(0.15, 0.7), top - 70, 24, 66, mix(colour, (40, 30, 40), 0.2))
    if kind == "gable":
        c.poly([(x - 6, top + 2), (x + width / 2, top - width * 0.42), (x + width + 6, top + 2)], colour)
    elif kind == "hip":
        c.poly(
            [(x - 8, top + 2), (x + 22, top - 52), (x + width - 22, top - 52), (x + width + 8, top + 2)],
            colour,
        )
    elif kind == "steps":
        for level in range(3):
            inset = width * 0.16 * level
            c.rect(x + inset, top - 26 * (level + 1), width - 2 * inset, 30, wall)
    c.rect(x - 6, top - 4, width + 12, 11, mix(colour, (255, 255, 255), 0.25))


def window(c: Canvas, x: float, y: float, light: Light, rng: random.Random, shutters: Colour | None) -> None:
    """One window; in the dark some have light, by day some have flowers."""
    is_lit = light.dark and rng.random() < 0.55
    glass = LAMPLIGHT if is_lit else light.on((118, 150, 168))
    c.rect(x - 19, y - 3, 38, 56, light.on((250, 246, 236)), 2)
    c.rect(x - 15, y, 30, 49, glass)
    c.poly(
        [(x - 15, y + 30), (x + 15, y + 4), (x + 15, y), (x - 2, y), (x - 15, y + 12)], (255, 255, 255, 38)
    )
    c.line([(x, y), (x, y + 49)], light.on((250, 246, 236)), 3)
    c.line([(x - 15, y + 20), (x + 15, y + 20)], light.on((250, 246, 236)), 3)
    if shutters:
        c.rect(x - 31, y - 3, 11, 55, shutters)
        c.rect(x + 20, y - 3, 11, 55, shutters)
    flowers = rng.random()
    c.rect(x - 22, y + 51, 44, 6, light.on((214, 204, 190)))
    if flowers < 0.25:
        for i in range(5):
            c.disc(x - 16 + i * 8, y + 48, 6, light.on(LEAVES[i % 3]))
            c.disc(x - 14 + i * 8, y + 44, 3.5, light.on((226, 96, 98)))


def shop_front(c: Canvas, x: float, base: float, width: float, light: Light, rng: random.Random) -> None:
    """The ground floor: a shop under an awning, or a house door with a step."""
    glass = mix(LAMPLIGHT, (255, 255, 255), 0.1) if light.dark else light.on((132, 164, 176))
    if rng.random() < 0.6:
        c.rect(x + 14, base - 96, width - 28, 90, light.on((92, 74, 66)), 3)
        c.rect(x + 22, base - 84, width - 84, 72, glass)
        c.rect(x + width - 54, base - 84, 32, 84, glass)
        c.poly(
            [(x + 22, base - 40), (x + 80, base - 84), (x + 96, base - 84), (x + 22, base - 24)],
            (255, 255, 255, 40),
        )
        awning(c, x + 8, base - 112, width - 16, light.on(rng.choice(AWNINGS)), light)
    else:
        middle = x + width * rng.uniform(0.3, 0.7)
        c.rect(middle - 27, base - 98, 54, 98, light.on((250, 246, 236)), 26)
        c.rect(middle - 21, base - 91, 42, 91, light.on(rng.choice(AWNINGS)), 20)
        c.disc(middle + 13, base - 42, 3, light.on((240, 214, 140)))
        c.rect(middle - 34, base - 8, 68, 10, light.on((206, 200, 190)))


def awning(c: Canvas, x: float, y: float, width: float, colour: Colour, light: Light) -> None:
    """A striped awning."""
    stripes = max(4, round(width / 22) // 2 * 2)
    step = width / stripes
    for i in range(stripes):
        tone = colour if i % 2 == 0 else light.on((250, 244, 232))
        left = x + i * step
        c.poly([(left, y), (left + step, y), (left + step, y + 26), (left, y + 26)], tone)
        c.oval(left + step / 2, y + 26, step / 2, 8, tone)
