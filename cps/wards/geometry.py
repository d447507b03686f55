"""Areas on the map in plain Python: point in area, distances, nearest area, simpler outlines, grid cells.

Positions are degrees of WGS 84; rings hold (longitude, latitude) as GeoJSON does (RFC 7946). Distances are
metres on a sphere, or on a plane laid through the point asked for, which is right to a few in a thousand
within a city. Areas across the 180th meridian are not supported.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import pairwise

Point = tuple[float, float]
Ring = tuple[Point, ...]
Box = tuple[float, float, float, float]

EARTH_RADIUS_M = 6_371_008.8  # mean radius R1 of the GRS 80 ellipsoid
_METRES_A_DEGREE = math.pi * EARTH_RADIUS_M / 180
_MERCATOR_LIMIT = 85.051129
_TIE_M = 0.01


@dataclass(frozen=True)
class Polygon:
    """One outline with its holes; rings are closed, the last point being the first."""

    outer: Ring
    holes: tuple[Ring, ...] = ()

    @property
    def rings(self) -> tuple[Ring, ...]:
        """The outline and the holes."""
        return (self.outer, *self.holes)


@dataclass(frozen=True)
class Area:
    """One or more polygons that belong to one ward."""

    polygons: tuple[Polygon, ...]

    @cached_property
    def bbox(self) -> Box:
        """West, south, east and north in degrees."""
        points = [point for polygon in self.polygons for point in polygon.outer]
        lons, lats = [x for x, _ in points], [y for _, y in points]
        return min(lons), min(lats), max(lons), max(lats)


class PlaceKind(StrEnum):
    """How a position lies to the areas."""

    INSIDE = "inside"
    NEAR_BORDER = "near border"
    OUTSIDE = "outside"


@dataclass(frozen=True)
class Place:
    """Where a position is.

    ``code`` is the area it is in or nearest to, None only where there are no areas; ``distance_m`` is 0 in an
    area, else the metres to it. ``others`` are the further areas within reach, the nearest first: where
    there are any, or the position is in no area but near one, the kind is NEAR_BORDER and people may choose.
    """

    kind: PlaceKind
    code: str | None
    distance_m: float
    others: tuple[str, ...] = ()


def contains(area: Area, lat: float, lon: float) -> bool:
    """Say whether a position is in the area; its borders, those of holes too, belong to it."""
    west, south, east, north = area.bbox
    if not (west <= lon <= east and south <= lat <= north):
        return False
    return any(_in_polygon(polygon, lon, lat) for polygon in area.polygons)


def distance_m(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Return the great-circle distance in metres, by the haversine formula."""
    a1, a2 = math.radians(lat1), math.radians(lat2)
    half = math.sin((a2 - a1) / 2) ** 2
    half += math.cos(a1) * math.cos(a2) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(half)))


def distance_to_border_m(area: Area, lat: float, lon: float) -> float:
    """Return 0 in the area, else the metres to the nearest point of its borders."""
    return 0.0 if contains(area, lat, lon) else distance_between_m(area, lat, lon)


def distance_between_m(area: Area, lat: float, lon: float) -> float:
    """Return the metres between a position and the nearest point of the area's borders, in it or not."""
    flat = _Flat(lat, lon)
    edges = (edge for polygon in area.polygons for ring in polygon.rings for edge in _edges(ring))
    return min(flat.to_edge(a, b) for a, b in edges)


def inner_point(area: Area) -> tuple[float, float]:
    """Return latitude and longitude well inside the largest polygon: the middle of a wide stretch in it."""
    polygon = max(area.polygons, key=lambda polygon: abs(signed_size(polygon.outer)))
    _west, south, _east, north = Area((polygon,)).bbox
    lats = [south + (north - south) * share for share in (0.5, 0.4, 0.6, 0.3, 0.7)]
    width, lat, lon = max(_widest_stretch(polygon, lat) for lat in lats)
    return (lat, lon) if width > 0 else (polygon.outer[0][1], polygon.outer[0][0])


def _widest_stretch(polygon: Polygon, lat: float) -> tuple[float, float, float]:
    """Return width, latitude and middle of the widest stretch of a parallel in the polygon."""
    crossed = sorted(
        a[0] + (b[0] - a[0]) * (lat - a[1]) / (b[1] - a[1])
        for ring in polygon.rings
        for a, b in _edges(ring)
        if (a[1] > lat) is not (b[1] > lat)
    )
    stretches = zip(crossed[::2], crossed[1::2], strict=False)
    return max(((east - west, lat, (west + east) / 2) for west, east in stretches), default=(0.0, lat, 0.0))


def nearest(areas: Mapping[str, Area], lat: float, lon: float) -> tuple[str, float] | None:
    """Return the nearest area's code and its distance in metres; of equally near ones the smallest code."""
    flat = _Flat(lat, lon)
    best: tuple[str, float] | None = None
    for least, code in sorted((flat.to_box(area.bbox), code) for code, area in areas.items()):
        if best and least > best[1] + _TIE_M:
            break
        distance = distance_to_border_m(areas[code], lat, lon)
        tie = best is not None and abs(distance - best[1]) <= _TIE_M
        if best is None or (code < best[0] if tie else distance < best[1]):
            best = code, distance
    return best


