"""Loading a whole database: what usually guards single rows stands aside and is put back, in one transaction.

Append-only tables refuse to be emptied, triggers would do again what is done already, and rows refer to rows
that come later. On SQLite the connection is `UNCHECKED`, so that foreign keys wait for `refuse_dangling`; on
PostgreSQL they are dropped and made anew, which checks every row.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, cast, column, func, inspect, select, table, text
from sqlalchemy.dialects.postgresql import REGCLASS

from cps.core.backup.manifest import BadBackup
from cps.core.i18n import gettext as _

NOT_OURS = {"alembic_version"}

_FOREIGN_KEYS = text("""
SELECT c.relname, k.conname, pg_get_constraintdef(k.oid)
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
WHERE k.contype = 'f' AND k.connamespace = current_schema()::regnamespace ORDER BY 1, 2
""")

_COUNTERS = text("""
SELECT relname, attname, pg_get_serial_sequence(quote_ident(relname), attname)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace
AND a.attnum > 0 AND NOT a.attisdropped
AND pg_get_serial_sequence(quote_ident(relname), attname) IS NOT NULL
""")


def tables(connection: Connection) -> list[str]:
    """Return the names of the tables that hold rows: without what Alembic and the search keep."""
    virtual = set(_virtual_tables(connection))
    parts = tuple(f"{name}_" for name in virtual)
    names = inspect(connection).get_table_names()
    return sorted(n for n in names if n not in NOT_OURS | virtual and not (parts and n.startswith(parts)))


def columns(connection: Connection, name: str) -> set[str]:
    """Return the names of the columns of a table that the database does not compute itself."""
    return {c["name"] for c in inspect(connection).get_columns(name) if not c.get("computed")}


def keep_others_out(connection: Connection) -> None:
    """Let nobody else read or write any table until the transaction ends; on SQLite it is the only writer."""
    names = tables(connection)
    if connection.dialect.name == "postgresql" and names:
        connection.execute(text(f"LOCK TABLE {', '.join(map(_quoted, names))} IN ACCESS EXCLUSIVE MODE"))


@contextmanager
def aside(connection: Connection) -> Iterator[None]:
    """Take triggers away, on PostgreSQL foreign keys too, and put all back at the end of the block."""
    guards = _aside_postgresql if connection.dialect.name == "postgresql" else _aside_sqlite
    with guards(connection):
        yield


def refuse_dangling(connection: Connection) -> None:
    """Raise BadBackup where a row refers to a row that is not there."""
    if connection.dialect.name != "sqlite":
        return
    found = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if found is not None:
        raise BadBackup(
            _(
                "A row of %(table)s refers to a row of %(other)s that is not there.",
                table=found[0],
                other=found[2],
            )
        )


@contextmanager
def _aside_sqlite(connection: Connection) -> Iterator[None]:
    rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all()
    for name, _sql in rows:
        connection.exec_driver_sql(f"DROP TRIGGER {_quoted(name)}")
    yield
    for name in _virtual_tables(connection):
        index = _quoted(name)
        connection.exec_driver_sql(f"INSERT INTO {index} ({index}) VALUES ('rebuild')")  # noqa: S608 - its own
    for _name, sql in rows:
        connection.exec_driver_sql(sql)


@contextmanager
def _aside_postgresql(connection: Connection) -> Iterator[None]:
    names = [_quoted(name) for name in tables(connection)]
    keys = [(_quoted(t), _quoted(k), rule) for t, k, rule in connection.execute(_FOREIGN_KEYS)]
    for name in names:
        connection.execute(text(f"ALTER TABLE {name} DISABLE TRIGGER USER"))
    for name, key, _rule in keys:
        connection.execute(text(f"ALTER TABLE {name} DROP CONSTRAINT {key}"))
    yield
    for name, key, rule in keys:
        connection.execute(text(f"ALTER TABLE {name} ADD CONSTRAINT {key} {rule}"))
    for name in names:
        connection.execute(text(f"ALTER TABLE {name} ENABLE TRIGGER USER"))
    for name, key, counter in connection.execute(_COUNTERS).all():
        _count_on(connection, name, key, counter)


def _count_on(connection: Connection, name: str, key: str, counter: str) -> None:
    """Let the next identifier be one above the highest."""
    ids = table(name, column(key))
    highest = func.max(ids.c[key])
    position = func.setval(cast(counter, REGCLASS), func.coalesce(highest, 1), highest.is_not(None))
    connection.execute(select(position).select_from(ids))


def _virtual_tables(connection: Connection) -> list[str]:
    if connection.dialect.name != "sqlite":
        return []
    found = connection.exec_driver_sql(
        "SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%'"
    )
    return list(found.scalars())


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
