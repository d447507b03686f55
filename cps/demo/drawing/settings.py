"""Whole settings: a street, a paved square, a park."""

import random

from cps.demo.drawing.backdrop import hills, lawn, person, pine, sea, sky, tree
from cps.demo.drawing.canvas import HEIGHT, KERB, PAVEMENT, ROAD, WIDTH, Canvas
from cps.demo.drawing.light import Light
from cps.demo.drawing.town import WALLS, house, houses, skyline


def street(c: Canvas, light: Light, rng: random.Random) -> None:
    """A whole street, the setting of most photographs: in town, at the edge of it or along the sea."""
    sky(c, light, rng)
    kind = rng.choices(("town", "suburb", "promenade"), (6, 3, 2))[0]
    if kind == "promenade":
        promenade(c, light, rng)
    else:
        hills(c, light, rng)
        if kind == "town":
            skyline(c, light, rng)
            houses(c, light, rng)
        else:
            suburb(c, light, rng)
    road(c, light, rng)
    for x in rng.sample((90, 330, 560, 850, 1110), rng.choice((1, 2, 2, 3))):
        tree(c, x + rng.uniform(-30, 30), PAVEMENT + 22, rng.uniform(0.75, 1.05), light, rng)
    for _ in range(rng.choice((0, 1, 1, 2))):
        person(c, rng.uniform(80, 1120), PAVEMENT + 36, rng.uniform(0.62, 0.74), light, rng)


def promenade(c: Canvas, light: Light, rng: random.Random) -> None:
    """The sea behind a railing instead of houses."""
    sea(c, light, rng, 400, 616)
    x = rng.uniform(-60, 300)
    island = [(x, 402), (x + 90, 362), (x + 190, 344), (x + 330, 372), (x + 440, 402)]
    c.poly(island, light.far((96, 140, 128), 0.45))
    c.rect(x + 200, 288, 18, 62, light.far((250, 246, 236), 0.15))
    c.rect(x + 198, 276, 22, 16, light.far((206, 92, 78), 0.15))
    for post in range(-10, WIDTH + 60, 84):
        c.rect(post - 5, 540, 10, 76, light.on((246, 244, 236)), 4)
    for rail in (548, 580):
        c.rect(0, rail, WIDTH, 8, light.on((246, 244, 236)))


def suburb(c: Canvas, light: Light, rng: random.Random) -> None:
    """Low houses between gardens and firs."""
    c.rect(0, 560, WIDTH, 60, light.on((132, 168, 108)))
    for fir in range(-40, WIDTH + 60, 92):
        if rng.random() < 0.5:
            pine(c, fir + rng.uniform(-30, 30), 582, rng.uniform(0.5, 1.0), light)
    x = rng.uniform(-60, 60)
    while x < WIDTH:
        width = rng.choice((180, 214, 250))
        house(c, x, 604, width, rng.uniform(150, 220), rng.choice(WALLS), light, rng)
        x += width + rng.uniform(70, 190)
    for bush in range(-20, WIDTH, 62):
        c.rect(bush, 574, 66, 42, light.on((96, 140, 92)), 18)


def road(c: Canvas, light: Light, rng: random.Random) -> None:
    """Pavement, kerb and a road with a broken middle line, down to the bottom of the picture."""
    c.rect(0, PAVEMENT, WIDTH, KERB - PAVEMENT, light.on((206, 198, 186)))
    for x in range(-60, WIDTH + 60, 64):
        c.line([(x, PAVEMENT), (x - 26, KERB)], light.on((186, 178, 168)), 2)
    c.rect(0, KERB, WIDTH, ROAD - KERB, light.on((166, 162, 158)))
    c.gradient(ROAD, HEIGHT, light.on((104, 108, 116)), light.on((124, 127, 133)))
    for _ in range(120):
        c.oval(
            rng.uniform(0, WIDTH),
            rng.uniform(ROAD + 6, HEIGHT),
            rng.uniform(1, 3),
            1.2,
            light.on((142, 145, 150)),
        )
    shift = rng.uniform(0, 200)
    for x in range(-200, WIDTH + 200, 200):
        left = x + shift
        c.poly([(left, 722), (left + 96, 722), (left + 92, 732), (left - 6, 732)], light.on((236, 230, 214)))


def square(c: Canvas, light: Light, rng: random.Random) -> None:
    """A street whose foreground is paved, for things that stand on foot ground."""
    street(c, light, rng)
    paving(c, light)


def paving(c: Canvas, light: Light) -> None:
    """Large slabs from the kerb to the bottom of the picture."""
    c.gradient(KERB, HEIGHT, light.on((204, 196, 184)), light.on((220, 212, 200)))
    for row, y in enumerate((KERB + 4, 720, 790, 874)):
        c.line([(0, y), (WIDTH, y)], light.on((186, 178, 168)), 2 + row * 0.7)
    for x in range(-400, WIDTH + 400, 110):
        c.line([(x * 0.8 + 120, KERB), (x * 1.3 - 180, HEIGHT)], light.on((186, 178, 168)), 2)


def park(c: Canvas, light: Light, rng: random.Random) -> None:
    """A park with trees around a lawn."""
    sky(c, light, rng)
    hills(c, light, rng, 580)
    for x in range(-20, WIDTH + 80, 130):
        if rng.random() < 0.3:
            pine(c, x + rng.uniform(-40, 40), 590, rng.uniform(0.7, 1.0), light)
        else:
            tree(c, x + rng.uniform(-40, 40), 585, rng.uniform(0.6, 0.95), light, rng)
    lawn(c, light, rng)
