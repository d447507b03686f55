"""What the parameters of an address ask of a list of service requests; empty ones are as if not given."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from cps.cases import reference as references
from cps.cases.reference import NotAReference
from cps.cases.rules.boxes import Box, read_box
from cps.departments import queries as departments
from cps.departments.catalogue import KnownCategory
from cps.notices.rules import Circle
from cps.open311 import rules
from cps.open311.presenting import offered
from cps.open311.queries import Asked
from cps.open311.rules import MOST_DEEP, MOST_ROWS, Refused, bad, missing
from cps.wards.coordinates import BadCoordinate, parse_latitude, parse_longitude

LARGEST_RADIUS = 100_000
"""Metres."""

REFERENCES = "service_request_id"


def asked_for(given: Mapping[str, str], zone: ZoneInfo) -> Asked:
    """Return what a list shows; raises Refused for a value that cannot be read, and for unknown services."""
    if asked := rules.listed(given.get(REFERENCES, "")):
        return Asked(references=tuple(found for one in asked if (found := reference(one))))
    size = rules.number(given.get("page_size", ""), "page_size", most=MOST_ROWS, default=MOST_ROWS)
    return Asked(
        categories=_categories(rules.listed(given.get("service_code", ""))),
        statuses=rules.statuses(given.get("status", "")),
        received=rules.span(given, "start_date", "end_date", zone),
        updated=rules.span(given, "updated_after", "updated_before", zone),
        box=_box(given.get("bbox", "")),
        near=_circle(given),
        page=rules.number(given.get("page", ""), "page", most=MOST_DEEP // size, default=1),
        size=size,
    )


def reference(text: str) -> str:
    """Return the reference that somebody asks for; "" where it cannot be one."""
    try:
        return references.parse(text)
    except NotAReference:
        return ""


def service_of(code: str) -> KnownCategory:
    """Return the category of a service_code; raises Refused."""
    found = next((one for one in offered() if one.code == code), None)
    if found is None:
        raise Refused(missing(f"service_code {code[:60]} was not found"))
    return found


def position(lat: str, lon: str) -> tuple[float, float]:
    """Return latitude and longitude in degrees; raises Refused where one is missing or wrong."""
    try:
        found = parse_latitude(lat), parse_longitude(lon)
    except BadCoordinate:
        raise Refused(bad("lat and long are both needed, in degrees of WGS 84")) from None
    if found == (0, 0):
        raise Refused(bad("lat and long are 0, 0: the phone did not know where it was"))
    return found


def _categories(codes: tuple[str, ...]) -> tuple[int, ...] | None:
    """Return the categories of these codes, also those no longer offered; None where none was given."""
    found = {code: departments.catalogue().category(code) for code in codes}
    if unknown := [code for code, category in found.items() if category is None]:
        raise Refused(missing(f"service_code {unknown[0][:60]} was not found"))
    return tuple(category.id for category in found.values() if category) if codes else None


def _box(text: str) -> Box | None:
    box = read_box(text.replace(" ", ""))
    if text and box is None:
        raise Refused(bad("bbox is west,south,east,north in degrees"))
    return box


def _circle(given: Mapping[str, str]) -> Circle | None:
    values = [given.get(name, "") for name in ("lat", "long", "radius")]
    if not any(values):
        return None
    lat, lon = position(values[0], values[1])
    return Circle(lat, lon, rules.number(values[2], "radius", most=LARGEST_RADIUS, default=1_000))
