"""What all tables of a database hold, to be compared before and after."""

from typing import Any

from cps.core.db import db
from tests.support.backups import everything


def snapshot() -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table, read on a connection of its own."""
    db.session.rollback()
    with db.engine.connect() as connection:
        return everything(connection)


def changed(before: dict[str, list[tuple[Any, ...]]]) -> dict[str, tuple[int, int]]:
    """Return the tables that are not as they were, each with its number of rows before and now."""
    now = snapshot()
    return {name: (len(rows), len(now[name])) for name, rows in before.items() if now[name] != rows}
