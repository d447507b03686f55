"""When a notice runs, whom and what it concerns, in which language it speaks; no Flask, no database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from math import cos, radians
from zoneinfo import ZoneInfo

from cps.wards.geometry import distance_m

LONGEST_TITLE = 120
LONGEST_TEXT = 2_000
LONGEST_RUN = timedelta(days=366)
SMALLEST_RADIUS, LARGEST_RADIUS = 50, 50_000
"""Metres of a circle."""

METRES_OF_A_DEGREE = 111_000
"""Of latitude, rounded down, so that a square is never too small."""

Texts = Mapping[str, str]


class State(StrEnum):
    """Where a notice is in its life; it moves by the clock alone."""

    COMING = "coming"
    RUNNING = "running"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Square:
    """What lies between two parallels and two meridians, in degrees."""

    south: float
    west: float
    north: float
    east: float


@dataclass(frozen=True, slots=True)
class Circle:
    """Everything within `radius_m` metres of a position in degrees."""

    lat: float
    lon: float
    radius_m: int

    def square(self) -> Square:
        """Return the square around it, which databases can search; near a pole it is every longitude."""
        north_south = self.radius_m / METRES_OF_A_DEGREE
        narrowing = max(cos(radians(self.lat)), 1e-3)
        east_west = min(180.0, north_south / narrowing)
        return Square(
            self.lat - north_south, self.lon - east_west, self.lat + north_south, self.lon + east_west
        )

    def holds(self, lat: float, lon: float) -> bool:
        """Say whether a position lies within it."""
        return distance_m(self.lat, self.lon, lat, lon) <= self.radius_m


@dataclass(frozen=True, slots=True)
class NoticeSpec:
    """What a notice is to say. Texts are clean; without wards and circle it is the whole city's."""

    title: dict[str, str]
    starts_at: datetime
    ends_at: datetime
    text: dict[str, str]
    say: dict[str, str]
    ward_codes: tuple[str, ...] = ()
    circle: Circle | None = None
    category_id: int | None = None
    department_id: int | None = None


@dataclass(frozen=True, slots=True)
class KnownNotice:
    """What pages need of a notice."""

    id: int
    version: int
    title: Texts
    text: Texts
    say: Texts
    ward_codes: tuple[str, ...]
    circle: Circle | None
    category_id: int | None
    department_id: int | None
    starts_at: datetime
    ends_at: datetime
    updated_at: datetime

    def state(self, at: datetime) -> State:
        """Return where it is in its life."""
        if at >= self.ends_at:
            return State.OVER
        return State.RUNNING if at >= self.starts_at else State.COMING


@dataclass(frozen=True, slots=True)
class Spot:
    """What is known of a place and of what happened there; None where it is not known."""

    ward_code: str | None = None
    position: tuple[float, float] | None = None
    category_id: int | None = None


def concerns(notice: KnownNotice, spot: Spot) -> bool:
    """Say whether a notice is about what happened at a spot; an unknown category could be its own."""
    if None not in {notice.category_id, spot.category_id} and notice.category_id != spot.category_id:
        return False
    if not notice.ward_codes and notice.circle is None:
        return True
    if spot.ward_code in notice.ward_codes:
        return True
    return notice.circle is not None and spot.position is not None and notice.circle.holds(*spot.position)


def spoken(texts: Texts, language: str, default: str) -> tuple[str, str]:
    """Return a text and its language: the one wanted, else the city's, else any; ("", "") for none."""
    for code in (language, default, *texts):
        if text := texts.get(code):
            return text, code
    return "", ""


def end_of_day(at: datetime, zone: ZoneInfo) -> datetime:
    """Return the last minute of the city's day, or of the next one where that is less than an hour away."""
    local = at.astimezone(zone)
    end = datetime.combine(local.date(), time(23, 59), zone)
    return end if end - local >= timedelta(hours=1) else end + timedelta(days=1)


def mark(notices: Iterable[KnownNotice]) -> str:
    """Return a text that changes when one of these comes, goes or says something else: for ETags."""
    return "-".join(f"{one.id}.{one.version}" for one in notices)
