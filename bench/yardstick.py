"""The yardstick: the least that a Flask page can do, under the same web server.

One page reads a row by its key from SQLite. Another inserts one and commits it, on the disk, into SQLite or
into the PostgreSQL that is measured. Machines differ and are shared; what a page costs in yardsticks of the
same minute can be compared.
"""

import sqlite3
import threading
from pathlib import Path
from typing import Any

from flask import Flask, request

ROWS = 10_000


def fill(path: Path) -> None:
    """Make the database of the yardstick."""
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE thing (id INTEGER PRIMARY KEY, number TEXT UNIQUE, words TEXT)")
        connection.execute("CREATE TABLE mark (id INTEGER PRIMARY KEY, words TEXT)")
        rows = ((f"number-{row}", f"The words of thing {row}. " * 10) for row in range(ROWS))
        connection.executemany("INSERT INTO thing (number, words) VALUES (?, ?)", rows)
    connection.close()


def fill_postgresql(url: str) -> None:
    """Make the table that the inserting page writes to, in an empty database."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE mark (id bigserial PRIMARY KEY, words text)")


def create_app(path: str, marks: str = "") -> Flask:
    """Make an application that reads one row, or inserts one; `marks` is a PostgreSQL to insert into."""
    app = Flask("yardstick")
    local = threading.local()

    def connection() -> sqlite3.Connection:
        if not hasattr(local, "connection"):
            local.connection = sqlite3.connect(path, timeout=5, isolation_level=None)
            local.connection.execute("PRAGMA synchronous = FULL")
        found: sqlite3.Connection = local.connection
        return found

    @app.get("/things/<int:row>")
    def show(row: int) -> str:
        found = connection().execute("SELECT words FROM thing WHERE number = ?", (f"number-{row}",))
        return f"<!doctype html><title>{row}</title><p>{found.fetchone()[0]}</p>"

    @app.post("/marks")
    def mark() -> str:
        words = request.form["words"]
        if marks:
            _postgresql(local, marks).execute("INSERT INTO mark (words) VALUES (%s)", (words,))
        else:
            connection().execute("BEGIN IMMEDIATE")
            connection().execute("INSERT INTO mark (words) VALUES (?)", (words,))
            connection().execute("COMMIT")
        return "<!doctype html><title>Done</title><p>It is in.</p>"

    return app


def _postgresql(local: threading.local, url: str) -> Any:
    if not hasattr(local, "marks"):
        import psycopg

        local.marks = psycopg.connect(url, autocommit=True)
    return local.marks
