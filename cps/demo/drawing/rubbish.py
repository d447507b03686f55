"""Scenes of dirt and waste; each shows the fault or, `after`, the same place clean."""

import math
import random

from cps.demo.drawing.backdrop import sky, tree
from cps.demo.drawing.canvas import HEIGHT, KERB, WIDTH, Canvas, Colour, faded, mix
from cps.demo.drawing.clutter import BAGS, LITTER, bag, scatter, wheeled_bin
from cps.demo.drawing.creatures import gull
from cps.demo.drawing.light import Light
from cps.demo.drawing.settings import square
from cps.demo.drawing.things import bricks, shadow


def bins(c: Canvas, light: Light, rng: random.Random, *, after: bool) -> None:
    """Three bins that overflow; later closed and clean."""
    square(c, light, rng)
    x = rng.uniform(250, 450)
    colours: tuple[Colour, ...] = ((62, 118, 96), (70, 104, 156), (206, 160, 66))
    for i, colour in enumerate(colours):
        wheeled_bin(c, x + i * 190, 790, light.on(colour), light, rng, after=after)
    if after:
        return
    for dx, size in ((-90, 1.1), (84, 0.9), (300, 1.0), (560, 1.15)):
        bag(c, x + dx, rng.uniform(800, 830), size, rng.choice(BAGS), light, rng)
    scatter(c, light, rng, 26, 800, 880)
    gull(c, x + rng.uniform(330, 400), 556, 1.2, light)


def dumping(c: Canvas, light: Light, rng: random.Random, *, after: bool) -> None:
    """A sofa, a mattress, tyres and bags on the kerb; later flowers in a box."""
    square(c, light, rng)
    x = rng.uniform(250, 420)
    if after:
        _flower_box(c, x + 40, KERB + 60, light, rng)
        return
    fabric = light.on(rng.choice(((176, 92, 86), (92, 122, 142), (190, 150, 84), (108, 136, 104))))
    shadow(c, x + 330, 806, 400, 20)
    c.shape(x, 760, 1, ((420, -330), (560, -350), (600, 20), (450, 30)), light.on((226, 220, 208)))
    for i in range(5):
        c.line(
            [(x + 434 + i * 6, 470 + i * 60), (x + 566 + i * 6, 452 + i * 60)], light.on((186, 196, 206)), 5
        )
    c.disc(x + 520, 560, 26, light.on((206, 184, 150)))
    c.rect(x, 600, 410, 130, fabric, 30)
    c.rect(x + 30, 690, 350, 76, mix(fabric, (255, 255, 255), 0.14), 18)
    c.line([(x + 205, 694), (x + 205, 762)], mix(fabric, (20, 20, 40), 0.2), 4)
    for arm in (x - 26, x + 366):
        c.rect(arm, 652, 70, 132, mix(fabric, (20, 20, 40), 0.12), 28)
    for leg in (x - 4, x + 396):
        c.rect(leg, 780, 16, 22, light.on((96, 72, 56)))
    c.shape(x, 700, 1, ((250, -10), (320, -24), (336, 14), (268, 24)), light.on((240, 228, 196)))
    for i, (dx, dy) in enumerate(((640, 0), (700, 6), (668, -62))):
        c.oval(x + dx, 776 + dy, 62, 34, light.on((52, 54, 62)))
        c.oval(x + dx, 770 + dy, 30, 14, light.on((92 + i * 6, 94, 100)))
    for dx, size in ((-90, 1.2), (-30, 0.95), (470, 1.1)):
        bag(c, x + dx, 824, size, rng.choice(BAGS), light, rng)


def _flower_box(c: Canvas, x: float, base: float, light: Light, rng: random.Random) -> None:
    shadow(c, x + 240, base + 2, 270, 14)
    for _ in range(46):
        fx, fy = x + rng.uniform(10, 470), base - rng.uniform(86, 170)
        c.line([(fx, base - 70), (fx, fy)], light.on((92, 142, 88)), 5)
        c.disc(
            fx,
            fy,
            rng.uniform(9, 17),
            light.on(rng.choice(((226, 96, 104), (244, 196, 88), (246, 240, 232), (166, 120, 176)))),
        )
        c.disc(fx, fy, 4, light.on((236, 176, 70)))
    c.rect(x, base - 92, 480, 92, light.on((170, 118, 80)), 8)
    for plank in (0, 30, 60):
        c.rect(x, base - 92 + plank, 480, 27, light.on((186, 132, 90)), 5)


