"""From a GeoJSON geometry (RFC 7946) to an area, with a reason that helps where it is none."""

import math
from collections.abc import Mapping
from enum import StrEnum
from itertools import pairwise
from typing import Any

from cps.wards.geometry import Area, Point, Polygon, Ring


class Problem(StrEnum):
    """What is wrong with a geometry, in a sentence."""

    NO_AREA = "It has no Polygon or MultiPolygon."
    BAD_COORDINATES = "A coordinate is not a pair of numbers."
    NOT_FINITE = "A coordinate is not a finite number."
    PROJECTED = "The coordinates look projected. Export the file again as WGS 84 (EPSG:4326)."
    SWAPPED = "A latitude is beyond 90 degrees. Latitude and longitude seem to be swapped."
    TOO_FEW_POINTS = "A ring has fewer than three different points."
    CROSSES_ITSELF = "An outline crosses itself. It is taken all the same; look at it on the map."


class BadOutline(ValueError):
    """The geometry is no area; ``problem`` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.value)
        self.problem = problem


def read_area(geometry: object) -> Area:
    """Return the area of a Polygon or MultiPolygon; raises BadOutline.

    Heights are dropped, open rings are closed, points that repeat are taken once. Degrees beyond 180 are
    called PROJECTED (the file is in metres of some map), a latitude beyond 90 SWAPPED.
    """
    if not isinstance(geometry, Mapping) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        raise BadOutline(Problem.NO_AREA)
    coordinates = geometry.get("coordinates")
    polygons = [coordinates] if geometry["type"] == "Polygon" else coordinates
    return Area(tuple(_polygon(polygon) for polygon in _filled(polygons)))


def crosses_itself(area: Area) -> bool:
    """Say whether a ring of the area crosses itself; rings that only touch themselves are let pass."""
    return any(_ring_crosses(ring) for polygon in area.polygons for ring in polygon.rings)


def _polygon(rings: object) -> Polygon:
    outer, *holes = (_ring(ring) for ring in _filled(rings))
    return Polygon(outer, tuple(holes))


def _filled(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise BadOutline(Problem.BAD_COORDINATES)
    if not value:
        raise BadOutline(Problem.NO_AREA)
    return value


def _ring(positions: object) -> Ring:
    points: list[Point] = []
    for point in map(_point, _filled(positions)):
        if not points or point != points[-1]:
            points.append(point)
    if len(points) > 1 and points[0] == points[-1]:
        points.pop()
    if len(set(points)) < 3:
        raise BadOutline(Problem.TOO_FEW_POINTS)
    return (*points, points[0])


def _point(position: object) -> Point:
    if not isinstance(position, list) or len(position) < 2:
        raise BadOutline(Problem.BAD_COORDINATES)
    lon, lat = position[:2]
    if any(isinstance(value, bool) or not isinstance(value, int | float) for value in (lon, lat)):
        raise BadOutline(Problem.BAD_COORDINATES)
    if not math.isfinite(_float(lon)) or not math.isfinite(_float(lat)):
        raise BadOutline(Problem.NOT_FINITE)
    if abs(lon) > 180 or abs(lat) > 180:
        raise BadOutline(Problem.PROJECTED)
    if abs(lat) > 90:
        raise BadOutline(Problem.SWAPPED)
    return float(lon), float(lat)


def _float(value: float) -> float:
    try:
        return float(value)
    except OverflowError:  # JSON may hold a whole number of any length
        return math.inf


def _ring_crosses(ring: Ring) -> bool:
    """Walk the edges from west to east and compare each with those that it still overlaps."""
    edges = sorted((a, b) if a <= b else (b, a) for a, b in pairwise(ring))
    overlapping: list[tuple[Point, Point]] = []
    for edge in edges:
        overlapping = [other for other in overlapping if other[1][0] >= edge[0][0]]
        if any(_cross(edge, other) for other in overlapping):
            return True
        overlapping.append(edge)
    return False


def _cross(edge: tuple[Point, Point], other: tuple[Point, Point]) -> bool:
    """Say whether two edges cross in a point inside both."""
    (a, b), (c, d) = edge, other
    if max(c[1], d[1]) < min(a[1], b[1]) or max(a[1], b[1]) < min(c[1], d[1]):
        return False
    return _turn(a, b, c) * _turn(a, b, d) < 0 and _turn(c, d, a) * _turn(c, d, b) < 0


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
