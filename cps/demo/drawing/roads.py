"""Scenes on the road; each shows the fault or, `after`, the same place mended."""

import random

from cps.demo.drawing.canvas import HEIGHT, KERB, WIDTH, Canvas, faded, mix, uneven
from cps.demo.drawing.light import Light
from cps.demo.drawing.settings import street
from cps.demo.drawing.things import CARS, barrier, car, cone, crack, fresh_patch, puddle, shadow
from cps.demo.drawing.town import WALLS


def pothole(c: Canvas, light: Light, rng: random.Random, *, after: bool) -> None:
    """A hole in the road with water in it; later a patch."""
    street(c, light, rng)
    x, y, size = rng.uniform(420, 780), rng.uniform(790, 815), rng.uniform(0.85, 1.15)
    if after:
        fresh_patch(c, x, y, 215 * size, 50 * size, light)
        return
    edge = uneven(x, y, 200 * size, 56 * size, rng)
    for dx, dy in ((-250, -20), (240, 24), (200, -40)):
        crack(c, x + dx * 0.6 * size, y + dy * size * 0.5, dx * 0.6, dy, light.on((70, 74, 82)), rng)
    c.poly([(px, py - 5) for px, py in edge], light.on((146, 148, 152)))
    c.poly(edge, light.on((58, 58, 64)))
    c.poly(uneven(x, y + 8, 172 * size, 42 * size, rng), light.on((84, 72, 64)))
    puddle(c, x - 14, y + 15, 128 * size, 26 * size, light, rng)
    for _ in range(26):
        c.oval(
            x + rng.uniform(-270, 270) * size,
            y + rng.uniform(-66, 72) * size,
            rng.uniform(3, 9),
            rng.uniform(2, 5),
            light.on((88, 90, 96)),
        )
    cone(c, x + 300 * size if x < 600 else x - 300 * size, y + 20, 1.25, light)


def signal(c: Canvas, light: Light, rng: random.Random, *, after: bool) -> None:
    """A traffic signal without light and turned away; later green."""
    street(c, light, rng)
    zebra(c, light, rng, 640, fresh=True)
    x = rng.uniform(300, 460)
    steel = light.on((72, 82, 92))
    shadow(c, x, KERB + 10, 60, 10)
    c.line([(x, KERB + 10), (x, 240)], steel, 20)
    c.rect(x - 18, KERB - 60, 36, 70, steel, 4)
    tilt = 0 if after else rng.uniform(14, 26)
    box = [(x - 62 + tilt, 110), (x + 62 + tilt, 110), (x + 62 - tilt, 400), (x - 62 - tilt, 400)]
    c.poly([(px + 7, py + 7) for px, py in box], (20, 28, 40, 70))
    c.poly(box, light.on((40, 48, 56)))
    for i, bright in enumerate(((238, 82, 70), (250, 190, 74), (72, 206, 134))):
        y = 162 + i * 94
        middle = x + tilt * (1 - (y - 110) / 145)
        is_lit = after and i == 2
        c.poly(
            [(middle - 44, y - 22), (middle + 44, y - 22), (middle + 36, y - 50), (middle - 36, y - 50)],
            light.on((26, 32, 40)),
        )
        c.disc(middle, y, 36, bright if is_lit else light.on(mix(bright, (50, 54, 60), 0.78)))
        if is_lit:
            c.glow(middle, y, 130, bright, 0.5)
            c.disc(middle, y, 34, mix(bright, (255, 255, 255), 0.2))
        c.oval(middle - 10, y - 14, 9, 6, (255, 255, 255, 60))


def crossing(c: Canvas, light: Light, rng: random.Random, *, after: bool) -> None:
    """A crossing whose stripes have worn off; later fresh ones and a sign."""
    street(c, light, rng)
    x = rng.uniform(520, 680)
    zebra(c, light, rng, x, fresh=after)
    paint = rng.choice(CARS)
    if after:
        pole = x - 400
        c.line([(pole, KERB + 6), (pole, 380)], light.on((110, 118, 126)), 10)
        c.rect(pole - 62, 300, 124, 124, light.on((48, 104, 172)), 10)
        c.poly([(pole, 314), (pole + 50, 408), (pole - 50, 408)], light.on((250, 248, 240)))
        c.disc(pole + 2, 348, 8, light.on((40, 50, 60)))
        c.line([(pole, 360), (pole - 2, 380), (pole - 14, 402)], light.on((40, 50, 60)), 7)
        c.line([(pole - 2, 380), (pole + 14, 402)], light.on((40, 50, 60)), 7)
    else:
        car(c, x + 170, 800, 1.15, paint, light)
        for dy in (0, 22, 44):
            c.line([(x + 20 - dy, 700 + dy), (x + 146, 700 + dy)], (255, 255, 255, 120), 5)


def zebra(c: Canvas, light: Light, rng: random.Random, middle: float, *, fresh: bool) -> None:
    """Stripes across the road."""
    for i in range(7):
        left = middle - 330 + i * 100
        lower = 600 + (left - 600) * 1.16
        stripe = [(left, 684), (left + 56, 684), (lower + 66, 884), (lower, 884)]
        c.poly(stripe, faded(light.on((246, 242, 230)), 255 if fresh else 52))
        for _ in range(0 if fresh else 9):
            c.blob(
                left + rng.uniform(0, 60),
                rng.uniform(700, 872),
                rng.uniform(6, 22),
                rng.uniform(4, 9),
                faded(light.on((246, 242, 230)), 110),
                rng,
            )


