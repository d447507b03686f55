"""Scenes indoors: a public toilet and a tap."""

import random

from cps.demo.drawing.canvas import HEIGHT, WIDTH, Canvas, Colour, faded, mix
from cps.demo.drawing.light import Light
from cps.demo.drawing.things import crack

TILES: tuple[Colour, ...] = ((214, 232, 230), (240, 230, 214), (218, 226, 238), (226, 236, 218))


def toilet(c: Canvas, light: Light, rng: random.Random, *, after: bool) -> None:
    """A public toilet that is locked and dirty; later clean, with paper and a plant."""
    room(c, light, rng)
    door = light.on(rng.choice(((86, 132, 126), (172, 112, 84), (92, 116, 150))))
    c.rect(170, 190, 300, 560, mix(door, (255, 255, 255), 0.3), 8)
    c.rect(186, 206, 268, 540, door, 6)
    c.disc(424, 480, 13, light.on((232, 212, 150)))
    c.disc(320, 330, 50, light.on((250, 248, 240)))
    c.disc(320, 302, 10, door)
    c.shape(320, 330, 1, ((-16, -12), (16, -12), (24, 22), (-24, 22)), door)
    c.line([(308, 346), (308, 366)], door, 8)
    c.line([(332, 346), (332, 366)], door, 8)
    basin(c, 780, light, water=None)
    c.rect(690, 200, 240, 210, light.on((160, 200, 208)), 14)
    c.poly([(710, 390), (850, 216), (890, 216), (750, 390)], (255, 255, 255, 70))
    if after:
        c.disc(560, 520, 44, light.on((250, 248, 240)))
        c.disc(560, 520, 14, light.on((196, 176, 150)))
        c.rect(556, 520, 48, 76, light.on((250, 248, 240)), 3)
        c.rect(1020, 610, 80, 70, light.on((206, 120, 84)), 10)
        for dx, dy in ((-30, -60), (0, -90), (34, -64), (-12, -40), (20, -36)):
            c.oval(1060 + dx, 610 + dy * 0.7, 20, 36, light.on((94, 150, 104)))
        return
    for x, y in ((200, 380), (200, 560)):
        c.poly([(x, y), (x + 240, y - 130), (x + 240, y - 96), (x, y + 34)], light.on((240, 196, 64)))
    puddle_tone = faded(light.on((150, 170, 150)), 150)
    c.blob(620, 820, 220, 34, puddle_tone, rng)
    for _ in range(9):
        c.shape(
            rng.uniform(420, 1120),
            rng.uniform(770, 880),
            rng.uniform(0.7, 1.4),
            ((-24, 4), (-6, -12), (22, -4), (12, 12)),
            light.on((250, 248, 240)),
        )
    crack(c, 740, 240, 120, 120, (255, 255, 255, 220), rng)


def tap(c: Canvas, light: Light, rng: random.Random, *, after: bool) -> None:
    """Brown water from the tap and in a glass; later clear."""
    room(c, light, rng)
    water = light.on((150, 214, 232)) if after else light.on((170, 116, 58))
    x = rng.uniform(380, 520)
    c.rect(x - 130, 120, 260, 240, light.on((250, 246, 236)), 8)
    c.gradient_box(x - 112, 138, 224, 204, light.sky_top, light.sky_bottom)
    c.line([(x, 138), (x, 342)], light.on((250, 246, 236)), 8)
    basin(c, x, light, water)
    glass = x + 340
    c.rect(glass - 190, 640, 420, 28, light.on((188, 140, 96)), 6)
    c.rect(glass - 170, 666, 380, 90, light.on((168, 122, 82)), 4)
    c.shape(glass, 640, 1, ((-62, -210), (62, -210), (48, 0), (-48, 0)), (255, 255, 255, 110))
    c.shape(glass, 640, 1, ((-58, -160), (58, -160), (46, -6), (-46, -6)), faded(water, 225))
    c.oval(glass, 480, 58, 12, mix(water, (255, 255, 255), 0.3))
    c.line([(glass - 40, 620), (glass - 48, 450)], (255, 255, 255, 150), 7)
    if not after:
        for _ in range(26):
            c.disc(
                glass + rng.uniform(-40, 40),
                rng.uniform(500, 630),
                rng.uniform(2, 5),
                light.on((116, 74, 40)),
            )
    else:
        c.disc(glass + 130, 600, 42, light.on((240, 190, 80)))
        c.oval(glass + 130, 556, 20, 9, light.on((110, 160, 92)))


def room(c: Canvas, light: Light, rng: random.Random) -> None:
    """A tiled wall and floor."""
    tone = light.on(rng.choice(TILES))
    c.rect(0, 0, WIDTH, 750, mix(tone, (255, 255, 255), 0.5))
    for row in range(10):
        for column in range(-1, 13):
            shade = mix(tone, (255, 255, 255), rng.uniform(0, 0.3))
            c.rect(column * 100 + 50 * (row % 2), row * 75 + 3, 95, 70, shade, 6)
    c.gradient(750, HEIGHT, light.on((172, 180, 180)), light.on((196, 202, 200)))
    for x in range(-500, WIDTH + 600, 140):
        c.line([(600 + (x - 600) * 0.8, 752), (600 + (x - 600) * 1.25, HEIGHT)], light.on((152, 160, 162)), 3)
    c.line([(0, 820), (WIDTH, 820)], light.on((152, 160, 162)), 3)
    c.rect(0, 738, WIDTH, 16, light.on((120, 132, 136)))


def basin(c: Canvas, x: float, light: Light, water: Colour | None) -> None:
    """A wash basin with a tap; `water` runs in that colour."""
    white, steel = light.on((252, 252, 248)), light.on((150, 164, 172))
    c.line([(x, 560), (x, 490)], steel, 22)
    c.curve([(x, 492), (x, 430), (x + 74, 430), (x + 74, 486)], steel, 20)
    c.rect(x - 46, 470, 92, 16, steel, 8)
    if water:
        c.rect(x + 66, 490, 17, 120, faded(water, 220), 8)
    c.shape(x, 560, 1, ((-170, 0), (170, 0), (120, 130), (-120, 130)), white)
    c.oval(x, 566, 176, 26, white)
    c.oval(x, 570, 150, 17, water or light.on((206, 218, 220)))
    c.rect(x - 50, 686, 100, 66, mix(white, (120, 130, 140), 0.14), 10)
