"""Fresh databases for tests: migrated once for a run, cloned for each test, never cleaned.

`bare` has the schema only; `city` has the city of the tests in it as well (see factories.make_city).
"""

import os
import secrets
import shutil
from collections import deque
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade

from cps.core.db import db
from tests.support import postgresql
from tests.support.postgresql import lock

KEPT = 3
Filling = Callable[[], None]


class Sqlite:
    """Databases as files."""

    name = "sqlite"

    def __init__(self, run: Path) -> None:
        self.run = run

    def url(self, database: str) -> str:
        """Return the address of a database."""
        return f"sqlite:///{self.run / database}.sqlite"

    def create(self, database: str, template: str | None = None) -> None:
        """Make a database, empty or as a clone."""
        if template:
            shutil.copyfile(self.run / f"{template}.sqlite", self.run / f"{database}.sqlite")

    def drop(self, database: str) -> None:
        """Remove a database nobody uses any more."""
        for file in self.run.glob(f"{database}.sqlite*"):
            file.unlink()

    def publish(self, temporary: str, database: str) -> None:
        """Give a finished template its name, at once and whole."""
        (self.run / f"{temporary}.sqlite").rename(self.run / f"{database}.sqlite")

    def has(self, database: str) -> bool:
        """Say whether a template has been made."""
        return (self.run / f"{database}.sqlite").exists()


class Postgresql:
    """Databases on the run's own server."""

    name = "postgresql"

    def __init__(self, run: Path) -> None:
        import psycopg

        self.run = run
        self._done: deque[str] = deque()
        self._admin = psycopg.connect(postgresql.address(run), autocommit=True)

    def url(self, database: str) -> str:
        """Return the address of a database."""
        return postgresql.address(self.run, database).replace("postgresql://", "postgresql+psycopg://")

    def create(self, database: str, template: str | None = None) -> None:
        """Make a database, empty or as a clone."""
        source = f"TEMPLATE {template} STRATEGY file_copy" if template else ""
        self._admin.execute(f"CREATE DATABASE {database} {source}")

    def drop(self, database: str) -> None:
        """Remove a database a little later: right after the last connection closed the server would wait."""
        self._done.append(database)
        while len(self._done) > KEPT:
            self._admin.execute(f"DROP DATABASE IF EXISTS {self._done.popleft()} WITH (FORCE)")

    def publish(self, temporary: str, database: str) -> None:
        """Give a finished template its name, at once and whole."""
        self._admin.execute(f"ALTER DATABASE {temporary} RENAME TO {database}")

    def has(self, database: str) -> bool:
        """Say whether a template has been made."""
        found = self._admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
        return found.fetchone() is not None


Server = Sqlite | Postgresql
_servers: dict[str, Server] = {}


def server(name: str, run: Path) -> Server:
    """Return the databases of one kind in this process; raises NoPostgresql."""
    if name not in _servers:
        _servers[name] = Sqlite(run) if name == "sqlite" else Postgresql(run)
    return _servers[name]


def new_name(purpose: str) -> str:
    """Return a name for a database that no other process uses."""
    return f"{purpose}_{os.getpid()}_{secrets.token_hex(4)}"


def template(
    on: Server,
    name: str,
    app_on: Callable[[str], Flask],
    *,
    source: str | None = None,
    fill: Filling | None = None,
) -> str:
    """Return the name of a template database, made once for the run: migrated, or cloned and filled.

    `app_on` returns an application that works on the database at the given address.
    """
    with lock(on.run / f"{on.name}.{name}.lock"):
        if not on.has(name):
            temporary = new_name("making")
            on.create(temporary, source)
            with app_on(on.url(temporary)).app_context():
                (fill or upgrade)()
                db.session.remove()
                db.engine.dispose()
            on.publish(temporary, name)
            on.drop(temporary)
    return name
