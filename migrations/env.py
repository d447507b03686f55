"""Runs migrations on the application's own database, online, each in one transaction."""

from alembic import context
from flask import current_app
from sqlalchemy import JSON, BigInteger, Connection

from cps.core.db import UNCHECKED, WRITING, db

SEARCH_PARTS = {"case_search", "search_vector", "ix_cases_search"}


def include_name(name: str | None, _kind: str, _parents: object) -> bool:
    """Leave out what `cps.core.triggers` makes."""
    return not (name or "").startswith("case_search") and name not in SEARCH_PARTS


def render_item(kind: str, item: object, _context: object) -> str | bool:
    """Write our own column types by their names."""
    if kind != "type":
        return False
    if isinstance(item, JSON):
        return "cps.core.db.Json"
    return "cps.core.db.BigId" if isinstance(item, BigInteger) else False


def run() -> None:
    """Upgrade or downgrade; on a connection that was given as part of its transaction.

    Batch mode copies a table on SQLite and drops the first one: with foreign keys on, all rows that refer to
    it with ON DELETE CASCADE would go with it.
    """
    given: Connection | None = context.config.attributes.get("connection")
    if given is not None:
        migrate(given)
        return
    with db.engine.connect().execution_options(**{WRITING: True, UNCHECKED: True}) as connection:
        migrate(connection)
        connection.commit()


def migrate(connection: Connection) -> None:
    """Run the migrations that were asked for."""
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        include_name=include_name,
        render_item=render_item,
        user_module_prefix="cps.core.db.",
        **current_app.extensions["migrate"].configure_args,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
