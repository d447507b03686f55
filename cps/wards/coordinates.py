"""Latitude and longitude as people and machines write them."""

import re
from enum import StrEnum

_NUMBER = re.compile(r"[+-]?\d{1,12}(?:\.\d{0,30})?")
_WRITTEN_OTHERWISE = str.maketrans(
    {",": ".", "\u066b": ".", "\uff0c": ".", "\uff0e": ".", "\u2212": "-", "\uff0d": "-"}
)


class Why(StrEnum):
    """Why a coordinate is none; the page has a sentence for each."""

    EMPTY = "empty"
    NOT_A_NUMBER = "not a number"
    OUT_OF_RANGE = "out of range"


class BadCoordinate(ValueError):
    """The text is no coordinate; ``reason`` says why."""

    def __init__(self, reason: Why) -> None:
        super().__init__(reason.value)
        self.reason = reason


def parse_latitude(text: str) -> float:
    """Return degrees from -90 to 90; raises BadCoordinate. Decimal commas and digits of any script count."""
    return _degrees(text, 90)


def parse_longitude(text: str) -> float:
    """Return degrees from -180 to 180; raises BadCoordinate. Commas and any digits count as for latitude."""
    return _degrees(text, 180)


def _degrees(text: str, limit: int) -> float:
    written = text.strip().translate(_WRITTEN_OTHERWISE).removesuffix("°")
    if not written:
        raise BadCoordinate(Why.EMPTY)
    if not _NUMBER.fullmatch(written):
        raise BadCoordinate(Why.NOT_A_NUMBER)
    degrees = float(written)
    if abs(degrees) > limit:
        raise BadCoordinate(Why.OUT_OF_RANGE)
    return degrees
