"""The yardstick: the least that a Flask page can do, one read by key from SQLite, under the same web server.

Machines differ and are shared; what a page costs in yardsticks of the same minute can be compared.
"""

import sqlite3
import threading
from pathlib import Path

from flask import Flask

ROWS = 10_000


def fill(path: Path) -> None:
    """Make the database of the yardstick."""
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE thing (id INTEGER PRIMARY KEY, number TEXT UNIQUE, words TEXT)")
        rows = ((f"number-{row}", f"The words of thing {row}. " * 10) for row in range(ROWS))
        connection.executemany("INSERT INTO thing (number, words) VALUES (?, ?)", rows)
    connection.close()


def create_app(path: str) -> Flask:
    """Make an application with one page, which reads one row."""
    app = Flask("yardstick")
    local = threading.local()

    @app.get("/things/<int:row>")
    def show(row: int) -> str:
        if not hasattr(local, "connection"):
            local.connection = sqlite3.connect(path)
        found = local.connection.execute("SELECT words FROM thing WHERE number = ?", (f"number-{row}",))
        return f"<!doctype html><title>{row}</title><p>{found.fetchone()[0]}</p>"

    return app