def locate(areas: Mapping[str, Area], lat: float, lon: float, near_m: float = 150) -> Place:
    """Return the area that a position is in, or the nearest within ``near_m``, or OUTSIDE.

    In the overlap of two areas, and on a border, the smallest code wins: the answer never depends on order.
    """
    flat = _Flat(lat, lon)
    within = [code for code, area in areas.items() if flat.to_box(area.bbox) <= near_m]
    ranked = sorted((round(distance_to_border_m(areas[code], lat, lon), 2), code) for code in within)
    reached = [(distance, code) for distance, code in ranked if distance <= near_m]
    if not reached:
        found = nearest(areas, lat, lon)
        code, distance = found or (None, math.inf)
        return Place(PlaceKind.OUTSIDE, code, distance)
    distance, code = reached[0]
    others = tuple(other for _, other in reached[1:])
    alone = distance == 0 and not others
    return Place(PlaceKind.INSIDE if alone else PlaceKind.NEAR_BORDER, code, distance, others)


def simplify(area: Area, tolerance_m: float) -> Area:
    """Return the area with fewer points; those left out lie within the tolerance of the new outline.

    For drawing only: neighbours are simplified apart, so their common border may part a little. Holes and
    small polygons that shrink to nothing are left out, the largest polygon never. The method is that of Ramer
    (1972) and of Douglas and Peucker (1973).
    """
    polygons = []
    for polygon in area.polygons:
        outer = _simple_ring(polygon.outer, tolerance_m)
        if outer:
            holes = (_simple_ring(hole, tolerance_m) for hole in polygon.holes)
            polygons.append(Polygon(outer, tuple(hole for hole in holes if hole)))
    largest = max(area.polygons, key=lambda polygon: abs(signed_size(polygon.outer)))
    return Area(tuple(polygons) or (Polygon(largest.outer),))


def grid_cell(lat: float, lon: float, zoom: int) -> tuple[int, int]:
    """Return column and row, from the north west, of the Web Mercator tile that a position falls in.

    Positions beyond 85.05 degrees, where that map ends, fall in its first or last row.
    """
    count = 1 << zoom
    angle = math.radians(max(-_MERCATOR_LIMIT, min(_MERCATOR_LIMIT, lat)))
    column = math.floor((lon + 180) / 360 * count)
    row = math.floor((1 - math.asinh(math.tan(angle)) / math.pi) / 2 * count)
    return max(0, min(count - 1, column)), max(0, min(count - 1, row))


class _Flat:
    """A plane in metres through one position, with that position as its origin."""

    def __init__(self, lat: float, lon: float) -> None:
        self.lat, self.lon = lat, lon
        self.wide = _METRES_A_DEGREE * math.cos(math.radians(lat))

    def to_edge(self, a: Point, b: Point) -> float:
        ax, ay = (a[0] - self.lon) * self.wide, (a[1] - self.lat) * _METRES_A_DEGREE
        bx, by = (b[0] - self.lon) * self.wide, (b[1] - self.lat) * _METRES_A_DEGREE
        dx, dy = bx - ax, by - ay
        length = dx * dx + dy * dy
        along = max(0.0, min(1.0, -(ax * dx + ay * dy) / length)) if length else 0.0
        return math.hypot(ax + along * dx, ay + along * dy)

    def to_box(self, box: Box) -> float:
        west, south, east, north = box
        dx = max(west - self.lon, 0.0, self.lon - east) * self.wide
        dy = max(south - self.lat, 0.0, self.lat - north) * _METRES_A_DEGREE
        return math.hypot(dx, dy)


def _edges(ring: Ring) -> Iterator[tuple[Point, Point]]:
    return pairwise(ring)


def _in_polygon(polygon: Polygon, x: float, y: float) -> bool:
    sides = [_side(ring, x, y) for ring in polygon.rings]
    if 0 in sides:
        return True
    return sides[0] > 0 and not any(side > 0 for side in sides[1:])


def _side(ring: Ring, x: float, y: float) -> int:
    """Return 1 in the ring, -1 out of it, 0 on it; a ray runs to the east and counts the edges it crosses."""
    inside = False
    ax, ay = ring[-1]
    for bx, by in ring:
        if by == y and (bx == x or (ay == y and (ax < x) is not (bx < x))):
            return 0
        if (ay > y) is not (by > y):
            turn = (bx - ax) * (y - ay) - (x - ax) * (by - ay)
            if turn == 0:
                return 0
            if (turn > 0) is (by > ay):
                inside = not inside
        ax, ay = bx, by
    return 1 if inside else -1


def _simple_ring(ring: Ring, tolerance_m: float) -> Ring | None:
    """Return the ring with fewer points, or None where fewer than three would be left."""
    first = ring[0]
    far = max(range(len(ring)), key=lambda i: math.dist(first, ring[i]))
    kept = {0, far, len(ring) - 1}
    spans = [(0, far), (far, len(ring) - 1)]
    while spans:
        start, end = spans.pop()
        worst, where = _farthest(ring, start, end)
        if worst > tolerance_m:
            kept.add(where)
            spans += [(start, where), (where, end)]
    return tuple(ring[i] for i in sorted(kept)) if len(kept) >= 4 else None


def _farthest(ring: Ring, start: int, end: int) -> tuple[float, int]:
    """Return the greatest distance in metres of a point between two others from the line that joins them."""
    a, b = ring[start], ring[end]
    return max(
        ((_Flat(ring[i][1], ring[i][0]).to_edge(a, b), i) for i in range(start + 1, end)), default=(0.0, 0)
    )


def signed_size(ring: Ring) -> float:
    """Return the size of a ring in square degrees, above zero where it runs counter-clockwise."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in _edges(ring)) / 2
