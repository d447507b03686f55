"""Scenes of buildings, sites and stands; each with its fault or, `after`, without."""

import random

from cps.demo.drawing.canvas import KERB, WIDTH, Canvas, Colour, faded, mix
from cps.demo.drawing.light import Light
from cps.demo.drawing.settings import square, street
from cps.demo.drawing.things import barrier, bricks, crack, shadow
from cps.demo.drawing.town import LAMPLIGHT


def wall(c: Canvas, light: Light, rng: random.Random, *, after: bool) -> None:
    """A cracked wall that leans over the pavement; later mended."""
    square(c, light, rng)
    colour = rng.choice(((190, 120, 96), (178, 156, 132), (168, 140, 136)))
    x = rng.uniform(190, 330)
    shadow(c, x + 340, KERB + 10, 420, 18)
    bricks(c, x, 330, 640, 330, colour, light, rng)
    c.rect(x - 14, 310, 668, 28, light.on((214, 204, 190)), 4)
    if after:
        return
    c.poly(
        [(x + 230, 306), (x + 322, 306), (x + 300, 372), (x + 318, 436), (x + 270, 470), (x + 252, 400)],
        mix(light.sky_bottom, light.on((150, 150, 150)), 0.35),
    )
    for dx, dy in ((10, 190), (-130, 150), (160, 130)):
        crack(c, x + 276, 450, dx, dy, light.on((66, 56, 56)), rng)
    for _ in range(24):
        bx, by = x + 280 + rng.gauss(0, 120), KERB + rng.uniform(6, 60)
        c.shape(
            bx,
            by,
            rng.uniform(0.6, 1.1),
            ((-30, 6), (-24, -14), (26, -18), (32, 4), (0, 14)),
            light.on(mix(colour, (90, 70, 66), rng.uniform(0, 0.3))),
        )
    barrier(c, x + 100, KERB + 100, 360, light)


def construction(c: Canvas, light: Light, rng: random.Random, *, after: bool) -> None:
    """A building site with a crane in its own dust; later nets and clean air."""
    street(c, light, rng)
    mast = rng.uniform(200, 300)
    left = mast + 150
    _crane(c, mast, light)
    for floor in range(4):
        c.rect(left, 300 + floor * 90, 460, 16, light.on((188, 184, 176)))
        for column in range(5):
            c.rect(left + column * 110, 312 + floor * 90, 18, 80, light.on((172, 168, 162)))
    if after:
        c.rect(left - 14, 284, 488, 350, faded(light.on((92, 152, 120)), 170))
        for fold in range(8):
            c.line([(left + fold * 60, 284), (left + fold * 60, 634)], (255, 255, 255, 60), 3)
    for panel in range(-20, WIDTH, 170):
        c.rect(panel, 560, 162, 100, light.on((238, 232, 220)), 3)
        c.rect(panel, 590, 162, 22, light.on((214, 112, 74)))
    for _ in range(0 if after else 26):
        x, y = rng.uniform(left - 160, left + 640), rng.uniform(380, 700)
        c.glow(x, y, rng.uniform(50, 140), light.on((222, 208, 186)), 0.42)


def _crane(c: Canvas, mast: float, light: Light) -> None:
    yellow, steel = light.on((238, 184, 66)), light.on((120, 128, 136))
    c.line([(mast, KERB - 50), (mast, 80)], yellow, 20)
    for y in range(90, 600, 34):
        c.line([(mast - 8, y), (mast + 8, y + 34)], mix(yellow, (90, 60, 20), 0.3), 4)
    c.line([(mast - 130, 108), (mast + 560, 108)], yellow, 16)
    c.line([(mast - 110, 104), (mast, 50), (mast + 420, 102)], mix(yellow, (90, 60, 20), 0.2), 5)
    c.rect(mast - 150, 100, 66, 60, light.on((110, 114, 122)), 4)
    c.line([(mast + 410, 112), (mast + 410, 250)], steel, 4)
    c.rect(mast + 340, 250, 140, 20, light.on((196, 120, 84)), 3)


def ramp(c: Canvas, light: Light, rng: random.Random, *, after: bool) -> None:
    """Steps before a public door; later with a ramp."""
    square(c, light, rng)
    x, stone = rng.uniform(420, 540), light.on((222, 214, 200))
    c.rect(x - 220, 150, 520, 500, light.on((238, 226, 204)))
    c.poly([(x - 250, 152), (x + 40, 40), (x + 330, 152)], light.on((176, 98, 80)))
    for column in (x - 190, x - 60, x + 108, x + 238):
        c.rect(column, 170, 32, 400, light.on((250, 246, 236)), 6)
    c.rect(x - 20, 270, 120, 300, light.on((60, 104, 110)), 50)
    c.line([(x + 40, 290), (x + 40, 570)], light.on((238, 226, 204)), 4)
    c.glow(x + 40, 250, 90, LAMPLIGHT, 0.4)
    for step in range(4):
        c.rect(
            x - 120 - step * 22,
            560 + step * 34,
            320 + step * 44,
            36,
            mix(stone, (120, 110, 100), 0.08 * (3 - step)),
        )
        c.rect(x - 120 - step * 22, 560 + step * 34, 320 + step * 44, 7, mix(stone, (255, 255, 255), 0.4))
    if not after:
        return
    c.poly(
        [(x + 200, 560), (x + 260, 560), (x + 640, 740), (x + 640, 772), (x + 200, 772)],
        mix(stone, (120, 110, 100), 0.12),
    )
    c.poly(
        [(x + 200, 560), (x + 262, 560), (x + 690, 760), (x + 640, 772)], mix(stone, (255, 255, 255), 0.35)
    )
    steel = light.on((84, 104, 116))
    for i in range(5):
        px, py = x + 236 + i * 100, 566 + i * 46
        c.line([(px, py), (px, py - 96)], steel, 8)
    c.line([(x + 236, 470), (x + 636, 654)], steel, 10)
    c.line([(x + 236, 512), (x + 636, 696)], steel, 7)
    c.rect(x - 210, 430, 84, 84, light.on((48, 104, 172)), 10)
    c.disc(x - 172, 448, 8, light.on((250, 248, 240)))
    c.line([(x - 172, 458), (x - 170, 478), (x - 150, 480), (x - 144, 498)], light.on((250, 248, 240)), 7)
    c.ring(x - 174, 486, 20, light.on((250, 248, 240)), 6)


