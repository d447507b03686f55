"""How a database goes about a statement, in a city of many closed cases."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import event, text

from cps.cases.models import Case
from cps.core.db import db

LOOKS_FOR_ROWS = ("SELECT", "WITH", "UPDATE", "DELETE")


def copy_case(case: Case, times: int, prefix: str = "r") -> None:
    """Copy a case so many times."""
    own = {"id", "reference", "external_id", "is_listed"}
    names = ", ".join(column.name for column in Case.__table__.columns if column.name not in own)
    upwards = f"SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {times}"
    numbers = f"WITH RECURSIVE n(i) AS ({upwards}) SELECT i FROM n"
    chosen = f"'{prefix}' || i, '{prefix}' || i, {names} FROM cases CROSS JOIN ({numbers}) AS numbers"
    with db.engine.begin() as connection:
        connection.execute(
            text(f"INSERT INTO cases (reference, external_id, {names}) SELECT {chosen} WHERE id = :id"),
            {"id": case.id},
        )


def learn_sizes() -> None:
    """Let the database count what it holds, and PostgreSQL tidy up, as it does by itself."""
    db.session.commit()  # else what it has seen may not be tidied up
    count = "ANALYZE" if db.engine.dialect.name == "sqlite" else "VACUUM ANALYZE"
    with db.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text(count))


def plan_of(read: Callable[[], object]) -> str:
    """Return how the database goes about the last statement of this read."""
    return _explain(*_statements(read)[-1])


def plans_of(work: Callable[[], object]) -> dict[str, str]:
    """Return how the database goes about each statement of this work that looks for rows, by statement.

    Each is explained by the first values that it was sent with.
    """
    asked = dict(reversed(_statements(work)))
    looking = {one: values for one, values in asked.items() if one.startswith(LOOKS_FOR_ROWS)}
    return {one: _explain(one, values) for one, values in looking.items()}


def _statements(work: Callable[[], object]) -> list[tuple[str, Any]]:
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, many: bool) -> None:
        asked.append((statement, values[0] if many else values))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        work()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return asked


def _explain(statement: str, values: Any) -> str:
    explain = "EXPLAIN QUERY PLAN" if db.engine.dialect.name == "sqlite" else "EXPLAIN"
    rows = db.session.connection().exec_driver_sql(f"{explain} {statement}", values)
    return "\n".join(str(row[-1]) for row in rows)


def reads_all_cases(plan: str) -> bool:
    """Say whether a plan goes through the whole table of cases."""
    lines = [line.strip() for line in plan.splitlines()]
    return any(line in {"SCAN cases", "SCAN TABLE cases"} or "Seq Scan on cases" in line for line in lines)
