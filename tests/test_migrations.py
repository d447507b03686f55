"""The migrations lead to exactly what the program works with, on both databases."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from flask_migrate import downgrade, upgrade
from sqlalchemy import Engine, Inspector, event, inspect, text

from cps.core import schema, triggers
from cps.core.db import WRITING, db
from cps.core.schema import Standing
from tests.support.fixtures import Database

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.empty_database]


@pytest.fixture(autouse=True)
def own_models_only() -> None:
    """Take no notice of what other tests read before."""
    db.session.remove()


def test_the_migrations_make_every_table_column_and_constraint_of_the_models() -> None:
    upgrade()
    migrated = described(inspect(db.engine))
    empty()
    with db.engine.connect().execution_options(**{WRITING: True}) as connection:
        db.metadata.create_all(connection)
        connection.commit()

    made = described(inspect(db.engine))

    assert set(migrated) == set(made)
    for table in made:
        assert migrated[table] == made[table], table


def test_a_new_migration_would_have_nothing_to_do() -> None:
    upgrade()
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": is_ours, "compare_type": True})

        assert compare_metadata(context, db.metadata) == []


def test_every_trigger_stands_in_the_database_as_it_is_written(database: Database) -> None:
    upgrade()

    standing = standing_triggers(database.kind)

    wanted = {one.name: getattr(one, database.kind) for one in triggers.TRIGGERS}
    assert set(standing) == {name for name, body in wanted.items() if body}
    if database.kind == "sqlite":
        assert standing == {name: body for name, body in wanted.items() if body}


def test_the_migrations_can_be_undone_and_done_again(database: Database) -> None:
    upgrade()
    before = described(inspect(db.engine))

    downgrade(revision="base")
    left = set(inspect(db.engine).get_table_names()) - {"alembic_version"}
    upgrade()

    assert {name for name in left if not name.startswith("case_search")} == set()
    assert described(inspect(db.engine)) == before
    assert set(standing_triggers(database.kind)) >= {"audit_no_delete", "audit_no_update"}


def test_a_migration_that_was_cut_off_leaves_nothing_and_can_be_run_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut_off(_connection: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(triggers, "create_all", cut_off)
        with pytest.raises(KeyboardInterrupt):
            upgrade()
    left = set(inspect(db.engine).get_table_names())
    upgrade()

    assert left <= {"alembic_version"}
    assert "cases" in inspect(db.engine).get_table_names()


def test_the_newest_migration_leads_to_the_level_of_the_program() -> None:
    upgrade()

    known = schema.standing()

    assert known is not None
    assert known.level == schema.LEVEL
    assert known.oldest_code <= schema.LEVEL


def test_every_migration_after_the_first_raises_the_level_by_one() -> None:
    scripts = ScriptDirectory(current_app.config["MIGRATIONS"])
    levels = []
    for script in reversed(list(scripts.walk_revisions())):
        upgrade(revision=script.revision)
        levels.append(schema.standing())
        db.session.remove()

    assert levels[0] is None
    assert [known.level for known in levels if known] == list(range(2, schema.LEVEL + 1))


def test_a_level_that_was_cut_off_is_not_said_and_is_said_when_run_again() -> None:
    upgrade(revision="0001")

    with cut_off_after("INSERT INTO schema_level"), pytest.raises(CutOff):
        upgrade(revision="0002_schema_level")
    left = said()
    upgrade(revision="0002_schema_level")

    assert left == ("0001", None)
    assert said() == ("0002_schema_level", Standing(2, 1))


class CutOff(Exception):
    """The program ends here."""


@contextmanager
def cut_off_after(beginning: str) -> Iterator[None]:
    """Let the program be ended right after a statement that begins so."""

    def end(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith(beginning):
            raise CutOff

    engine: Engine = db.engine
    event.listen(engine, "after_cursor_execute", end)
    try:
        yield
    finally:
        event.remove(engine, "after_cursor_execute", end)


def said() -> tuple[str, Standing | None]:
    """Return what the database says of itself, seen by a transaction of its own."""
    db.session.rollback()
    return str(db.session.scalar(text("SELECT version_num FROM alembic_version"))), schema.standing()


def test_running_the_migrations_twice_changes_nothing() -> None:
    upgrade()
    before = described(inspect(db.engine))

    upgrade()

    assert described(inspect(db.engine)) == before


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Leave out what the search triggers keep for themselves."""
    return not (name or "").startswith("case_search") and name not in {"search_vector", "ix_cases_search"}


def described(inspector: Inspector) -> dict[str, dict[str, Any]]:
    """Return everything the database knows of its tables, in an order of its own."""
    tables = [name for name in inspector.get_table_names() if is_ours(name, "table", None)]
    return {name: described_table(inspector, name) for name in tables if name != "alembic_version"}


def described_table(inspector: Inspector, name: str) -> dict[str, Any]:
    columns = {
        column["name"]: (str(column["type"]), column["nullable"], str(column.get("computed")))
        for column in inspector.get_columns(name)
        if is_ours(column["name"], "column", None)
    }
    indexes = [index for index in inspector.get_indexes(name) if is_ours(index["name"], "index", None)]
    return {
        "columns": columns,
        "primary key": inspector.get_pk_constraint(name),
        "foreign keys": ordered(inspector.get_foreign_keys(name)),
        "unique": ordered(inspector.get_unique_constraints(name)),
        "checks": ordered(inspector.get_check_constraints(name)),
        "indexes": ordered(indexes),
    }


def ordered(things: Sequence[Any]) -> list[str]:
    return sorted(plain(thing) for thing in things)


def plain(thing: Any) -> str:
    """Return a text that is the same for things that say the same."""
    if isinstance(thing, Mapping):
        return ", ".join(f"{key}: {plain(value)}" for key, value in sorted(thing.items()))
    return str([str(part) for part in thing]) if isinstance(thing, list) else str(thing)


def standing_triggers(kind: str) -> dict[str, str]:
    question = {
        "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    }
    with db.engine.connect() as connection:
        return {row[0]: row[1] for row in connection.execute(text(question[kind]))}


def empty() -> None:
    """Take every table away."""
    with db.engine.connect().execution_options(**{WRITING: True}) as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")
        else:
            for trigger in standing_triggers("sqlite"):
                connection.exec_driver_sql(f"DROP TRIGGER {trigger}")
            connection.exec_driver_sql("DROP TABLE IF EXISTS case_search")
            for table in reversed(db.metadata.sorted_tables):
                connection.exec_driver_sql(f'DROP TABLE IF EXISTS "{table.name}"')
        connection.commit()