def market(c: Canvas, light: Light, rng: random.Random, *, after: bool) -> None:
    """A market stand with flies and puddles; later clean, its food under glass."""
    square(c, light, rng)
    x, cloth = rng.uniform(240, 380), light.on(rng.choice(((206, 84, 70), (44, 122, 108), (62, 104, 152))))
    shadow(c, x + 270, 800, 350, 20)
    for post in (x, x + 540):
        c.line([(post, 796), (post, 350)], light.on((150, 112, 80)), 14)
    c.rect(x - 10, 590, 560, 206, light.on((196, 148, 102)), 6)
    for plank in range(5):
        c.line([(x - 8, 628 + plank * 40), (x + 548, 628 + plank * 40)], light.on((164, 120, 80)), 4)
    goods: tuple[Colour, ...] = (
        (226, 92, 78),
        (242, 186, 76),
        (122, 170, 92),
        (236, 140, 66),
        (168, 110, 160),
    )
    for crate, colour in enumerate(rng.sample(goods, 4)):
        left = x + 8 + crate * 134
        for i in range(12):
            spoilt = not after and rng.random() < 0.3
            tone = mix(colour, (86, 70, 48), 0.55) if spoilt else colour
            c.disc(left + 20 + (i % 4) * 28, 562 - (i // 4) * 22, 19, light.on(tone))
            c.disc(left + 14 + (i % 4) * 28, 555 - (i // 4) * 22, 5, (255, 255, 255, 90))
        c.rect(left - 6, 562, 124, 40, light.on((222, 184, 130)), 4)
    for i in range(10):
        tone = cloth if i % 2 == 0 else light.on((250, 244, 232))
        left = x - 40 + i * 62
        c.poly(
            [(left, 372), (left + 62, 372), (left + 56 - (i - 5) * 3, 290), (left + 6 - (i - 5) * 3, 290)],
            tone,
        )
        c.oval(left + 31, 372, 31, 20, tone)
    if after:
        c.rect(x - 4, 476, 548, 92, (220, 240, 244, 60), 8)
        c.poly([(x + 90, 566), (x + 170, 478), (x + 210, 478), (x + 130, 566)], (255, 255, 255, 90))
        return
    for _ in range(22):
        fx, fy = x + rng.uniform(-10, 560), rng.uniform(400, 590)
        c.disc(fx, fy, 3.5, light.on((40, 40, 46)))
        c.oval(fx - 4, fy - 4, 5, 2.5, (255, 255, 255, 150))
    c.blob(x + 200, 838, 230, 26, faded(light.on((128, 122, 92)), 150), rng)


def office(c: Canvas, light: Light, rng: random.Random, *, after: bool) -> None:
    """The city hall, where one goes when one does not know where to go."""
    square(c, light, rng)
    x, stone = (
        rng.uniform(230, 330),
        light.on(rng.choice(((244, 232, 206), (232, 216, 200), (226, 230, 226)))),
    )
    c.rect(x, 270, 660, 350, stone)
    c.rect(x + 250, 120, 160, 160, stone)
    c.poly([(x + 236, 124), (x + 330, 20), (x + 424, 124)], light.on((70, 118, 108)))
    c.disc(x + 330, 196, 48, light.on((250, 248, 240)))
    c.ring(x + 330, 196, 48, light.on((150, 120, 86)), 7)
    c.line([(x + 330, 196), (x + 330, 164)], light.on((50, 56, 62)), 6)
    c.line([(x + 330, 196), (x + 352, 208)], light.on((50, 56, 62)), 6)
    c.poly([(x + 170, 300), (x + 330, 236), (x + 490, 300)], mix(stone, (120, 100, 80), 0.14))
    c.rect(x - 16, 262, 692, 18, mix(stone, (255, 255, 255), 0.4), 4)
    for column in range(5):
        c.rect(x + 176 + column * 70, 300, 30, 300, mix(stone, (255, 255, 255), 0.5), 8)
    for side in (x + 24, x + 520):
        for row in range(2):
            for i in range(2):
                c.rect(
                    side + i * 62,
                    310 + row * 140,
                    44,
                    96,
                    LAMPLIGHT if light.dark else light.on((118, 150, 168)),
                    20,
                )
    c.rect(x + 286, 430, 88, 190, light.on((110, 74, 58)), 40)
    for step in range(3):
        c.rect(
            x + 140 - step * 20,
            600 + step * 22,
            380 + step * 40,
            24,
            mix(stone, (90, 84, 80), 0.06 * step + 0.05),
        )
    c.line([(x + 330, 22), (x + 330, -60)], light.on((110, 110, 110)), 6)
    if after:
        for i in range(9):
            flag = (light.on((206, 84, 70)), light.on((240, 190, 80)), light.on((62, 120, 150)))[i % 3]
            c.shape(x + 40 + i * 72, 286 + abs(i - 4) * -3, 1, ((-18, 0), (18, 0), (0, 40)), flag)
