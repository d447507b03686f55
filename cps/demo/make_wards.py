"""Draw the twelve wards of the demo city: `python -m cps.demo.make_wards` writes `content/wards.geojson`.

A ward is a ring of named borders. A border is roughened once and shared by the wards on both sides, so
neighbours meet exactly and never overlap. Distances are kilometres from the city's centre.
"""

import json
import math
import random
from itertools import pairwise
from pathlib import Path
from typing import Final

Point = tuple[float, float]

CENTRE: Final = (36.0, 129.5)
KM_PER_DEGREE: Final = 111.32
TARGET: Final = Path(__file__).parent / "content" / "wards.geojson"

CORNERS: Final[dict[str, Point]] = {
    # the northern edge of the city, west to east; a3 lies on the coast
    "a0": (-6.1, 4.1), "a1": (-2.5, 5.1), "a2": (1.0, 4.6), "a3": (4.1, 5.0),
    # between the outer and the inner north; b5 lies on the coast
    "b0": (-6.9, 2.5), "b1": (-3.1, 2.1), "b2": (-1.6, 2.45),
    "b3": (0.3, 2.0), "b4": (1.4, 2.35), "b5": (3.3, 2.2),
    # the river, from the hills to r4, where it widens to the banks e0 (north) and e1 (south) of its mouth
    "r0": (-7.2, 0.3), "r1": (-3.9, 0.75), "r2": (-2.8, 0.35),
    "r3": (-0.3, 0.55), "r4": (0.5, 0.15), "e0": (2.45, 0.62), "e1": (2.3, 0.12),
    # between the inner and the outer south; c5 lies in the bay
    "c0": (-6.6, -2.1), "c1": (-3.3, -1.7), "c2": (-2.1, -2.1),
    "c3": (0.1, -1.6), "c4": (1.0, -2.1), "c5": (2.6, -1.9),
    # the southern edge; d3 lies on the coast behind the cape
    "d0": (-5.7, -4.5), "d1": (-1.9, -5.2), "d2": (1.3, -4.7), "d3": (3.0, -5.1),
}  # fmt: skip

COAST: Final[dict[str, tuple[Point, ...]]] = {
    "a3-b5": ((4.4, 4.3), (4.1, 3.7), (4.25, 3.1), (3.7, 2.6)),
    "b5-e0": ((3.35, 1.7), (2.9, 1.3), (3.05, 0.95), (2.8, 0.7)),
    "e1-c5": ((2.5, 0.0), (2.15, -0.15), (1.95, -0.6), (1.9, -1.1), (2.15, -1.55)),
    "c5-d3": ((3.3, -1.95), (4.1, -1.7), (4.9, -1.95),
              (5.5, -2.5), (5.35, -3.0), (4.6, -3.3), (3.9, -3.7), (3.6, -4.4)),
}  # fmt: skip

ROUGHNESS: Final = {"r": 0.16, "other": 0.09}

WARDS: Final[tuple[tuple[str, str, str, str], ...]] = (
    ("northgate", "Northgate", "노스게이트구", "a0 a1 b2 b1 b0"),
    ("college-park", "College Park", "칼리지파크구", "a1 a2 b4 b3 b2"),
    ("saltmarsh", "Saltmarsh", "솔트마시구", "a2 a3 b5 b4"),
    ("orchard", "Orchard", "오차드구", "b0 b1 r2 r1 r0"),
    ("riverside", "Riverside", "리버사이드구", "b1 b2 b3 r3 r2"),
    ("old-quay", "Old Quay", "올드키구", "b3 b4 b5 e0 r4 r3"),
    ("millbrook", "Millbrook", "밀브룩구", "r0 r1 c1 c0"),
    ("kiln-fields", "Kiln Fields", "킬른필드구", "r1 r2 r3 r4 c3 c2 c1"),
    ("harbour", "Harbour", "하버구", "r4 e1 c5 c4 c3"),
    ("pinewood", "Pinewood", "파인우드구", "c0 c1 c2 d1 d0"),
    ("lantern-hill", "Lantern Hill", "랜턴힐구", "c2 c3 c4 d2 d1"),
    ("cape-aurel", "Cape Aurel", "아우렐곶구", "c4 c5 d3 d2"),
)


def roughened(start: Point, end: Point, amount: float, depth: int, rng: random.Random) -> list[Point]:
    """Points from start up to, but without, end: the middle is pushed aside, then each half again."""
    if depth == 0:
        return [start]
    length = math.dist(start, end)
    push = rng.uniform(-amount, amount)
    across = (-(end[1] - start[1]) / length, (end[0] - start[0]) / length)
    middle = (
        (start[0] + end[0]) / 2 + across[0] * push * length,
        (start[1] + end[1]) / 2 + across[1] * push * length,
    )
    first = roughened(start, middle, amount * 0.8, depth - 1, rng)
    return first + roughened(middle, end, amount * 0.8, depth - 1, rng)


def border(start: str, end: str) -> list[Point]:
    """Points from one corner up to, but without, the other; both neighbours get the same ones."""
    if f"{end}-{start}" in COAST or (f"{start}-{end}" not in COAST and end < start):
        return [CORNERS[start], *reversed(border(end, start)[1:])]
    name = f"{start}-{end}"
    rng = random.Random(name)  # noqa: S311 - a drawing, not a secret
    stops = [CORNERS[start], *COAST.get(name, ()), CORNERS[end]]
    amount = ROUGHNESS["r" if name[0] == name[3] == "r" else "other"]
    depth = 1 if name in COAST else max(2, min(4, round(math.log2(math.dist(stops[0], stops[-1]) * 4))))
    return [point for here, there in pairwise(stops) for point in roughened(here, there, amount, depth, rng)]


def degrees(point: Point) -> list[float]:
    """Longitude and latitude, in GeoJSON's order, of a point given in kilometres."""
    lat = CENTRE[0] + point[1] / KM_PER_DEGREE
    lon = CENTRE[1] + point[0] / (KM_PER_DEGREE * math.cos(math.radians(CENTRE[0])))
    return [round(lon, 5), round(lat, 5)]


def ring(corners: str) -> list[list[float]]:
    """A closed ring, counter-clockwise as RFC 7946 asks (the corners are listed clockwise)."""
    names = corners.split()
    points = [
        degrees(point)
        for start, end in zip(names, names[1:] + names[:1], strict=True)
        for point in border(start, end)
    ]
    points.reverse()
    return [*points, points[0]]


def collection() -> dict[str, object]:
    """All wards as a GeoJSON feature collection."""
    features = [
        {
            "type": "Feature",
            "properties": {"code": code, "name": {"en": en, "ko": ko}},
            "geometry": {"type": "Polygon", "coordinates": [ring(corners)]},
        }
        for code, en, ko, corners in WARDS
    ]
    return {"type": "FeatureCollection", "features": features}


if __name__ == "__main__":
    TARGET.write_text(json.dumps(collection(), ensure_ascii=False) + "\n", encoding="utf-8")
