"""What a trigger is, and the commonest one: it refuses."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trigger:
    """One trigger with its text on each database; empty where a database needs none.

    `needs` are other tables that it writes to: it is not made before they are there.
    """

    name: str
    table: str
    sqlite: str
    postgresql: str
    needs: tuple[str, ...] = ()


REFUSE = """
CREATE OR REPLACE FUNCTION cps_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% of % is refused', TG_OP, TG_TABLE_NAME
  USING ERRCODE = 'integrity_constraint_violation';
END $$
"""
"""The function behind every plain refusal on PostgreSQL."""


def refuse(table: str, operation: str) -> Trigger:
    """Return the trigger that refuses every UPDATE, or every DELETE and TRUNCATE, of a table."""
    name = f"{table}_no_{operation.lower()}"
    every = "DELETE OR TRUNCATE" if operation == "DELETE" else operation
    return Trigger(
        name,
        table,
        sqlite=f"CREATE TRIGGER {name} BEFORE {operation} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{operation} of {table} is refused'); END",
        postgresql=f"CREATE TRIGGER {name} BEFORE {every} ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION cps_refuse()",
    )
