"""Whether wards lie where the city is: told by the place that stands for its time zone; no database.

The list of zones (`zone.tab` of the IANA time zone database) gives a position for each, of its largest city.
Where a system has no such list, nothing is said.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from zoneinfo import TZPATH

from cps.wards.geometry import Area, distance_m

FAR_KM = 3_000.0
"""No zone but a few empty ones reaches so far from its largest city."""

LISTS = ("zone.tab", "zone1970.tab")
_ISO_6709 = re.compile(r"([+-]\d{2})(\d{2})(\d{2})?([+-]\d{3})(\d{2})(\d{2})?")


@lru_cache(maxsize=8)
def place_of_zone(zone: str) -> tuple[float, float] | None:
    """Return latitude and longitude of the place that stands for a zone."""
    for folder in TZPATH:
        for name in LISTS:
            path = Path(folder) / name
            if path.is_file():
                return _find(path.read_text(encoding="utf-8", errors="replace").splitlines(), zone)
    return None


def _find(lines: Iterable[str], zone: str) -> tuple[float, float] | None:
    for line in lines:
        cells = line.split("\t")
        if len(cells) > 2 and cells[2].strip() == zone and (found := _ISO_6709.fullmatch(cells[1])):
            return _degrees(found[1], found[2]), _degrees(found[4], found[5])
    return None


def _degrees(whole: str, minutes: str) -> float:
    return float(whole) + (-1 if whole.startswith("-") else 1) * int(minutes) / 60


def kilometres_off(areas: Iterable[Area], zone: str) -> tuple[float, float] | None:
    """Return how far the areas lie from the place of a zone: as they are, and with axes exchanged.

    None where that cannot be said; the second is infinite where exchanging makes no position.
    """
    place = place_of_zone(zone)
    boxes = [area.bbox for area in areas]
    if place is None or not boxes:
        return None
    lat = (min(box[1] for box in boxes) + max(box[3] for box in boxes)) / 2
    lon = (min(box[0] for box in boxes) + max(box[2] for box in boxes)) / 2
    straight = distance_m(*place, lat, lon) / 1_000
    return straight, distance_m(*place, lon, lat) / 1_000 if abs(lon) <= 90 else float("inf")
