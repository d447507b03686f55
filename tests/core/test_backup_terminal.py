"""Backups from a terminal: whole processes, some of them killed, and schemas that move on."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import create_engine, text

from cps.cases.models import CaseEvent
from cps.core import clock
from cps.core.backup import restoring, revisions, saving
from cps.core.backup.manifest import BadBackup
from cps.core.db import db, transaction
from cps.core.models import LimitWindow
from tests.support import databases, factories
from tests.support.backups import Quiet, everything, fill, installation
from tests.support.fixtures import Database
from tests.support.terminal import cps

pytestmark = pytest.mark.usefixtures("app")

MANY = 20_000


@pytest.fixture
def there(database: Database, run_folder: Path, tmp_path: Path) -> Iterator[Database]:
    """An empty installation on the same kind of database."""
    server = databases.server(database.kind, run_folder)
    name = databases.new_name("target")
    server.create(name)
    folder = tmp_path / "target"
    folder.mkdir()
    yield Database(database.kind, name, server.url(name), folder)
    server.drop(name)


def test_a_city_is_backed_up_proved_and_restored_at_a_terminal(
    database: Database, there: Database, tmp_path: Path
) -> None:
    fill()
    file = str(tmp_path / "city.zip")

    saved = cps(database, "backup", file)
    proved = cps(there, "restore", file, "--check")
    restored = cps(there, "restore", file)
    again = cps(there, "restore", file)

    assert (saved.returncode, saved.stderr) == (0, "")
    assert saved.stdout.endswith(" 6 files. Keep CPS_KEYS_DIR and CPS_SECRET_KEY apart from it.\n")
    assert (proved.returncode, proved.stderr) == (0, "")
    assert "city.zip is whole: " in proved.stdout
    assert restored.returncode == 0
    assert restored.stderr == (
        "identity.key is missing or not the one these rows go with: put it back before anybody signs in.\n"
    )
    assert "city.zip is restored: " in restored.stdout
    assert (again.returncode, again.stderr[:48]) == (1, "cps: There are rows in the table city already. A")


def test_a_restore_that_is_killed_can_be_run_again(
    database: Database, there: Database, tmp_path: Path
) -> None:
    fill()
    with transaction() as session:
        at = clock.now()
        session.execute(
            db.insert(LimitWindow), [{"bucket": f"b{n}", "window_start": at, "count": n} for n in range(MANY)]
        )
    file = tmp_path / "city.zip"
    saving.save(file, at=clock.now(), progress=Quiet())
    before = rows_of(database)

    killed = killed_after("rows: ", there, "restore", str(file))
    left = cps(there, "doctor")
    answer = cps(there, "restore", str(file))

    assert killed == -9
    assert "WRONG migrations" in left.stdout
    assert "at nothing" in left.stdout
    assert answer.returncode == 0, answer.stderr
    assert rows_of(there) == before


def test_a_backup_that_is_killed_leaves_the_one_before(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "city.zip"
    assert cps(database, "backup", str(file)).returncode == 0
    before = file.read_bytes()
    with transaction() as session:
        at = clock.now()
        session.execute(
            db.insert(LimitWindow), [{"bucket": f"b{n}", "window_start": at, "count": n} for n in range(MANY)]
        )

    killed = killed_after("rows: ", database, "backup", str(file))

    assert killed == -9
    assert file.read_bytes() == before


def killed_after(line: str, database: Database, *arguments: str) -> int:
    """Run `cps`, kill it as soon as it has printed such a line, and return how it ended."""
    process = subprocess.Popen(
        [sys.executable, "-m", "cps", *arguments],
        env=database.environment(PYTHONUNBUFFERED="1"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    told = []
    for said in process.stdout:
        told.append(said)
        if said.startswith(line):
            process.kill()
            break
    process.stdout.close()
    assert told[-1].startswith(line), told
    return process.wait(60)


def rows_of(database: Database) -> dict[str, int]:
    """Count the rows of every table of another database."""
    db.session.rollback()
    engine = create_engine(database.url)
    try:
        with engine.connect() as connection:
            return {name: len(rows) for name, rows in everything(connection).items()}
    finally:
        engine.dispose()


LATER = '''
"""A migration of tomorrow: on SQLite `category` is copied, because a column changes."""

import sqlalchemy as sa
from alembic import op

from cps.core import triggers

revision = "9999_tomorrow"
down_revision = "{head}"


def upgrade() -> None:
    with op.batch_alter_table("category") as batch:
        batch.alter_column("icon", existing_type=sa.String(40), type_=sa.String(60))
        batch.add_column(sa.Column("mood", sa.String(10), nullable=False, server_default="calm"))
    triggers.create_all(op.get_bind())


def downgrade() -> None:
    with op.batch_alter_table("category") as batch:
        batch.drop_column("mood")
        batch.alter_column("icon", existing_type=sa.String(60), type_=sa.String(40))
    triggers.create_all(op.get_bind())
'''


@pytest.fixture
def tomorrow(app: Flask, tmp_path: Path) -> Path:
    """The migrations of a later version of the program."""
    folder = tmp_path / "migrations"
    shutil.copytree(app.config["MIGRATIONS"], folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "9999_tomorrow.py").write_text(LATER.format(head=revisions.head()))
    return folder


def test_an_older_backup_is_brought_to_the_schema_of_the_program(
    tomorrow: Path, database: Database, run_folder: Path, tmp_path: Path
) -> None:
    fill()
    saving.save(tmp_path / "old.zip", at=clock.now(), progress=Quiet())
    events = db.session.scalar(db.select(db.func.count(CaseEvent.id)))

    with (
        installation(database.kind, run_folder, tmp_path / "target") as (app, _there),
        pointed_at(app, tomorrow),
    ):
        restoring.restore(tmp_path / "old.zip", at=clock.now(), progress=Quiet())

        assert db.session.scalar(text("SELECT version_num FROM alembic_version")) == "9999_tomorrow"
        assert set(db.session.scalars(text("SELECT mood FROM category"))) == {"calm"}
        assert db.session.scalar(db.select(db.func.count(CaseEvent.id))) == events
        factories.make_complaint()


def test_an_older_backup_goes_into_a_fresh_database_of_a_newer_schema(
    tomorrow: Path, database: Database, run_folder: Path, tmp_path: Path
) -> None:
    fill()
    saving.save(tmp_path / "old.zip", at=clock.now(), progress=Quiet())

    with (
        installation(database.kind, run_folder, tmp_path / "target") as (app, _there),
        pointed_at(app, tomorrow),
    ):
        upgrade(directory=str(tomorrow))
        restoring.restore(tmp_path / "old.zip", at=clock.now(), progress=Quiet())

        assert set(db.session.scalars(text("SELECT mood FROM category"))) == {"calm"}


def test_a_newer_backup_is_refused_before_anything_is_made(
    app: Flask, tomorrow: Path, database: Database, run_folder: Path, tmp_path: Path
) -> None:
    with pointed_at(app, tomorrow):
        upgrade(directory=str(tomorrow))
        saving.save(tmp_path / "new.zip", at=clock.now(), progress=Quiet())

    with installation(database.kind, run_folder, tmp_path / "target"):
        with pytest.raises(BadBackup, match="of a newer version of the program"):
            restoring.restore(tmp_path / "new.zip", at=clock.now(), progress=Quiet())

        assert db.inspect(db.engine).get_table_names() == []


def test_a_migration_that_copies_a_table_keeps_the_rows_that_refer_to_it(tomorrow: Path) -> None:
    fill()
    with db.engine.connect() as connection:
        before = everything(connection)

    upgrade(directory=str(tomorrow))

    db.session.rollback()
    with db.engine.connect() as connection:
        assert everything(connection) == before
        if connection.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


@contextmanager
def pointed_at(app: Flask, migrations: Path) -> Iterator[None]:
    """Let the application take its migrations from another folder."""
    before = app.extensions["migrate"].directory  # asked first: Flask-Migrate remembers what is set then
    app.config["MIGRATIONS"] = str(migrations)
    try:
        yield
    finally:
        app.config["MIGRATIONS"] = before
