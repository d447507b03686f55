"""What an attacker keeps who copies the database at any moment: rows, their order, and raw pages."""

import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from sqlalchemy import Connection, text

from cps.core.db import db
from tests.support.fixtures import Database

TABLES = {
    "voter_roll": "tag",
    "ballot_inbox": "handle",
    "ballot_spent": "handle",
    "ballot_box": "leaf",
    "ledger_leaf": "leaf",
}

Orders = dict[str, list[str]]
"""By where it was seen, the keys of a table in an order that the database or its files gave away."""


@dataclass(frozen=True)
class Copy:
    """One copy: the orders of each table, the sealed bodies under their keys, and counts of a live poll."""

    orders: dict[str, Orders]
    bodies: dict[str, bytes]
    counts: dict[str, int]

    def keys(self, table: str) -> set[str]:
        """Return which keys a table had."""
        return {*self.orders[table]["as read"]}


def take(database: Database, *, with_files: bool = True) -> Copy:
    """Copy everything that can be read: by SQL, and as files with the log beside them."""
    db.session.rollback()
    with db.engine.connect() as connection:
        orders = {table: _by_sql(connection, table, key) for table, key in TABLES.items()}
        bodies = {
            key: bytes(body)
            for table in ("ballot_inbox", "ballot_box")
            for key, body in connection.execute(text(f"SELECT {TABLES[table]}, body FROM {table}"))
        }
        counts = _counts(connection)
    for name, read in _files(database).items() if with_files else ():
        for table, found in orders.items():
            found.update(_by_place(read(table), found["as read"], name))
    return Copy(orders, bodies, counts)


def _counts(connection: Connection) -> dict[str, int]:
    """Return how often each choice was made, as a live poll keeps it; the blank one has no code."""
    row = connection.execute(text("SELECT counts, blank FROM live_count")).one_or_none()
    if row is None:
        return {}
    counts = row.counts if isinstance(row.counts, dict) else json.loads(row.counts)
    return {**counts, "": row.blank}


def _by_sql(connection: Connection, table: str, key: str) -> Orders:
    hidden = {"postgresql": ("ctid", "xmin::text::bigint"), "sqlite": ("rowid",)}[connection.dialect.name]
    found = {"as read": _read(connection, f"SELECT {key} FROM {table}")}
    if hidden != ("rowid",) or _has_rowid(connection, table):
        found |= {by: _read(connection, f"SELECT {key} FROM {table} ORDER BY {by}") for by in hidden}
    return found


def _has_rowid(connection: Connection, table: str) -> bool:
    found = connection.execute(text("SELECT wr FROM pragma_table_list WHERE name = :name"), {"name": table})
    return bool(found.scalar_one() == 0)


def _read(connection: Connection, statement: str) -> list[str]:
    return [str(row[0]) for row in connection.execute(text(statement))]


def _files(database: Database) -> dict[str, Callable[[str], bytes]]:
    """Return how to read the raw bytes of a table, by the name of the file."""
    if database.kind == "sqlite":
        place = Path(database.url.removeprefix("sqlite:///"))
        return {
            "file": lambda _table: place.read_bytes(),
            "log": lambda _table: _content(place.with_name(f"{place.name}-wal")),
        }
    return {"heap": _heap}


def _heap(table: str) -> bytes:
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CHECKPOINT"))
        folder = connection.execute(text("SHOW data_directory")).scalar_one()
        file = connection.execute(text(f"SELECT pg_relation_filepath('{table}')")).scalar_one()
    return Path(folder, file).read_bytes()


def _content(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""


def _by_place(content: bytes, keys: Iterable[str], name: str) -> Orders:
    """Return the keys in the order of their first and of their last place in these bytes."""
    first, last = [], []
    for key in keys:
        found = content.find(key.encode())
        if found >= 0:
            first.append((found, key))
            last.append((content.rfind(key.encode()), key))
    return {
        f"{name}, first": [key for _place, key in sorted(first)],
        f"{name}, last": [key for _place, key in sorted(last)],
    }


def newly(before: Copy, after: Copy, table: str) -> list[str]:
    """Return which keys came into a table between two copies."""
    return sorted(after.keys(table) - before.keys(table))


def each_step(copies: Sequence[Copy]) -> Iterable[tuple[Copy, Copy]]:
    """Return every two copies that follow each other."""
    return pairwise(copies)


def raw(database: Database) -> Iterator[bytes]:
    """Yield every file of the database and of its log, as they lie on the disk."""
    if database.kind == "sqlite":
        place = Path(database.url.removeprefix("sqlite:///"))
        files = [*place.parent.glob(f"{place.name}*")]
    else:
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("CHECKPOINT"))
            folder = Path(connection.execute(text("SHOW data_directory")).scalar_one())
            oid = connection.execute(text("SELECT oid FROM pg_database WHERE datname = current_database()"))
            files = [*(folder / "base" / str(oid.scalar_one())).iterdir(), *(folder / "pg_wal").iterdir()]
    yield from (file.read_bytes() for file in files if file.is_file())


def forms_of(key: bytes) -> list[bytes]:
    """Return how a key might have been written down: raw, in hex and in base 64."""
    return [key, key.hex().encode(), b64encode(key), urlsafe_b64encode(key)]