def leak(c: Canvas, light: Light, rng: random.Random, *, after: bool) -> None:
    """Water that shoots from the road; later a dry patch."""
    street(c, light, rng)
    x, y = rng.uniform(480, 720), 780
    if after:
        fresh_patch(c, x, y + 10, 170, 44, light)
        return
    puddle(c, x, y + 34, 470, 74, light, rng)
    crack(c, x - 20, y + 6, -150, 8, light.on((60, 66, 74)), rng)
    crack(c, x + 20, y + 6, 140, -6, light.on((60, 66, 74)), rng)
    c.oval(x, y + 10, 60, 17, light.on((54, 60, 68)))
    water = mix(light.on((150, 204, 222)), (255, 255, 255), 0.35)
    height = rng.uniform(230, 380)
    for lean in (-130, -84, -40, 0, 44, 90, 136):
        top = y - height * (1 - abs(lean) / 420)
        c.curve(
            [(x, y + 10), (x + lean * 0.35, top), (x + lean, top - 6), (x + lean * 1.7, y + 24)],
            faded(water, 150),
            22,
        )
        c.curve(
            [(x, y + 10), (x + lean * 0.35, top), (x + lean, top - 6), (x + lean * 1.7, y + 24)],
            (255, 255, 255, 120),
            7,
        )
    for _ in range(46):
        c.disc(x + rng.gauss(0, 120), y - rng.uniform(0, height + 60), rng.uniform(2, 7), faded(water, 200))
    for side in (-1, 1):
        c.oval(x + side * 210, y + 34, 60, 11, (255, 255, 255, 90))
    barrier(c, 60 if x > 600 else 850, KERB + 50, 270, light)


def flood(c: Canvas, light: Light, rng: random.Random, *, after: bool) -> None:
    """A street under water; later the drain is free and the road dry."""
    street(c, light, rng)
    x = rng.uniform(440, 760)
    leaves = [(rng.uniform(40, 1160), rng.uniform(700, 880), rng.uniform(0, 3)) for _ in range(30)]
    if after:
        c.rect(x - 96, KERB + 14, 192, 62, light.on((58, 62, 70)), 8)
        for i in range(8):
            c.rect(x - 82 + i * 21, KERB + 22, 11, 46, light.on((24, 28, 36)), 4)
        c.rect(x - 96, KERB + 14, 192, 6, light.on((120, 124, 130)), 3)
        puddle(c, x + 250, 850, 90, 15, light, rng)
        return
    water = mix(light.on((112, 140, 138)), light.sky_bottom, 0.35)
    c.gradient(KERB - 10, HEIGHT, mix(water, light.sky_bottom, 0.3), mix(water, (40, 70, 80), 0.25))
    for left in range(-40, WIDTH, 210):
        tone = light.on(WALLS[(left // 210) % len(WALLS)])
        c.rect(
            left + rng.uniform(0, 40), KERB - 8, rng.uniform(90, 160), rng.uniform(60, 130), faded(tone, 70)
        )
    for _ in range(46):
        wx, wy = rng.uniform(-40, WIDTH), rng.uniform(KERB + 6, HEIGHT)
        c.line([(wx, wy), (wx + rng.uniform(30, 140), wy)], (255, 255, 255, 70), 3)
    for lx, ly, kind in leaves:
        c.oval(lx, ly, 11, 5, light.on(((206, 140, 62), (158, 112, 58), (124, 132, 66))[int(kind)]))
    for radius in (52, 92, 140):
        c.oval_ring(x, 790, radius * 1.7, radius * 0.42, (255, 255, 255, 90), 3)
    c.rect(x - 46, 690, 92, 104, light.on((198, 148, 92)), 6)
    c.rect(x - 46, 690, 92, 18, light.on((222, 176, 118)), 4)
    c.line([(x, 690), (x, 790)], light.on((170, 122, 74)), 5)
    c.rect(x - 50, 778, 100, 20, mix(water, (255, 255, 255), 0.2), 8)


def vehicle(c: Canvas, light: Light, rng: random.Random, *, after: bool) -> None:
    """A wreck with flat tyres and weeds; later an empty bay."""
    street(c, light, rng)
    x, paint = rng.uniform(260, 520), rng.choice(CARS[:5])
    for left in (x - 60, x + 520):
        c.poly([(left, 690), (left + 10, 690), (left - 24, 862), (left - 38, 862)], light.on((240, 236, 222)))
    if after:
        return
    car(c, x, 832, 1.25, mix(paint, (150, 128, 104), 0.45), light)
    for wheel in (86, 296):
        c.oval(x + wheel * 1.25, 826, 54, 14, light.on((40, 44, 50)))
    for dx, dy, rx in ((80, -60, 34), (190, -70, 26), (330, -80, 44), (430, -58, 30)):
        c.blob(x + dx, 832 + dy, rx, 15, light.on((168, 104, 62)), rng)
    crack(c, x + 180, 690, 40, 34, (255, 255, 255, 200), rng)
    for i in range(26):
        wx = x - 30 + i * 21
        c.line([(wx, 836), (wx + rng.uniform(-8, 8), 836 - rng.uniform(14, 44))], light.on((98, 142, 84)), 5)
