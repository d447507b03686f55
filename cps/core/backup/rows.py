"""The rows of one table as lines of JSON, and what tells that two tables hold the same rows."""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Insert, Select, Table, Text, cast, column, insert, select, table
from sqlalchemy.sql.expression import ColumnClause, TableClause

from cps.core.backup.kinds import JSON_KIND, KINDS, kind_of

ROWS_AT_ONCE = 1000
_MODULUS = 1 << 256
_encoder = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))

# PostgreSQL keeps numbers inside JSON as decimals: without an exponent, and zero without a sign.
_OTHERWISE_WRITTEN = re.compile(rb"(?<=[\[:,])(?:-0\.0|-?[0-9](?:\.[0-9]+)?e\+[0-9]{2,3})(?=[,\]}])")


class BadRow(ValueError):
    """A line is not a row of its table."""


@dataclass(frozen=True)
class Shape:
    """A table as a backup holds it: its columns in their order, each with its kind, and its primary key."""

    name: str
    columns: tuple[tuple[str, str], ...]
    key: tuple[str, ...]

    @classmethod
    def of(cls, source: Table) -> "Shape":
        """Return the shape of a table of the program; what the database computes is left out."""
        columns = tuple((c.name, kind_of(c.type)) for c in source.columns if c.computed is None)
        return cls(source.name, columns, tuple(c.name for c in source.primary_key.columns))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(name for name, _kind in self.columns)

    @cached_property
    def clause(self) -> TableClause:
        """The table as statements name it."""
        return table(self.name, *(column(name, KINDS[kind].type) for name, kind in self.columns))

    def select(self) -> Select[Any]:
        """Return the statement for all rows in the order of their key."""
        read = (self._readable(self.clause.c[name], kind) for name, kind in self.columns)
        return select(*read).order_by(*(self.clause.c[name] for name in self.key))

    def insert(self) -> Insert:
        """Return the statement that writes rows."""
        return insert(self.clause)

    def plain(self, row: Sequence[Any]) -> list[Any]:
        """Return a row that `select` found as values that JSON has."""
        values = list(row)
        for place, write in self._writers:
            if values[place] is not None:
                values[place] = write(values[place])
        return values

    def parse(self, line: bytes) -> list[Any]:
        """Return the plain values in a line; raises BadRow where it is not a row of this table."""
        try:
            values = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise BadRow(f"no JSON ({error})") from None
        if not isinstance(values, list) or len(values) != len(self.columns):
            raise BadRow("another number of columns")
        return values

    def typed(self, values: Sequence[Any]) -> dict[str, Any]:
        """Return plain values as `insert` takes them; raises BadRow where one is not of its kind."""
        row = {}
        for (name, kind), value in zip(self.columns, values, strict=True):
            try:
                row[name] = None if value is None else KINDS[kind].read(value)
            except (TypeError, ValueError, ArithmeticError) as error:
                raise BadRow(f"{name} is no {kind} ({error})") from None
        return row

    def mapped(self, values: Sequence[Any]) -> Mapping[str, Any]:
        """Return plain values by the names of their columns."""
        return dict(zip(self.names, values, strict=True))

    @staticmethod
    def _readable(source: ColumnClause[Any], kind: str) -> Any:
        return cast(source, Text) if kind == JSON_KIND else source

    @cached_property
    def _writers(self) -> list[tuple[int, Any]]:
        kinds = enumerate(KINDS[kind].write for _name, kind in self.columns)
        return [(place, write) for place, write in kinds if write is not None]


@dataclass(slots=True)
class Content:
    """How many rows a table holds, and a number that another content of the table would not have.

    The number is the sum of the SHA-256 of all lines, so the order of the rows does not matter.
    """

    rows: int = 0
    sum: int = 0

    def add(self, line: bytes) -> None:
        """Count one more row."""
        self.rows += 1
        digest = hashlib.sha256(_OTHERWISE_WRITTEN.sub(_written_alike, line)).digest()
        self.sum = (self.sum + int.from_bytes(digest)) % _MODULUS

    def text(self) -> str:
        """Return the number as 64 hex digits."""
        return f"{self.sum:064x}"


def line_of(values: list[Any]) -> bytes:
    """Return plain values as one line."""
    return _encoder.encode(values).encode() + b"\n"


def read_rows(connection: Connection, shape: Shape) -> Iterator[list[Any]]:
    """Yield the plain values of every row of a table, a thousand in memory at a time."""
    found = connection.execute(shape.select(), execution_options={"yield_per": ROWS_AT_ONCE})
    for part in found.partitions():
        for row in part:
            yield shape.plain(row)


def content_of(connection: Connection, shape: Shape, step: Callable[[int], None]) -> Content:
    """Return what a table holds now; tells `step` how many more rows were read."""
    content = Content()
    for values in read_rows(connection, shape):
        content.add(line_of(values))
        if content.rows % ROWS_AT_ONCE == 0:
            step(ROWS_AT_ONCE)
    step(content.rows % ROWS_AT_ONCE)
    return content


def _written_alike(number: re.Match[bytes]) -> bytes:
    text = number.group()
    return b"0.0" if text == b"-0.0" else str(int(Decimal(text.decode()))).encode()
