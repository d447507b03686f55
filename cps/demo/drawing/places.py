"""Scenes in parks and on the shore; each broken or, `after`, mended."""

import random

from cps.demo.drawing.backdrop import sea, sky
from cps.demo.drawing.canvas import HEIGHT, WIDTH, Canvas, mix
from cps.demo.drawing.light import Light
from cps.demo.drawing.settings import park
from cps.demo.drawing.things import barrier, cone, shadow


def playground(c: Canvas, light: Light, rng: random.Random, *, after: bool) -> None:
    """A swing with a broken chain beside a slide; later both seats hang."""
    park(c, light, rng)
    c.oval(590, 800, 520, 84, light.on((230, 206, 160)))
    c.oval(590, 794, 490, 70, light.on((240, 218, 176)))
    x, red = rng.uniform(230, 300), light.on(rng.choice(((206, 84, 70), (62, 120, 150), (226, 164, 64))))
    for foot in (x, x + 470):
        c.line([(foot - 66, 812), (foot, 400)], red, 16)
        c.line([(foot + 66, 812), (foot, 400)], red, 16)
    c.line([(x - 14, 402), (x + 484, 402)], red, 18)
    for i, seat in enumerate((x + 140, x + 330)):
        chain = light.on((110, 118, 126))
        is_broken = i == 1 and not after
        c.line([(seat - 36, 410), (seat - 36, 690)], chain, 5)
        c.line([(seat + 36, 410), (seat + 36, 520 if is_broken else 690)], chain, 5)
        shadow(c, seat, 806, 60, 9)
        if is_broken:
            c.shape(seat - 36, 690, 1, ((-14, -4), (6, -8), (22, 96), (2, 100)), light.on((64, 76, 88)))
            c.line([(seat + 36, 520), (seat + 46, 546), (seat + 38, 566)], chain, 5)
        else:
            c.rect(seat - 50, 684, 100, 16, light.on((64, 76, 88)), 8)
    _slide(c, x + 620, light)
    if not after:
        cone(c, x + 420, 850, 1.0, light)


def _slide(c: Canvas, x: float, light: Light) -> None:
    blue, yellow = light.on((74, 138, 164)), light.on((240, 190, 80))
    for rail in (x - 16, x + 46):
        c.line([(rail, 806), (rail + 20, 480)], blue, 12)
    for step in range(5):
        c.line([(x - 12 + step * 4, 770 - step * 60), (x + 50 + step * 4, 770 - step * 60)], blue, 8)
    c.curve([(x + 50, 520), (x + 150, 590), (x + 170, 760), (x + 290, 780)], yellow, 40)
    c.curve(
        [(x + 50, 504), (x + 154, 572), (x + 176, 742), (x + 292, 762)], mix(yellow, (255, 255, 255), 0.4), 8
    )
    c.poly([(x - 30, 486), (x + 32, 420), (x + 96, 486)], light.on((206, 84, 70)))


def bench(c: Canvas, light: Light, rng: random.Random, *, after: bool) -> None:
    """A bench without slats; later whole again."""
    park(c, light, rng)
    x, wood, iron = rng.uniform(300, 420), light.on((178, 122, 78)), light.on((62, 74, 80))
    shadow(c, x + 260, 800, 330, 22)
    for leg in (x + 30, x + 490):
        c.line([(leg, 796), (leg + 6, 690), (leg + 6, 520)], iron, 15)
        c.line([(leg + 50, 796), (leg + 46, 690)], iron, 15)
        c.line([(leg - 4, 692), (leg + 62, 692)], iron, 13)
        c.curve([(leg + 4, 620), (leg + 50, 596), (leg + 76, 620), (leg + 58, 690)], iron, 10)
    missing = set() if after else {1, 4, 5}
    for i, y in enumerate((524, 566, 608, 664, 686, 708)):
        tone = mix(wood, (255, 236, 200), 0.1 * (i % 3))
        if i not in missing:
            c.rect(x - (10 if i > 2 else 0), y, 520 + (20 if i > 2 else 0), 27 if i < 3 else 17, tone, 6)
    if not after:
        c.poly([(x, 566), (x + 150, 566), (x + 130, 580), (x + 156, 593), (x, 593)], wood)
        c.shape(
            x + 300, 812, 1, ((-150, -6), (120, -26), (124, -12), (-146, 12)), mix(wood, (60, 40, 30), 0.2)
        )
        c.shape(x + 120, 838, 1, ((-60, 0), (90, 10), (84, 24), (-58, 14)), wood)


def seafront(c: Canvas, light: Light, rng: random.Random, *, after: bool) -> None:
    """A pier whose railing has a gap and whose lifebuoy is gone; later both are there."""
    sky(c, light, rng, 430)
    sea(c, light, rng)
    x = rng.uniform(560, 690)
    c.shape(
        rng.uniform(60, 180),
        436,
        1,
        ((0, 0), (24, -150), (50, -150), (74, 0)),
        light.far((246, 242, 232), 0.1),
    )
    wood = light.on((196, 160, 118))
    c.gradient(650, HEIGHT, wood, mix(wood, (255, 240, 210), 0.2))
    for y, width in ((650, 5), (686, 3), (734, 4), (800, 5)):
        c.line([(0, y), (WIDTH, y)], light.on((150, 116, 82)), width)
    for i in range(13):
        c.line(
            [(i * 120 - 120 + 60 * (i % 2), 652), (i * 132 - 190 + 60 * (i % 2), HEIGHT)],
            light.on((158, 124, 90)),
            3,
        )
    white = light.on((250, 248, 240))
    posts = range(-20, WIDTH + 100, 180)
    gap = 2 + rng.randrange(2)
    for i, post in enumerate(posts):
        c.rect(post - 9, 470, 18, 196, white, 6)
        c.disc(post, 466, 14, white)
        for rail in (500, 560, 620):
            if i == gap and not after:
                c.line([(post + 6, rail), (post + 50, rail + 24)], white, 9)
            else:
                c.line([(post, rail), (post + 180, rail)], white, 10)
    _lifebuoy(c, x + 270, light, is_there=after)
    if not after:
        barrier(c, posts[gap] - 60, 760, 300, light)


def _lifebuoy(c: Canvas, x: float, light: Light, *, is_there: bool) -> None:
    c.rect(x - 9, 380, 18, 380, light.on((92, 106, 116)), 6)
    c.rect(x - 82, 396, 164, 176, light.on((44, 104, 150)), 14)
    c.rect(x - 70, 408, 140, 152, light.on((238, 242, 240)), 10)
    if not is_there:
        c.line([(x, 440), (x, 470), (x + 14, 480)], light.on((110, 118, 126)), 8)
        return
    c.ring(x, 484, 66, light.on((226, 92, 56)), 30)
    for dx, dy in ((-51, 0), (51, 0), (0, -51), (0, 51)):
        c.oval(x + dx, 484 + dy, 14 if dx else 12, 12 if dx else 14, light.on((250, 248, 240)))
