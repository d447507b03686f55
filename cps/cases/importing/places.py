"""Positions of cases: read from two cells, looked for in the wards; no database."""

from collections.abc import Mapping
from dataclasses import dataclass

from cps.cases.importing.fields import Place
from cps.cases.importing.values import BadValue
from cps.core.i18n import gettext as _
from cps.wards import geometry
from cps.wards.coordinates import BadCoordinate, Why, parse_latitude, parse_longitude
from cps.wards.geometry import Area, Box, PlaceKind

Position = tuple[float, float]
"""Latitude and longitude in degrees."""


def read_position(lat: str, lon: str, *, nowhere: frozenset[Position]) -> Position | None:
    """Return a position; None where both are empty or nought, or stand for none. Raises BadValue."""
    if not lat and not lon:
        return None
    if not lat or not lon:
        raise BadValue(_("A position needs both latitude and longitude."))
    try:
        position = parse_latitude(lat), parse_longitude(lon)
    except BadCoordinate as bad:
        raise BadValue(_why(bad.reason, lat, lon)) from None
    return None if position == (0, 0) or position in nowhere else position


def _why(reason: Why, lat: str, lon: str) -> str:
    if reason is Why.NOT_A_NUMBER:
        return _("“%(lat)s” and “%(lon)s” are no position in degrees.", lat=lat[:20], lon=lon[:20])
    try:
        parse_latitude(lon)
    except BadCoordinate:
        return _("The position is beyond the ends of the map.")
    return _swapped()


@dataclass(frozen=True, slots=True)
class Ground:
    """Where the city is: outlines of its wards by code, and bounds (west, south, east, north) if given."""

    outlines: Mapping[str, Area]
    bounds: Box | None
    outside: Place

    def ward_at(self, position: Position) -> str:
        """Return the code of the ward of a position, empty where that cannot be said.

        Raises BadValue for a position out of the city, unless such are kept.
        """
        if self.outside is not Place.KEEP and not self._in_bounds(position):
            raise BadValue(self._outside(position))
        if not self.outlines:
            return ""
        lat, lon = position
        for code, area in self.outlines.items():
            west, south, east, north = area.bbox
            if west <= lon <= east and south <= lat <= north and geometry.contains(area, lat, lon):
                return code
        place = geometry.locate(self.outlines, lat, lon)
        if place.kind is not PlaceKind.OUTSIDE:
            return str(place.code)
        if self.outside is Place.KEEP:
            return ""
        raise BadValue(self._outside(position))

    def _in_bounds(self, position: Position) -> bool:
        if self.bounds is None:
            return True
        west, south, east, north = self.bounds
        return south <= position[0] <= north and west <= position[1] <= east

    def _outside(self, position: Position) -> str:
        lat, lon = position
        turned = lon, lat
        if abs(lon) <= 90 and self._in_bounds(turned) and self._has(turned):
            return _swapped()
        return _("The position %(lat)s, %(lon)s is not in the city.", lat=lat, lon=lon)

    def _has(self, position: Position) -> bool:
        if not self.outlines:
            return self.bounds is not None
        return geometry.locate(self.outlines, *position).kind is not PlaceKind.OUTSIDE


def _swapped() -> str:
    return _("Latitude and longitude seem to be swapped: exchange lat and lon in the mapping.")