def litter(c: Canvas, light: Light, rng: random.Random, *, after: bool) -> None:
    """A pavement full of leaves, glass and cups; later swept."""
    square(c, light, rng)
    if after:
        return
    for _ in range(150):
        x, y = rng.uniform(0, WIDTH), KERB + 14 + (HEIGHT - KERB) * rng.random() ** 0.8
        tone = light.on(rng.choice(((206, 132, 58), (176, 96, 56), (222, 174, 76), (140, 120, 66))))
        angle = rng.uniform(0, math.pi)
        dx, dy = 14 * math.cos(angle), 6 * math.sin(angle)
        c.poly([(x - dx, y - dy), (x + dy, y - 7), (x + dx, y + dy), (x - dy, y + 7)], tone)
    for _ in range(7):
        x, y = rng.uniform(150, 1050), rng.uniform(720, 860)
        glass = light.on(rng.choice(((112, 156, 104), (162, 112, 66))))
        shadow(c, x + 40, y + 12, 70, 9)
        c.rect(x, y - 12, 74, 26, faded(glass, 220), 11)
        c.rect(x + 68, y - 5, 34, 11, faded(glass, 220), 4)
        c.rect(x + 16, y - 12, 30, 26, light.on((242, 232, 208)))
        c.line([(x + 6, y - 6), (x + 64, y - 6)], (255, 255, 255, 120), 3)
    scatter(c, light, rng, 12, 700, 880)


def graffiti(c: Canvas, light: Light, rng: random.Random, *, after: bool) -> None:
    """A brick wall with scrawls on it; later clean."""
    sky(c, light, rng, 260)
    for x in (120, 460, 900, 1120):
        tree(c, x, 230, rng.uniform(0.5, 0.8), light, rng)
    wall = rng.choice(((190, 112, 88), (176, 148, 124), (152, 128, 130)))
    bricks(c, -20, 190, WIDTH + 40, 500, wall, light, rng)
    c.rect(-20, 168, WIDTH + 40, 30, light.on((222, 214, 202)), 4)
    c.gradient(690, HEIGHT, light.on((196, 188, 178)), light.on((216, 208, 198)))
    c.rect(0, 690, WIDTH, 16, (20, 28, 44, 40))
    if not after:
        for i, colour in enumerate(
            rng.sample(((230, 84, 120), (64, 170, 190), (246, 200, 70), (120, 96, 190), (40, 48, 60)), 3)
        ):
            _tag(c, 120 + i * 350, rng.uniform(370, 480), light.on(colour), rng)
        for _ in range(3):
            px, py = rng.uniform(60, 1040), rng.uniform(230, 560)
            c.shape(px, py, 1, ((0, 0), (70, -6), (76, 92), (4, 98)), light.on((246, 240, 224)))
            c.shape(px, py, 1, ((10, 12), (60, 8), (62, 44), (12, 48)), light.on(rng.choice(LITTER[1:])))
    for x in (80, 420, 830, 1120):
        for _ in range(7):
            gx = x + rng.uniform(-30, 30)
            c.line(
                [(gx, 704), (gx + rng.uniform(-10, 10), 704 - rng.uniform(16, 46))],
                light.on((110, 150, 92)),
                5,
            )


def _tag(c: Canvas, x: float, y: float, colour: Colour, rng: random.Random) -> None:
    """One scrawl: a lettering, a face or a zigzag with an arrow."""
    pale = mix(colour, (255, 255, 255), 0.3)
    kind = rng.randrange(3)
    if kind == 0:
        points = [(x + i * 46, y + (95 if i % 2 else -95) * rng.uniform(0.7, 1.2)) for i in range(7)]
        for width, tone in ((38, pale), (24, colour)):
            for a, b, d in zip(points[::2], points[1::2], points[2::2], strict=False):
                c.curve([a, (b[0] + 70, a[1] - 70), (b[0] - 80, b[1] + 90), d], tone, width)
    elif kind == 1:
        c.ring(x + 130, y, 128, pale, 34)
        c.ring(x + 130, y, 121, colour, 20)
        for eye in (84, 176):
            c.line([(x + eye - 18, y - 50), (x + eye + 18, y - 10)], colour, 14)
            c.line([(x + eye + 18, y - 50), (x + eye - 18, y - 10)], colour, 14)
        c.curve([(x + 70, y + 40), (x + 100, y + 96), (x + 160, y + 96), (x + 192, y + 40)], colour, 15)
    else:
        path = [(x + i * 58, y + (70 if i % 2 else -70)) for i in range(6)]
        for width, tone in ((36, pale), (22, colour)):
            c.line(path, tone, width)
        c.shape(path[-1][0], path[-1][1], 1, ((-6, -46), (70, 6), (-20, 46)), colour)
    for _ in range(5):
        dx = rng.uniform(10, 260)
        c.line([(x + dx, y + 40), (x + dx, y + rng.uniform(110, 190))], colour, 6)
