"""Scenes at the kerb; each shows the fault or, `after`, the same place mended."""

import math
import random
from itertools import pairwise

from cps.demo.drawing.canvas import HEIGHT, KERB, WIDTH, Canvas, Colour, Point, faded, mix
from cps.demo.drawing.light import Light
from cps.demo.drawing.settings import street
from cps.demo.drawing.things import CARS, barrier, car, crack, lamp_post, shadow
from cps.demo.drawing.town import LAMPLIGHT


def sidewalk(c: Canvas, light: Light, rng: random.Random, *, after: bool) -> None:
    """Slabs that lie crooked or are missing; later all flat."""
    street(c, light, rng)
    c.gradient(KERB, HEIGHT, light.on((208, 200, 188)), light.on((222, 214, 202)))
    broken = {(rng.randrange(3, 7), row) for row in (1, 2, 2, 3)}
    for row, (top, bottom) in enumerate(pairwise((KERB, KERB + 46, KERB + 104, KERB + 172, HEIGHT + 20))):
        upper = 1 + row * 0.16
        lower = upper * 1.13
        for column in range(-2, 12):
            left = column * 120 - 600
            slab: list[Point] = [
                (603 + left * upper, top + 3),
                (597 + (left + 120) * upper, top + 3),
                (597 + (left + 120) * lower, bottom - 3),
                (603 + left * lower, bottom - 3),
            ]
            tone = light.on(mix((206, 196, 184), (230, 222, 208), rng.random()))
            if (column, row) not in broken:
                c.poly(slab, tone)
            elif after:
                c.poly(slab, mix(tone, (255, 255, 248), 0.35))
            else:
                _broken_slab(c, slab, tone, light, rng)
    if not after:
        barrier(c, rng.uniform(120, 700), KERB + 40, 330, light)


def _broken_slab(c: Canvas, slab: list[Point], tone: Colour, light: Light, rng: random.Random) -> None:
    tilt = rng.uniform(10, 22)
    if tilt < 15:
        c.poly(slab, light.on((142, 120, 98)))
        x, y = (sum(values) / 4 for values in zip(*slab, strict=True))
        c.blob(x, y, 34, 13, light.on((170, 144, 114)), rng)
        return
    c.poly(slab, light.on((112, 98, 86)))
    raised = [(x + 8, y - (tilt if i < 2 else 2)) for i, (x, y) in enumerate(slab)]
    c.poly(raised, mix(tone, (90, 84, 80), 0.12))
    crack(c, slab[0][0] + 30, slab[0][1], 60, 40, light.on((104, 96, 90)), rng)


def lamp(c: Canvas, light: Light, rng: random.Random, *, after: bool) -> None:
    """A street at night whose lamp is dark; later it shines."""
    street(c, light, rng)
    x = rng.uniform(330, 620)
    head = lamp_post(c, x, KERB + 8, 520, light, lit=after)
    if after:
        edge = [(250 * math.cos(t * math.pi / 12), 636 + 50 * math.sin(t * math.pi / 12)) for t in range(13)]
        beam = [(-56, 0), (56, 0), *edge]
        c.shape(head[0], head[1], 1, beam, (255, 226, 150, 26))
        c.glow(head[0], 806, 430, (255, 222, 150), 0.62, flat=0.27)
        c.glow(head[0], head[1] + 4, 240, LAMPLIGHT, 0.75)
        c.rect(head[0] - 56, head[1] - 8, 112, 14, (255, 246, 214), 7)
    else:
        c.rect(0, KERB + 12, WIDTH, HEIGHT - KERB, (10, 16, 36, 90))
        c.line(
            [(x + 180, head[1] + 4), (x + 190, head[1] + 30), (x + 182, head[1] + 46)],
            light.on((120, 130, 136)),
            4,
        )


