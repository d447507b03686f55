"""Photographs for the demo city, drawn: nobody's house, face or number plate is in them."""

import random
from collections.abc import Mapping
from typing import Final, Protocol

from cps.demo.drawing import buildings, creatures, pavements, places, roads, rooms, rubbish
from cps.demo.drawing.canvas import Canvas, Point
from cps.demo.drawing.light import NIGHT, Light, any_daytime


class Scene(Protocol):
    """Draws a fault or, `after`, the same place without it; equal generators give the same place."""

    def __call__(self, c: Canvas, light: Light, rng: random.Random, *, after: bool) -> None:
        """Draw into the canvas."""


LOW: Final[Point] = (0.5, 0.92)
MIDDLE: Final[Point] = (0.5, 0.6)
HIGH: Final[Point] = (0.4, 0.3)

SCENES: Final[Mapping[str, tuple[Scene, Point]]] = {
    "animal": (creatures.animal, LOW),
    "bench": (places.bench, LOW),
    "bins": (rubbish.bins, LOW),
    "bus-stop": (pavements.bus_stop, MIDDLE),
    "construction": (buildings.construction, HIGH),
    "crossing": (roads.crossing, LOW),
    "dumping": (rubbish.dumping, LOW),
    "flood": (roads.flood, LOW),
    "graffiti": (rubbish.graffiti, MIDDLE),
    "lamp": (pavements.lamp, MIDDLE),
    "leak": (roads.leak, LOW),
    "litter": (rubbish.litter, LOW),
    "market": (buildings.market, MIDDLE),
    "office": (buildings.office, HIGH),
    "parking": (pavements.parking, MIDDLE),
    "pests": (creatures.pests, LOW),
    "playground": (places.playground, MIDDLE),
    "pothole": (roads.pothole, LOW),
    "ramp": (buildings.ramp, MIDDLE),
    "seafront": (places.seafront, MIDDLE),
    "sidewalk": (pavements.sidewalk, LOW),
    "signal": (roads.signal, HIGH),
    "tap": (rooms.tap, MIDDLE),
    "toilet": (rooms.toilet, MIDDLE),
    "tree": (pavements.tree_fall, (0.1, 0.92)),
    "vehicle": (roads.vehicle, LOW),
    "wall": (buildings.wall, MIDDLE),
}
"""Each scene and the part of it that stays in view when one comes closer."""


def draw_photo(kind: str, seed: int, size: tuple[int, int] = (1200, 900), *, after: bool = False) -> bytes:
    """A JPEG of a scene; the same kind and seed give the same place, `after` shows it mended.

    Raises KeyError for a kind that is not in SCENES.
    """
    scene, focus = SCENES[kind]
    rng = random.Random(f"{kind} {seed}")  # noqa: S311 - a drawing, not a secret
    light = NIGHT if kind == "lamp" else any_daytime(rng)
    canvas = Canvas(size, zoom=rng.uniform(1.0, 1.3), focus=focus)
    mirrored = rng.random() < 0.5
    scene(canvas, light, rng, after=after)
    return canvas.jpeg(mirrored=mirrored)
