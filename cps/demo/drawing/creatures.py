"""Scenes with animals; later they are safe or gone."""

import random

from cps.demo.drawing.canvas import HEIGHT, WIDTH, Canvas, Colour, mix
from cps.demo.drawing.clutter import BAGS, bag, scatter, wheeled_bin
from cps.demo.drawing.light import Light
from cps.demo.drawing.settings import square
from cps.demo.drawing.things import bricks, shadow
from cps.demo.drawing.town import WALLS


def animal(c: Canvas, light: Light, rng: random.Random, *, after: bool) -> None:
    """A stray animal on the pavement; later only a bowl and a bed are left."""
    square(c, light, rng)
    x, base = rng.uniform(430, 680), 812
    fur = rng.choice(((222, 150, 82), (120, 108, 104), (240, 226, 204), (66, 64, 72)))
    if after:
        shadow(c, x, base, 120, 14)
        c.oval(x, base - 14, 96, 22, light.on((196, 92, 82)))
        c.oval(x, base - 24, 78, 15, light.on((92, 52, 52)))
        return
    _cat(c, x, base, light.on(fur), light)


def _cat(c: Canvas, x: float, base: float, fur: Colour, light: Light) -> None:
    dark, pale = mix(fur, (40, 28, 30), 0.25), mix(fur, (255, 250, 240), 0.5)
    shadow(c, x, base, 130, 16)
    c.curve(
        [(x + 70, base - 20), (x + 200, base - 10), (x + 190, base - 120), (x + 150, base - 130)], fur, 26
    )
    c.oval(x, base - 86, 84, 92, fur)
    c.oval(x - 10, base - 70, 44, 62, pale)
    for dx in (-40, 26):
        c.rect(x + dx - 16, base - 62, 36, 64, fur, 17)
        c.oval(x + dx + 2, base - 6, 22, 11, pale)
    c.shape(x - 12, base - 200, 1, ((-74, 10), (-66, -74), (-18, -40)), fur)
    c.shape(x - 12, base - 200, 1, ((74, 10), (66, -74), (18, -40)), fur)
    c.shape(x - 12, base - 200, 1, ((-62, -8), (-58, -52), (-30, -34)), light.on((232, 164, 160)))
    c.shape(x - 12, base - 200, 1, ((62, -8), (58, -52), (30, -34)), light.on((232, 164, 160)))
    c.oval(x - 12, base - 196, 78, 64, fur)
    for stripe in (-20, 0, 20):
        c.line([(x - 12 + stripe, base - 258), (x - 12 + stripe * 0.8, base - 232)], dark, 7)
    for eye in (-32, 32):
        c.oval(x - 12 + eye, base - 202, 13, 16, light.on((214, 226, 120)))
        c.oval(x - 12 + eye, base - 202, 5, 13, light.on((30, 34, 40)))
        c.disc(x - 8 + eye, base - 208, 4, (255, 255, 255))
    c.oval(x - 12, base - 168, 26, 16, pale)
    c.shape(x - 12, base - 178, 1, ((-8, -4), (8, -4), (0, 6)), light.on((214, 120, 120)))
    for side in (-1, 1):
        for dy in (-6, 4):
            c.line(
                [(x - 12 + side * 24, base - 170), (x - 12 + side * 78, base - 172 + dy * 2)],
                (255, 255, 255, 190),
                2,
            )
    c.line([(x + 8, base - 40), (x + 44, base - 44)], light.on((250, 244, 236)), 20)
    c.line([(x + 20, base - 48), (x + 32, base - 36)], light.on((212, 84, 76)), 4)


def pests(c: Canvas, light: Light, rng: random.Random, *, after: bool) -> None:
    """Rats between bags by a wall; later a clean yard."""
    wall = rng.choice(WALLS[:5])
    bricks(c, -20, -10, WIDTH + 40, 620, mix(wall, (130, 110, 100), 0.35), light, rng)
    c.gradient(600, HEIGHT, light.on((150, 148, 146)), light.on((176, 172, 168)))
    c.rect(0, 600, WIDTH, 18, (20, 28, 44, 50))
    c.rect(760, 210, 240, 400, light.on((74, 98, 96)), 6)
    c.rect(782, 232, 196, 360, light.on((88, 116, 112)), 4)
    c.disc(800, 420, 9, light.on((230, 206, 140)))
    wheeled_bin(c, 180, 720, light.on((62, 118, 96)), light, rng, after=True)
    wheeled_bin(c, 380, 724, light.on((96, 98, 108)), light, rng, after=True)
    if after:
        c.rect(600, 640, 96, 52, light.on((52, 60, 68)), 8)
        c.oval(648, 680, 18, 14, light.on((20, 24, 30)))
        return
    for dx, size in ((600, 1.3), (690, 1.0), (120, 1.1)):
        bag(c, dx, rng.uniform(750, 790), size, rng.choice(BAGS), light, rng)
    scatter(c, light, rng, 16, 760, 880)
    for x, y, size in ((420, 830, 1.25), (800, 790, 1.0), (560, 862, 0.8)):
        _rat(c, x + rng.uniform(-50, 50), y, size, light)


def _rat(c: Canvas, x: float, base: float, size: float, light: Light) -> None:
    fur, pink = light.on((112, 102, 104)), light.on((220, 160, 156))
    shadow(c, x, base, 80 * size, 9 * size)
    c.curve(
        [
            (x + 60 * size, base - 16),
            (x + 130 * size, base),
            (x + 120 * size, base - 50 * size),
            (x + 170 * size, base - 34 * size),
        ],
        pink,
        7,
    )
    c.oval(x, base - 30 * size, 72 * size, 32 * size, fur)
    c.shape(x, base, size, ((-110, -26), (-50, -58), (-40, -8)), fur)
    c.disc(x - 56 * size, base - 58 * size, 17 * size, fur)
    c.disc(x - 56 * size, base - 58 * size, 10 * size, pink)
    c.disc(x - 110 * size, base - 26 * size, 6 * size, pink)
    c.disc(x - 80 * size, base - 38 * size, 5 * size, light.on((24, 24, 30)))
    for paw in (-40, 34):
        c.oval(x + paw * size, base - 3, 16 * size, 6 * size, pink)


def gull(c: Canvas, x: float, base: float, size: float, light: Light) -> None:
    """A gull that looks for food."""
    white = light.on((250, 250, 246))
    for leg in (-6, 8):
        c.line([(x + leg * size, base - 20 * size), (x + leg * size, base)], light.on((232, 160, 70)), 4)
    c.shape(
        x, base, size, ((-62, -40), (-20, -58), (40, -40), (10, -18), (-30, -18)), light.on((160, 172, 184))
    )
    c.oval(x + 6 * size, base - 34 * size, 38 * size, 19 * size, white)
    c.disc(x + 38 * size, base - 58 * size, 15 * size, white)
    c.shape(x, base, size, ((50, -62), (74, -54), (50, -51)), light.on((236, 168, 62)))
    c.disc(x + 43 * size, base - 61 * size, 3 * size, light.on((40, 44, 52)))
    c.shape(x, base, size, ((-62, -40), (-14, -52), (26, -34), (-20, -26)), light.on((140, 152, 166)))
