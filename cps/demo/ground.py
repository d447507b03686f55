"""Places in the demo city: points inside a ward and addresses on its streets."""

import random
from itertools import pairwise

from cps.demo.shapes import Ring, Ward


def is_inside(lon: float, lat: float, ring: Ring) -> bool:
    """Whether a place lies within a closed outline: a ray to the east crosses it an odd number of times."""
    inside = False
    for (a_lon, a_lat), (b_lon, b_lat) in pairwise(ring):
        if (a_lat > lat) != (b_lat > lat) and lon < a_lon + (b_lon - a_lon) * (lat - a_lat) / (b_lat - a_lat):
            inside = not inside
    return inside


def place_in(ward: Ward, rng: random.Random) -> tuple[float, float]:
    """A (latitude, longitude) somewhere in the ward; equal generators give equal places."""
    lons, lats = zip(*ward.ring, strict=True)
    while True:
        lon, lat = rng.uniform(min(lons), max(lons)), rng.uniform(min(lats), max(lats))
        if is_inside(lon, lat, ward.ring):
            return round(lat, 6), round(lon, 6)


def address_in(ward: Ward, language: str, rng: random.Random) -> str:
    """A street of the ward and a house number; English streets for a language the city does not write."""
    street = rng.choice(ward.streets.get(language, ward.streets["en"]))
    return f"{street} {rng.randrange(1, 180)}"
