"""Lists that page by key: the address holds the key of the last row seen, never an offset."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from cps.core.text import without_halves

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page of rows; `next_key` opens the page after it, None at the end."""

    rows: Sequence[Row]
    next_key: str | None


def page_of(rows: Sequence[Row], size: int, key: Callable[[Row], tuple[Any, ...]]) -> Page[Row]:
    """Make a page of `size` from a read of `size + 1` rows."""
    kept = rows[:size]
    return Page(kept, write_key(key(kept[-1])) if len(rows) > size else None)


def write_key(values: tuple[Any, ...]) -> str:
    """Write sort keys (moments, numbers, texts) as an opaque text for an address."""
    plain = [{"t": v.isoformat()} if isinstance(v, datetime) else v for v in values]
    return base64.urlsafe_b64encode(json.dumps(plain, separators=(",", ":")).encode()).decode().rstrip("=")


def read_key(text: str | None, *types: type) -> tuple[Any, ...] | None:
    """Read a key back; None when it is absent, damaged or not of these types (the list then starts anew)."""
    if not text:
        return None
    try:
        raw = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        values = tuple(datetime.fromisoformat(v["t"]) if isinstance(v, dict) else v for v in raw)
    except (ValueError, KeyError, TypeError, RecursionError, binascii.Error):
        return None
    fits = len(values) == len(types) and all(type(v) is t for v, t in zip(values, types, strict=True))
    in_range = all(not isinstance(v, int) or abs(v) < 2**63 for v in values)
    return values if fits and in_range and all(map(_can_be_compared, values)) else None


def place(text: str) -> int:
    """Read a key, or where a list begins, from an address; raises ValueError for what no database takes."""
    found = int(text)
    if not 0 <= found < 2**63:
        raise ValueError("no place in a list")
    return found


def _can_be_compared(value: Any) -> bool:
    """Say whether a database takes it: a moment with a zone, within the calendar in UTC; a text it keeps."""
    if isinstance(value, str):
        return without_halves(value) == value
    if not isinstance(value, datetime):
        return True
    try:
        return value.tzinfo is not None and value.astimezone(UTC) is not None
    except OverflowError:
        return False