def tree_fall(c: Canvas, light: Light, rng: random.Random, *, after: bool) -> None:
    """A tree across the road; later a young one at its place."""
    street(c, light, rng)
    x = rng.uniform(170, 300)
    bark, leaf = light.on((116, 86, 64)), light.on((92, 138, 90))
    c.rect(x - 70, KERB - 26, 140, 30, light.on((128, 102, 76)), 12)
    if after:
        c.line([(x, KERB - 14), (x + 4, 430)], light.on((136, 104, 76)), 10)
        for side in (-34, 38):
            c.line([(x + side, KERB - 10), (x + side, 500)], light.on((206, 172, 124)), 8)
        c.line([(x - 34, 540), (x + 38, 540)], light.on((80, 70, 66)), 5)
        for dx, top, r in ((-30, 420, 40), (34, 410, 42), (4, 360, 50), (4, 420, 44)):
            c.disc(x + dx, top, r, mix(leaf, (230, 240, 150), 0.18))
        return
    shadow(c, x + 480, 812, 480, 30)
    c.poly(
        [(x - 30, KERB - 6), (x + 34, KERB - 22), (x + 640, 764), (x + 640, 800), (x + 10, KERB + 34)], bark
    )
    c.line([(x + 40, KERB + 6), (x + 600, 776)], mix(bark, (255, 230, 190), 0.22), 8)
    for i in range(9):
        c.line(
            [(x - 6, KERB), (x - 74 + rng.uniform(-20, 30), KERB - 74 + i * 13)],
            mix(bark, (40, 30, 30), 0.2),
            7,
        )
    for i in range(24):
        along, across = rng.uniform(360, 800), rng.uniform(-92, 76)
        tone = mix(leaf, ((30, 70, 70) if i % 2 else (240, 240, 160)), rng.uniform(0.02, 0.2))
        c.disc(x + along, 768 + across, rng.uniform(34, 68), tone)
    for _ in range(40):
        c.oval(
            x + rng.uniform(160, 940),
            rng.uniform(700, 880),
            9,
            5,
            mix(leaf, (240, 220, 120), rng.uniform(0, 0.4)),
        )


def parking(c: Canvas, light: Light, rng: random.Random, *, after: bool) -> None:
    """A car on the pavement; later the pavement is free and posts keep it so."""
    street(c, light, rng)
    x, paint = rng.uniform(180, 560), rng.choice(CARS)
    if after:
        for i in range(5):
            post = x - 40 + i * 130
            shadow(c, post + 5, KERB, 22, 5)
            c.rect(post - 9, KERB - 84, 18, 86, light.on((62, 84, 92)), 8)
            c.rect(post - 9, KERB - 66, 18, 14, light.on((246, 242, 230)))
        return
    c.poly([(x + 40, KERB + 4), (x + 460, KERB + 4), (x + 500, 700), (x, 700)], (20, 28, 40, 40))
    car(c, x, KERB + 8, 1.3, paint, light)


def bus_stop(c: Canvas, light: Light, rng: random.Random, *, after: bool) -> None:
    """A shelter with a broken pane; later a whole one."""
    street(c, light, rng)
    x = rng.uniform(300, 420)
    frame, glass = light.on((54, 84, 92)), light.on((176, 214, 220))
    shadow(c, x + 250, KERB + 6, 300, 12)
    for left in (x, x + 250):
        if after or left == x:
            c.rect(left, 330, 250, 300, faded(glass, 150))
            c.poly(
                [(left + 40, 600), (left + 160, 340), (left + 200, 340), (left + 80, 600)],
                (255, 255, 255, 70),
            )
        else:
            c.poly(
                [
                    (left, 330),
                    (left + 110, 330),
                    (left + 74, 410),
                    (left + 92, 452),
                    (left + 40, 480),
                    (left, 566),
                ],
                faded(glass, 150),
            )
            c.poly(
                [(left + 250, 560), (left + 204, 586), (left + 180, 630), (left + 250, 630)],
                faded(glass, 150),
            )
            for _ in range(34):
                sx, sy = left + rng.uniform(20, 300), rng.uniform(KERB - 20, KERB + 40)
                c.poly(
                    [(sx, sy), (sx + rng.uniform(8, 20), sy - 8), (sx + 12, sy + 6)],
                    mix(glass, (255, 255, 255), 0.5),
                )
    for post in (x, x + 250, x + 500):
        c.line([(post, KERB), (post, 316)], frame, 12)
    c.rect(x - 40, 296, 580, 26, frame, 10)
    c.rect(x - 40, 288, 580, 12, light.on((232, 172, 70)), 6)
    c.rect(x + 40, 556, 420, 20, light.on((190, 140, 92)), 6)
    for leg in (x + 70, x + 430):
        c.line([(leg, 576), (leg, KERB - 2)], frame, 8)
    c.line([(x + 620, KERB), (x + 620, 300)], frame, 10)
    c.disc(x + 620, 280, 50, light.on((232, 172, 70)))
    c.rect(x + 592, 258, 56, 38, light.on((250, 248, 240)), 8)
    c.rect(x + 598, 264, 44, 14, light.on((66, 110, 130)), 3)
    for wheel in (604, 636):
        c.disc(x + wheel, 297, 6, light.on((40, 48, 56)))
    c.rect(x + 594, 380, 52, 80, light.on((250, 248, 240)), 5)
    for row in range(4):
        c.line([(x + 602, 396 + row * 16), (x + 638, 396 + row * 16)], light.on((120, 132, 140)), 4)
