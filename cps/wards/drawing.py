"""Outlines for maps: few enough points to travel on a slow line, and neighbours that still meet; no database.

Points are moved to a grid, which is made coarser until the whole fits. Because a corner moves the same way
for every ward that has it, no gaps open along common borders, as they would if wards were simplified apart.
"""

import gzip
import json
from collections.abc import Mapping
from itertools import groupby
from typing import Any

from cps.wards.geometry import Area, Point, Ring

MOST_BYTES = 40_000
FINEST, COARSEST = 1, 500
"""Grid widths in hundred-thousandths of a degree: about 1 m and about 500 m."""


def feature_collection(
    areas: Mapping[str, Area], names: Mapping[str, str], *, most_bytes: int = MOST_BYTES
) -> bytes:
    """Return GeoJSON (RFC 7946) of the areas with code and name; compressed it takes at most `most_bytes`.

    Only where even the coarsest grid does not make it so small, it is larger.
    """
    width = FINEST
    while True:
        text = json.dumps(_collection(areas, names, width), ensure_ascii=False, separators=(",", ":"))
        if width >= COARSEST or len(gzip.compress(text.encode(), 6)) <= most_bytes:
            return text.encode()
        width = min(COARSEST, width * 2)


def _collection(areas: Mapping[str, Area], names: Mapping[str, str], width: int) -> dict[str, Any]:
    features = []
    for code, area in areas.items():
        polygons = [
            [ring for ring in (_coarse(ring, width) for ring in polygon.rings) if ring]
            for polygon in area.polygons
        ]
        features.append(
            {
                "type": "Feature",
                "id": code,
                "properties": {"code": code, "name": names[code]},
                "geometry": {"type": "MultiPolygon", "coordinates": [rings for rings in polygons if rings]},
            }
        )
    return {"type": "FeatureCollection", "features": features}


def _coarse(ring: Ring, width: int) -> list[list[float]] | None:
    """Return the ring on the grid without repeated and straight-on points; None when nothing is left."""
    on_grid = [(round(lon * 1e5 / width), round(lat * 1e5 / width)) for lon, lat in ring]
    kept: list[tuple[int, int]] = []
    for point, _same in groupby(on_grid):
        while len(kept) > 1 and _straight(kept[-2], kept[-1], point):
            kept.pop()
        kept.append(point)
    if len(kept) < 4:
        return None
    return [[round(x * width / 1e5, 5), round(y * width / 1e5, 5)] for x, y in kept]


def _straight(a: Point, b: Point, c: Point) -> bool:
    return (b[0] - a[0]) * (c[1] - b[1]) == (b[1] - a[1]) * (c[0] - b[0])
