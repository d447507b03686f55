"""Every trigger and search index the schema needs beyond tables; re-created after each migration.

Alembic's batch mode copies a table on SQLite and drops its triggers silently, so migrations call
`create_all` at their end, and a test compares what stands in each database with this list.
"""

from dataclasses import dataclass

from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Trigger:
    """One trigger with its text on each database; empty where a database needs none."""

    name: str
    table: str
    sqlite: str
    postgresql: str


_REFUSE_FUNCTION = """
CREATE OR REPLACE FUNCTION cps_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% of % is refused', TG_OP, TG_TABLE_NAME
  USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def _append_only(table: str) -> Trigger:
    name = f"{table}_no_delete"
    return Trigger(
        name,
        table,
        sqlite=f"CREATE TRIGGER {name} BEFORE DELETE ON {table} "
        f"BEGIN SELECT RAISE(ABORT, 'DELETE of {table} is refused'); END",
        postgresql=f"CREATE TRIGGER {name} BEFORE DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION cps_refuse()",
    )


_SAME_AUDIT = " AND ".join(
    f"NEW.{column} {{same}} OLD.{column}"
    for column in ("id", "at", "actor_id", "action", "object_kind", "object_id")
)

_ONLY_CHAINED = "OLD.chain_hash IS NULL AND {same} AND NEW.changes {operator} OLD.changes"

TRIGGERS = (
    _append_only("audit"),
    Trigger(
        "audit_no_update",
        "audit",
        sqlite=f"""CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
WHEN NOT ({_ONLY_CHAINED.format(same=_SAME_AUDIT.format(same="IS"), operator="IS")})
BEGIN SELECT RAISE(ABORT, 'UPDATE of audit is refused'); END""",
        postgresql=f"""CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit FOR EACH ROW
WHEN (NOT ({
            _ONLY_CHAINED.format(
                same=_SAME_AUDIT.format(same="IS NOT DISTINCT FROM"), operator="IS NOT DISTINCT FROM"
            )
        }))
EXECUTE FUNCTION cps_refuse()""",
    ),
    Trigger(
        "cases_search_insert",
        "cases",
        sqlite="""CREATE TRIGGER cases_search_insert AFTER INSERT ON cases
BEGIN INSERT INTO case_search(rowid, search_text) VALUES (NEW.id, NEW.search_text); END""",
        postgresql="",
    ),
    Trigger(
        "cases_search_delete",
        "cases",
        sqlite="""CREATE TRIGGER cases_search_delete AFTER DELETE ON cases
BEGIN
  INSERT INTO case_search(case_search, rowid, search_text) VALUES ('delete', OLD.id, OLD.search_text);
END""",
        postgresql="",
    ),
    Trigger(
        "cases_search_update",
        "cases",
        sqlite="""CREATE TRIGGER cases_search_update AFTER UPDATE OF search_text ON cases
BEGIN
  INSERT INTO case_search(case_search, rowid, search_text) VALUES ('delete', OLD.id, OLD.search_text);
  INSERT INTO case_search(rowid, search_text) VALUES (NEW.id, NEW.search_text);
END""",
        postgresql="",
    ),
)

_SEARCH = {
    "sqlite": (
        """
CREATE VIRTUAL TABLE IF NOT EXISTS case_search USING fts5(
  search_text, content='cases', content_rowid='id',
  tokenize="unicode61 remove_diacritics 0 categories 'L* N* Co M*'"
)
""",
    ),
    "postgresql": (
        """
ALTER TABLE cases ADD COLUMN IF NOT EXISTS search_vector tsvector
GENERATED ALWAYS AS (array_to_tsvector(array_remove(string_to_array(search_text, ' '), ''))) STORED
""",
        "CREATE INDEX IF NOT EXISTS ix_cases_search ON cases USING gin (search_vector)",
    ),
}


def create_all(connection: Connection) -> None:
    """Create the search indexes and (again) every trigger, on this connection."""
    dialect = connection.dialect.name
    if dialect == "postgresql":
        connection.exec_driver_sql(_REFUSE_FUNCTION.replace("%", "%%"))
    for statement in _SEARCH[dialect]:
        connection.exec_driver_sql(statement)
    for trigger in TRIGGERS:
        _create(connection, trigger, dialect)


def _create(connection: Connection, trigger: Trigger, dialect: str) -> None:
    body = trigger.sqlite if dialect == "sqlite" else trigger.postgresql
    if not body:
        return
    on_table = f" ON {trigger.table}" if dialect == "postgresql" else ""
    connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {trigger.name}{on_table}")
    connection.exec_driver_sql(body)
