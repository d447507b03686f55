"""Where an alert listens, of what it tells and how often; no Flask, no database.

Each alert stands under one `key`: its ward, its category, or the square of the map in which the middle of its
circle lies. A case is looked for under all keys that it may be heard under (`keys_for`), so that finding its
alerts is one look into one index, however many alerts there are.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from cps.notices.rules import Circle
from cps.wards.geometry import grid_cell

RADII = (200, 500, 1_000, 2_000, 5_000)
"""Metres that can be chosen."""

PLACES = 3
"""Digits of a degree that are kept of a place, some 100 m: enough for a neighbourhood, too few for a home."""

MOST_ALERTS = 20
"""Alerts of one account."""

DIGEST_AT = time(7)
"""When digests leave, in the city's zone."""

_EQUATOR_M = 40_075_016.0


class Rhythm(StrEnum):
    """How often an alert writes."""

    AT_ONCE = "at-once"
    DAILY = "daily"
    WEEKLY = "weekly"


class NewsKind(StrEnum):
    """What is new: a case was filed, a case was answered, the city gave notice of something."""

    FILED = "filed"
    ANSWERED = "answered"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to hear of: of a circle, or of a ward, or of the whole city; of a category or all.

    The place of the circle is rounded to `PLACES` digits.
    """

    circle: Circle | None = None
    ward_id: int | None = None
    category_id: int | None = None
    problems: bool = True
    proposals: bool = False
    answers: bool = False
    notices: bool = False
    rhythm: Rhythm = Rhythm.DAILY

    @property
    def says_where(self) -> bool:
        """Whether it is narrower than everything in the whole city."""
        return self.circle is not None or self.ward_id is not None or self.category_id is not None

    @property
    def says_what(self) -> bool:
        """Whether it tells of anything at all."""
        return self.problems or self.proposals or self.answers or self.notices

    @property
    def scope(self) -> str:
        """Return a text that is the same for two alerts that hear of the same place and category."""
        where = f"ward-{self.ward_id}" if self.ward_id else "city"
        if self.circle is not None:
            where = f"{self.circle.lat:.{PLACES}f},{self.circle.lon:.{PLACES}f},{self.circle.radius_m}"
        return f"{where}/{self.category_id or 'all'}"

    @property
    def key(self) -> str:
        """Return under which key it stands; see the head of this file."""
        if self.circle is not None:
            x, y = grid_cell(self.circle.lat, self.circle.lon, _zoom(self.circle.radius_m))
            return _cell_key(self.circle.radius_m, x, y)
        return f"ward-{self.ward_id}" if self.ward_id else f"category-{self.category_id}"


def rounded(lat: float, lon: float, radius_m: int) -> Circle:
    """Return a circle whose middle is too coarse to be a home."""
    return Circle(round(lat, PLACES), round(lon, PLACES), radius_m)


def keys_for(position: tuple[float, float] | None, ward_id: int | None, category_id: int) -> list[str]:
    """Return every key under which an alert may stand that hears of a case: some thirty.

    Under the keys of squares stand alerts whose circle ends before the position, too; whoever asks measures.
    """
    keys = [f"category-{category_id}"]
    if ward_id is not None:
        keys.append(f"ward-{ward_id}")
    if position is not None:
        keys += [key for radius_m in RADII for key in _cells(Circle(*position, radius_m))]
    return keys


def _cells(reach: Circle) -> Iterator[str]:
    """Yield the keys of all squares that touch what lies within reach."""
    square, zoom = reach.square(), _zoom(reach.radius_m)
    west, north = grid_cell(square.north, square.west, zoom)
    east, south = grid_cell(square.south, square.east, zoom)
    for x in range(west, east + 1):
        for y in range(north, south + 1):
            yield _cell_key(reach.radius_m, x, y)


def _zoom(radius_m: int) -> int:
    """Return the finest zoom of squares that are, at the equator, at least as wide as the radius."""
    zoom = 0
    while _EQUATOR_M / (1 << (zoom + 1)) >= radius_m:
        zoom += 1
    return zoom


def _cell_key(radius_m: int, x: int, y: int) -> str:
    return f"{radius_m}-{x}-{y}"


def next_letter(rhythm: Rhythm, at: datetime, zone: ZoneInfo) -> datetime:
    """Return when a letter tells what became known at a moment: at once, next morning, or next Monday."""
    if rhythm is Rhythm.AT_ONCE:
        return at
    local = at.astimezone(zone)
    day = local.date() if local.time() < DIGEST_AT else local.date() + timedelta(days=1)
    if rhythm is Rhythm.WEEKLY:
        day += timedelta(days=-day.weekday() % 7)
    return datetime.combine(day, DIGEST_AT, zone)
