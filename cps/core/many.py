"""Writing many rows with few statements: no session looks at them one by one."""

from typing import Any

from sqlalchemy import Delete, Update, func, insert, inspect, select, text

from cps.core.db import Model, db


def reserve_ids(table: type[Model], number: int) -> list[int]:
    """Return so many ids for new rows of a table whose key is `id`, in the running write transaction."""
    local = inspect(table).local_table
    if db.engine.dialect.name == "postgresql":
        sequence = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :n)")
        return list(db.session.scalars(sequence, {"name": str(local), "n": number}))
    last: int = db.session.scalar(select(func.coalesce(func.max(local.c.id), 0))) or 0
    return list(range(last + 1, last + 1 + number))


def insert_rows(table: type[Model], rows: list[dict[str, Any]]) -> None:
    """Insert rows that give the same columns, past whatever listens to the session."""
    if rows:
        db.session.execute(insert(table.__table__), rows)  # type: ignore[arg-type]


def change_rows(statement: Update | Delete) -> None:
    """Update or delete rows with one statement; those that were read already stay as they were read."""
    db.session.execute(statement.execution_options(synchronize_session=False))
