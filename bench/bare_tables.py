"""Tables without indexes and triggers for a while: a million rows would wait for each of them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import bindparam, text

from cps.core.db import db, transaction

_SQLITE = text(
    "SELECT type, name, sql FROM sqlite_master"
    " WHERE tbl_name IN :tables AND type IN ('index', 'trigger') AND sql IS NOT NULL"
).bindparams(bindparam("tables", expanding=True))
_POSTGRESQL = text(
    "SELECT 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema()"
    " AND tablename IN :tables AND indexname NOT IN (SELECT conname FROM pg_constraint)"
).bindparams(bindparam("tables", expanding=True))
_NO_TRIGGERS = text("SET LOCAL session_replication_role = replica")


@contextmanager
def bare(*tables: str) -> Iterator[Callable[[], None]]:
    """Take indexes that no constraint needs, and triggers, away until the block ends; then fill them at once.

    Provides what each transaction of the block calls first: it silences PostgreSQL's triggers for that one,
    which needs a superuser. The search index of SQLite is made anew at the end.
    """
    on_postgresql = db.engine.dialect.name == "postgresql"
    with transaction() as session:
        taken = session.execute(_POSTGRESQL if on_postgresql else _SQLITE, {"tables": tables}).all()
        for kind, name, _sql in taken:
            session.execute(text(f"DROP {kind} {name}"))
    try:
        yield _silence if on_postgresql else _nothing
    finally:
        db.session.rollback()
        with transaction() as session:
            for _kind, _name, sql in taken:
                session.connection().exec_driver_sql(sql)
            if not on_postgresql:
                session.execute(text("INSERT INTO case_search (case_search) VALUES ('rebuild')"))


def _silence() -> None:
    db.session.execute(_NO_TRIGGERS)


def _nothing() -> None:
    pass
