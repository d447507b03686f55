"""Reads a table and puts its rows as texts into one bare table: the least an import can do.

`python import_bare.py FILE URL`, where the address says SQLite or PostgreSQL. Nothing is looked at, and
nothing has an index but the key.
"""

import csv
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

CHUNK = 2_000


def main(file: str, url: str) -> None:
    """Read and insert, in one transaction."""
    with open(file, newline="", encoding="utf-8") as opened:  # noqa: PTH123 - this stays small
        rows = csv.reader(opened)
        head = next(rows)
        columns = ", ".join(f'"{name}" TEXT{" PRIMARY KEY" if place == 0 else ""}' for place, name in
                            enumerate(head))  # fmt: skip
        connection, mark = _connect(url)
        cursor = connection.cursor()
        cursor.execute(f"CREATE TABLE bare ({columns})")
        statement = f"INSERT INTO bare VALUES ({', '.join([mark] * len(head))})"
        for chunk in _chunks(rows):
            cursor.executemany(statement, chunk)
        connection.commit()
        cursor.execute("DROP TABLE bare")
        connection.commit()


def _connect(url: str) -> tuple[Any, str]:
    if url.startswith("sqlite:///"):
        return sqlite3.connect(url.removeprefix("sqlite:///")), "?"
    import psycopg

    return psycopg.connect(url.replace("+psycopg", "")), "%s"


def _chunks(rows: Iterator[list[str]]) -> Iterator[Sequence[list[str]]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


if __name__ == "__main__":
    main(*sys.argv[1:])
