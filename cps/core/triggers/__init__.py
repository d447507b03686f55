"""Every trigger and search index the schema needs beyond tables; re-created after each migration.

Alembic's batch mode copies a table on SQLite and drops its triggers silently, so migrations call
`create_all` at their end, and a test compares what stands in each database with this list.
"""

from sqlalchemy import Connection, inspect

from cps.core.triggers import audit, clock, places, polls, promises, search
from cps.core.triggers.trigger import REFUSE, Trigger

__all__ = ["TRIGGERS", "Trigger", "create_all"]

TRIGGERS: tuple[Trigger, ...] = (
    *audit.TRIGGERS,
    *search.TRIGGERS,
    *places.TRIGGERS,
    *polls.TRIGGERS,
    *promises.TRIGGERS,
    *clock.TRIGGERS,
)


def create_all(connection: Connection) -> None:
    """Create the search indexes and (again) every trigger of a table that is there, on this connection."""
    dialect = connection.dialect.name
    if dialect == "postgresql":
        for function in (REFUSE, *places.FUNCTIONS, *polls.FUNCTIONS, *clock.FUNCTIONS):
            connection.exec_driver_sql(function.replace("%", "%%"))
    for statement in search.INDEXES[dialect]:
        connection.exec_driver_sql(statement)
    there = set(inspect(connection).get_table_names())
    for trigger in TRIGGERS:
        # An older migration does not know the tables of later ones
        if there.issuperset((trigger.table, *trigger.needs)):
            _create(connection, trigger, dialect)


def _create(connection: Connection, trigger: Trigger, dialect: str) -> None:
    body = trigger.sqlite if dialect == "sqlite" else trigger.postgresql
    if not body:
        return
    on_table = f" ON {trigger.table}" if dialect == "postgresql" else ""
    connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {trigger.name}{on_table}")
    connection.exec_driver_sql(body)
