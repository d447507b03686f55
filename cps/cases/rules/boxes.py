"""Boxes on the map and the cells that they hold; no Flask, no database.

Cells are Web Mercator tiles, counted from the north west. A cell of one level is four of the next.
"""

import math
import re
from dataclasses import dataclass

from cps.wards.geometry import grid_cell

FINEST, COARSEST = 17, 8
"""Levels of which cells are counted; of the finest each case knows its own: about 300 m at the equator."""

DEEPEST_ZOOM = 19
WIDEST = 64
"""A box is at most so many cells of its zoom's grid wide and high: 4096 pixels."""

_DIGITS = 6
_EDGE = 0.02
"""Share of a cell by which an edge may lie beside the line that it means: six decimal places are not all."""

_NUMBER = r"-?[0-9]{1,3}(?:\.[0-9]{1,20})?"
_BOX = re.compile(rf"({_NUMBER}),({_NUMBER}),({_NUMBER}),({_NUMBER})", re.ASCII)
_NORTHMOST = 85.051129


@dataclass(frozen=True, slots=True)
class Cells:
    """A block of cells of one level; all four ends belong to it."""

    level: int
    west: int
    north: int
    east: int
    south: int

    @property
    def wide(self) -> int:
        """How many columns there are."""
        return self.east - self.west + 1

    @property
    def high(self) -> int:
        """How many rows there are."""
        return self.south - self.north + 1

    def at(self, level: int) -> "Cells":
        """Return the cells of a finer level that these are made of."""
        by = level - self.level
        return Cells(
            level,
            self.west << by,
            self.north << by,
            ((self.east + 1) << by) - 1,
            ((self.south + 1) << by) - 1,
        )

    def box(self) -> "Box":
        """Return what they cover."""
        return Box(
            _lon(self.west, self.level),
            _lat(self.south + 1, self.level),
            _lon(self.east + 1, self.level),
            _lat(self.north, self.level),
        )


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the map in degrees: its west and south belong to it, its east and north do not."""

    west: float
    south: float
    east: float
    north: float

    def __str__(self) -> str:
        """Return it as addresses have it: west, south, east, north, as in GeoJSON (RFC 7946)."""
        return ",".join(f"{degrees:.{_DIGITS}f}".rstrip("0").rstrip(".") for degrees in self.degrees)

    @property
    def degrees(self) -> tuple[float, float, float, float]:
        """West, south, east and north."""
        return self.west, self.south, self.east, self.north

    def cells(self, level: int) -> Cells:
        """Return the cells of a level that it touches."""
        left, top = _cell(self.north, self.west, level)
        right, bottom = _cell(self.south, self.east, level)
        west, north = math.floor(left + _EDGE), math.floor(top + _EDGE)
        last = (1 << level) - 1
        return Cells(
            level,
            min(west, last),
            min(north, last),
            min(last, max(west, math.ceil(right - _EDGE) - 1)),
            min(last, max(north, math.ceil(bottom - _EDGE) - 1)),
        )

    def whole(self, level: int) -> "Box":
        """Return it made wider to whole cells of a level, so that neighbouring views ask for the same."""
        return self.cells(level).box()

    def inside(self, level: int) -> "Box | None":
        """Return the whole cells of a level that lie in it; itself where it consists of them."""
        if self.is_whole(level):
            return self
        around = self.cells(level)
        if around.wide < 3 or around.high < 3:
            return None
        return Cells(level, around.west + 1, around.north + 1, around.east - 1, around.south - 1).box()

    def is_whole(self, level: int) -> bool:
        """Whether it consists of whole cells of a level."""
        return str(self) == str(self.whole(level))


def read_box(written: str) -> Box | None:
    """Return the box of an address; None where it is none, is empty, or lies off the map."""
    found = _BOX.fullmatch(written)
    if found is None:
        return None
    box = Box(*(float(part) for part in found.groups()))
    on_map = -180 <= box.west < box.east <= 180 and -90 <= box.south < box.north <= 90
    return box if on_map else None


def grid_of(zoom: int) -> int:
    """Return the level of the grid, 64 pixels wide, to which boxes of a zoom are widened."""
    return zoom + 2 if zoom > FINEST - 1 else level_of(zoom)


def level_of(zoom: int) -> int:
    """Return the level of counted cells for a zoom: they are 64 pixels wide or, when near, more."""
    return max(COARSEST, min(FINEST, zoom + 2))


def too_wide(box: Box, zoom: int) -> bool:
    """Whether a box is more than any screen shows at a zoom."""
    cells = box.cells(zoom + 2)
    return cells.wide > WIDEST or cells.high > WIDEST


def zoom_for(box: Box, *, most: int = 12) -> int:
    """Return the nearest zoom at which a box is at most so many cells of 64 pixels wide and high."""
    for zoom in range(DEEPEST_ZOOM, 0, -1):
        cells = box.cells(zoom + 2)
        if cells.wide <= most and cells.high <= most:
            return zoom
    return 0


def fine_cell(lat: float, lon: float, zoom: int) -> tuple[int, int]:
    """Return the cell of 64 pixels that a position falls in."""
    return grid_cell(lat, lon, zoom + 2)


def _cell(lat: float, lon: float, level: int) -> tuple[float, float]:
    """Return column and row as fractions."""
    count = 1 << level
    angle = math.radians(max(-_NORTHMOST, min(_NORTHMOST, lat)))
    return (lon + 180) / 360 * count, (1 - math.asinh(math.tan(angle)) / math.pi) / 2 * count


def _lon(column: int, level: int) -> float:
    return round(column / (1 << level) * 360 - 180, _DIGITS)


def _lat(row: int, level: int) -> float:
    return round(math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * row / (1 << level))))), _DIGITS)
