"""INSERT that knows what to do with a row that stands already: both databases have it, SQLAlchemy apart."""

from sqlalchemy import TableClause
from sqlalchemy.dialects.postgresql import Insert as PostgresqlInsert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert

from cps.core.db import Model, db


def insert_into(table: type[Model]) -> PostgresqlInsert | SqliteInsert:
    """Return the INSERT of this database, with `on_conflict_do_nothing` and `on_conflict_do_update`."""
    return insert_for(db.engine.dialect.name, table)


def insert_for(dialect: str, table: type[Model] | TableClause) -> PostgresqlInsert | SqliteInsert:
    """Return the same for a named dialect, for statements that are built once and kept.

    Of a model's table instead of the model, a statement runs in half the time: no object is looked for.
    """
    return PostgresqlInsert(table) if dialect == "postgresql" else SqliteInsert(table)
