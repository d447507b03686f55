"""A private place for the rows of a file on their way in: little memory, whatever the city's database is.

It is a file of SQLite's without a name, gone with the connection.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

_SETTINGS = ("PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF", "PRAGMA cache_size = -32768")
"""What suits a file that nobody will ever open again."""


@contextmanager
def private_database(*tables: str) -> Iterator[sqlite3.Connection]:
    """Give a database with these tables (CREATE statements) in one transaction, until the block ends."""
    with closing(sqlite3.connect("", isolation_level=None)) as database:
        for statement in (*_SETTINGS, *tables, "BEGIN"):
            database.execute(statement)
        yield database
