"""INSERT that knows what to do with a row that stands already: both databases have it, SQLAlchemy apart."""

from sqlalchemy.dialects.postgresql import Insert as PostgresqlInsert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert

from cps.core.db import Model, db


def insert_into(table: type[Model]) -> PostgresqlInsert | SqliteInsert:
    """Return the INSERT of this database, with `on_conflict_do_nothing` and `on_conflict_do_update`."""
    is_postgresql = db.engine.dialect.name == "postgresql"
    return PostgresqlInsert(table) if is_postgresql else SqliteInsert(table)
