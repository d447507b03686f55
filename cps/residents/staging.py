"""A register on its way in, put in the order of its tags: a million people in little memory.

Numbers are kept there only while letters are wanted.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from cps.core.staging import private_database
from cps.residents.register_file import Row

_TABLE = """
CREATE TABLE row (tag BLOB PRIMARY KEY, line INTEGER, ward_id INTEGER, born_on INTEGER, number TEXT)
WITHOUT ROWID
"""


class Staged(NamedTuple):
    """One person of a file by tag."""

    tag: str
    ward_id: int
    born_on: date


@dataclass(frozen=True, slots=True)
class Staging:
    """What was read of a file so far."""

    _database: sqlite3.Connection

    def add(self, tag: str, row: Row, *, number: str = "") -> int | None:
        """Keep a row; returns the line where the same person stood before, else None."""
        values = (bytes.fromhex(tag), row.line, row.ward_id, row.born_on.toordinal(), number)
        try:
            self._database.execute("INSERT INTO row VALUES (?, ?, ?, ?, ?)", values)
        except sqlite3.IntegrityError:
            found = self._database.execute("SELECT line FROM row WHERE tag = ?", values[:1]).fetchone()
            return int(found[0])
        return None

    def after(self, tag: str, *, most: int) -> list[Staged]:
        """Return the next rows in the order of their tags."""
        rows = self._database.execute(
            "SELECT tag, ward_id, born_on FROM row WHERE tag > ? ORDER BY tag LIMIT ?",
            (bytes.fromhex(tag), most),
        )
        return [Staged(tag.hex(), ward_id, date.fromordinal(born)) for tag, ward_id, born in rows]

    def numbers(self, *, chunk: int) -> Iterator[dict[str, tuple[str, int]]]:
        """Yield `{tag: (number, ward)}`, so many at a time, in the order of the file."""
        rows = self._database.execute("SELECT tag, number, ward_id FROM row ORDER BY line")
        while some := rows.fetchmany(chunk):
            yield {tag.hex(): (number, ward_id) for tag, number, ward_id in some}

    def __len__(self) -> int:
        return int(self._database.execute("SELECT count(*) FROM row").fetchone()[0])


@contextmanager
def staging() -> Iterator[Staging]:
    """Give a place for one file's rows, until the block ends."""
    with private_database(_TABLE) as database:
        yield Staging(database)
