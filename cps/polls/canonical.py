"""Canonical bytes: one value has one text, so that its hash says everything (`docs/recounting.md`, Bytes)."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import NoReturn, TypeAlias

Json: TypeAlias = "bool | int | str | list[Json] | dict[str, Json] | None"
"""What canonical JSON holds; no fractions."""

Writable: TypeAlias = "bool | int | str | Sequence[Writable] | Mapping[str, Writable] | None"

_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_TIME_FORMAT = "%Y-%m-%dT%H:%M:%SZ"
_HEX_HASH = re.compile(r"[0-9a-f]{64}")


class NotCanonical(ValueError):
    """Bytes or a value that canonical JSON does not allow; the message says what is wrong."""


def to_bytes(value: Writable) -> bytes:
    """Return the one text of a value, in ASCII and without a line end; raises NotCanonical."""
    _check(value)
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return text.encode("ascii")


def from_bytes(data: bytes) -> Json:
    """Return the value of canonical bytes; raises NotCanonical for any other way to write it."""
    try:
        value: Json = json.loads(
            data.decode("ascii"),
            object_pairs_hook=_distinct,
            parse_float=_no_fraction,
            parse_constant=_no_fraction,
        )
        again = to_bytes(value)
    except NotCanonical:
        raise
    except (ValueError, RecursionError) as error:
        raise NotCanonical(f"not JSON: {error}") from None
    if again != data:
        raise NotCanonical("written differently from the canonical form")
    return value


def sha256(data: bytes) -> str:
    """Return the SHA-256 as 64 lower-case hex digits."""
    return hashlib.sha256(data).hexdigest()


def is_hash(text: str) -> bool:
    """Return whether the text is 64 lower-case hex digits: a SHA-256 or a key of 32 bytes."""
    return _HEX_HASH.fullmatch(text) is not None


def time_to_text(moment: datetime) -> str:
    """Return an aware time in UTC, cut to whole seconds: ``2026-11-26T09:00:00Z``."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone")
    return moment.astimezone(UTC).strftime(_TIME_FORMAT)


def time_from_text(text: str) -> datetime:
    """Return the time meant by such a text, aware, in UTC; raises NotCanonical."""
    if not _TIME.fullmatch(text):
        raise NotCanonical("not a time in UTC with whole seconds")
    try:
        return datetime.strptime(text, _TIME_FORMAT).replace(tzinfo=UTC)
    except ValueError:
        raise NotCanonical("not a day of the calendar or not a time of a day") from None


def is_time(text: str) -> bool:
    """Return whether the text is such a time."""
    try:
        time_from_text(text)
    except NotCanonical:
        return False
    return True


def _check(value: Writable) -> None:
    """Refuse what `json.dumps` would write all the same: fractions, and keys that are no texts."""
    if value is None or isinstance(value, (bool, int, str)):
        return
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise NotCanonical("a key that is not a text")
        for item in value.values():
            _check(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            _check(item)
    else:
        raise NotCanonical(f"a value of the kind {type(value).__name__}")


def _distinct(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotCanonical("a key twice in one object")
    return found


def _no_fraction(text: str) -> NoReturn:
    raise NotCanonical(f"not a whole number: {text[:20]}")
