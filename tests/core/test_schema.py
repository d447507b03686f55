"""Only a program that is too old for its database does not start; asked by starting it."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import text

from cps import create_app
from cps.core import schema
from cps.core.db import db, transaction
from cps.core.errors import ConfigurationError
from cps.core.schema import LEVEL, Standing
from tests.support.application import config_for
from tests.support.fixtures import Database
from tests.support.terminal import cps

pytestmark = pytest.mark.usefixtures("app")


def level_up(level: int, *, oldest_code: int) -> None:
    """Let the schema be as another version of the program leaves it."""
    with transaction() as session:
        schema.set_level(session.connection(), level, oldest_code=oldest_code)


@pytest.mark.parametrize("command", [("run",), ("worker",), ("upgrade",), ("doctor",)])
@pytest.mark.first_case("all commands start in one way")
def test_a_program_too_old_for_its_database_stops_with_one_line(
    command: Sequence[str], database: Database
) -> None:
    level_up(LEVEL + 2, oldest_code=LEVEL + 1)

    answer = cps(database, *command)

    assert (answer.returncode, answer.stdout) == (1, "")
    assert answer.stderr == (
        f"cps: This program (level {LEVEL}) is too old for its database, which asks for level {LEVEL + 1}"
        " or newer. Install the version that upgraded it.\n"
    )


def test_a_web_server_too_old_for_its_database_does_not_start(database: Database) -> None:
    level_up(LEVEL + 1, oldest_code=LEVEL + 1)

    with pytest.raises(ConfigurationError, match="too old for its database"):
        create_app(config_for(database.url, database.folder))


@pytest.mark.parametrize("level", [LEVEL - 1, LEVEL, LEVEL + 7])
def test_a_database_that_allows_this_program_is_served_whatever_its_level(
    level: int, database: Database
) -> None:
    level_up(level, oldest_code=min(level, LEVEL))

    assert create_app(config_for(database.url, database.folder))


def test_a_database_that_has_no_level_yet_is_served(database: Database) -> None:
    with transaction() as session:
        session.execute(text("DELETE FROM schema_level"))

    assert create_app(config_for(database.url, database.folder))


@pytest.mark.empty_database
def test_a_database_without_tables_is_asked_at_the_next_start(database: Database) -> None:
    assert create_app(config_for(database.url, database.folder))


def test_a_database_that_does_not_answer_is_asked_at_the_next_start(database: Database) -> None:
    away = {
        "sqlite": "sqlite:////nowhere/at/all.sqlite",
        "postgresql": database.url.replace(database.name, "away"),
    }

    assert create_app(config_for(away[database.kind], database.folder))


@pytest.mark.one_database("PostgreSQL keeps no file of its own here")
def test_asking_at_start_makes_no_file(database: Database, tmp_path: Path) -> None:
    create_app(config_for(f"sqlite:///{tmp_path}/new.sqlite", database.folder))

    assert not (tmp_path / "new.sqlite").exists()


def test_starting_keeps_no_connection_open(database: Database) -> None:
    app = create_app(config_for(database.url, database.folder))

    with app.app_context():
        assert "Connections in pool: 0" in db.engine.pool.status()


def test_a_level_that_is_said_again_replaces_the_one_before() -> None:
    level_up(LEVEL + 1, oldest_code=1)
    level_up(LEVEL + 2, oldest_code=2)

    assert schema.standing() == Standing(LEVEL + 2, 2)
