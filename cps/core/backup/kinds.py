"""How values of each kind of column stand in a line of JSON, without losing anything.

The kinds are the same on every database; a backup names the kind of each of its columns.
"""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Date,
    Enum,
    Float,
    Integer,
    LargeBinary,
    Numeric,
    String,
    Text,
    Time,
    TypeDecorator,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine

from cps.core.db import UtcDateTime

JSON_KIND = "json"
_WRAPPED = "json"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of column: its type, and how a value that is not NULL is written and read.

    `write` is None where JSON has such values itself. `read` raises ValueError or TypeError for what is none.
    """

    type: TypeEngine[Any]
    write: Callable[[Any], Any] | None
    read: Callable[[Any], Any]


def kind_of(column_type: TypeEngine[Any]) -> str:
    """Return the name of the kind that a column of this type has; raises TypeError for a type without one."""
    if isinstance(column_type, UtcDateTime):
        return "moment"
    if isinstance(column_type, TypeDecorator):
        return kind_of(column_type.impl_instance)
    for types, name in _NAMES:
        if isinstance(column_type, types):
            return name
    raise TypeError(f"backups have no kind for columns of type {column_type!r}; see cps.core.backup.kinds")


def _exactly(*types: type) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if type(value) not in types:
            raise TypeError(f"{type(value).__name__} instead of {types[0].__name__}")
        return value

    return read


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone")
    return moment.astimezone(UTC)


def _integer(value: int) -> int:
    if type(value) is not int or not -(2**63) <= value < 2**63:
        raise ValueError("no whole number that a database has")
    return value


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def _from_bytes(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _write_json(text: str) -> Any:
    """Return the document; one that would read as NULL, or as this wrapping, is wrapped."""
    value = json.loads(text)
    return {_WRAPPED: value} if value is None or _is_wrapped(value) else value


def _read_json(value: Any) -> Any:
    document = value[_WRAPPED] if _is_wrapped(value) else value
    return JSON.NULL if document is None else document


def _is_wrapped(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() == {_WRAPPED}


_NAMES: tuple[tuple[tuple[type, ...], str], ...] = (
    ((JSON,), JSON_KIND),
    ((Boolean,), "boolean"),
    ((Integer,), "integer"),
    ((Float,), "float"),
    ((Numeric,), "decimal"),
    ((Enum, String), "text"),
    ((Date,), "date"),
    ((Time,), "time"),
    ((LargeBinary,), "bytes"),
)

KINDS: Mapping[str, Kind] = {
    "integer": Kind(BigInteger(), None, _integer),
    "boolean": Kind(Boolean(), None, _exactly(bool)),
    "float": Kind(Float(), None, _exactly(float, int)),
    "decimal": Kind(Numeric(), str, Decimal),
    "text": Kind(Text(), None, _exactly(str)),
    "moment": Kind(UtcDateTime(), datetime.isoformat, _moment),
    "date": Kind(Date(), date.isoformat, date.fromisoformat),
    "time": Kind(Time(), time.isoformat, time.fromisoformat),
    "bytes": Kind(LargeBinary(), _from_bytes, _bytes),
    JSON_KIND: Kind(
        JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"), _write_json, _read_json
    ),
}
"""JSON columns are read as their text, because a JSON `null` and NULL are two things."""
