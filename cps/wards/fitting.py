"""How well outlines fit together: overlaps, gaps, wards inside others; for whoever brings them in.

Borders are looked at in the middle of each stretch, a little to its inside and to its outside. That finds
what simplified outlines do to shared borders; it is no proof that there is nothing else.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from cps.wards.geometry import Area, Point, Ring, contains, distance_between_m, inner_point, signed_size

TOLERANCE_M = 2.0
WIDEST_GAP_M = 50.0
STRETCH_M = 200.0
_STEPS = 12
_METRES_A_DEGREE = 111_195.0


class Kind(StrEnum):
    """What is wrong between two wards."""

    OVERLAP = "overlap"
    GAP = "gap"


@dataclass(frozen=True, slots=True)
class Misfit:
    """Two wards that do not meet; `metres` is how deep they overlap or how wide the gap is, at most."""

    kind: Kind
    one: str
    other: str
    metres: float


def misfits(areas: Mapping[str, Area]) -> list[Misfit]:
    """Return the pairs that overlap or leave a gap, the worst of each kind first."""
    index = Index(areas)
    worst: dict[tuple[Kind, str, str], float] = {}
    for code, area in areas.items():
        for look in _looks(area):
            for kind, other, metres in _seen(index, areas, code, look):
                key = (kind, min(code, other), max(code, other))
                worst[key] = max(worst.get(key, 0.0), metres)
    found = [Misfit(kind, one, other, metres) for (kind, one, other), metres in worst.items()]
    return sorted(found, key=lambda misfit: (misfit.kind, -misfit.metres, misfit.one, misfit.other))


def nested(inner: Mapping[str, Area], outer: Mapping[str, Area]) -> list[tuple[str, str]]:
    """Return (code, code) of areas whose middle lies in another one of the second mapping."""
    index = Index(outer)
    found = []
    for code, area in inner.items():
        lat, lon = inner_point(area)
        found += [(code, other) for other in index.at(lat, lon) if other != code]
    return found


class Index:
    """Finds the areas of a position without looking at all of them."""

    def __init__(self, areas: Mapping[str, Area]) -> None:
        self.areas = areas
        widths = sorted(area.bbox[2] - area.bbox[0] for area in areas.values())
        self.size = max(widths[len(widths) // 2], 1e-4) if widths else 1.0
        self._cells: dict[tuple[int, int], list[str]] = {}
        for code, area in areas.items():
            for cell in self._covered(area):
                self._cells.setdefault(cell, []).append(code)

    def at(self, lat: float, lon: float) -> list[str]:
        """Return the codes of the areas that a position is in."""
        cell = math.floor(lon / self.size), math.floor(lat / self.size)
        return [code for code in self._cells.get(cell, []) if contains(self.areas[code], lat, lon)]

    def _covered(self, area: Area) -> Iterator[tuple[int, int]]:
        west, south, east, north = (math.floor(value / self.size) for value in area.bbox)
        return ((x, y) for x in range(west, east + 1) for y in range(south, north + 1))


@dataclass(frozen=True, slots=True)
class _Look:
    """A point of a border, and the way out of the area, in degrees for one metre."""

    lat: float
    lon: float
    out_lat: float
    out_lon: float

    def at(self, metres: float) -> tuple[float, float]:
        """Return the position so far outside; inside where it is negative."""
        return self.lat + self.out_lat * metres, self.lon + self.out_lon * metres


def _looks(area: Area) -> Iterator[_Look]:
    for polygon in area.polygons:
        yield from _looks_of(polygon.outer, is_hole=False)
        for hole in polygon.holes:
            yield from _looks_of(hole, is_hole=True)


def _looks_of(ring: Ring, *, is_hole: bool) -> Iterator[_Look]:
    turn = 1 if (signed_size(ring) > 0) is not is_hole else -1  # counter-clockwise: outside is to the right
    for a, b in pairwise(ring):
        yield from _along(a, b, turn)


def _along(a: Point, b: Point, turn: int) -> Iterator[_Look]:
    wide = _METRES_A_DEGREE * math.cos(math.radians(a[1]))
    dx, dy = (b[0] - a[0]) * wide, (b[1] - a[1]) * _METRES_A_DEGREE
    length = math.hypot(dx, dy)
    if length < TOLERANCE_M:
        return
    number = max(1, round(length / STRETCH_M))
    for place in range(number):
        share = (place + 0.5) / number
        yield _Look(
            a[1] + (b[1] - a[1]) * share,
            a[0] + (b[0] - a[0]) * share,
            -turn * dx / length / _METRES_A_DEGREE,
            turn * dy / length / wide,
        )


def _seen(
    index: Index, areas: Mapping[str, Area], code: str, look: _Look
) -> Iterator[tuple[Kind, str, float]]:
    for other in index.at(*look.at(-TOLERANCE_M)):
        if other != code:
            depth = distance_between_m(areas[other], look.lat, look.lon)
            if depth > TOLERANCE_M:
                yield Kind.OVERLAP, other, depth
    if index.at(*look.at(TOLERANCE_M)):
        return
    for step in range(1, _STEPS + 1):
        metres = WIDEST_GAP_M * step / _STEPS
        beyond = [other for other in index.at(*look.at(metres)) if other != code]
        if beyond:
            yield Kind.GAP, beyond[0], metres
            return
