"""The fixtures of all tests: a database of their own, the application, the clock, the page client."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from cps.core import clock as real_clock
from tests.support import databases, factories
from tests.support.application import Application, cached
from tests.support.postgresql import NoPostgresql
from tests.support.run import FOLDER, reason_of, unavailable
from tests.support.site import Site

WEDNESDAY = datetime(2026, 11, 18, 1, 0, tzinfo=UTC)
"""When tests happen: a working Wednesday, ten in the morning in the city of the tests."""


class Clock:
    """The clock of one test; it stands still until moved."""

    def __init__(self) -> None:
        self.now = WEDNESDAY

    def set_to(self, moment: datetime) -> None:
        """Make it this moment."""
        self.now = moment

    def move(self, **by: float) -> None:
        """Let time pass, as `timedelta` counts it: `clock.move(days=3)`."""
        self.now += timedelta(**by)


@dataclass(frozen=True, slots=True)
class Database:
    """The database of one test."""

    kind: str
    name: str
    url: str
    folder: Path

    def environment(self, **more: str) -> dict[str, str]:
        """Return the environment of a `cps` process that works on this database."""
        wanted = {
            "CPS_ENV": "test",
            "CPS_INSTANCE": str(self.folder),
            "CPS_DATABASE_URL": self.url,
            "CPS_BASE_URL": "http://localhost",
            "CPS_RATE_LIMITS": "off",
        }
        kept = {k: v for k, v in os.environ.items() if not k.startswith("CPS_")}
        return {**kept, **wanted, **more}


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marks of these fixtures."""
    config.addinivalue_line("markers", "settings(**changes): the application has these settings changed")
    config.addinivalue_line("markers", "bare_database: migrated, but without the city of the tests")
    config.addinivalue_line("markers", "empty_database: without any table")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what touches the database on SQLite and on PostgreSQL."""
    if "database" not in metafunc.fixturenames:
        return
    mark = metafunc.definition.get_closest_marker("one_database")
    kinds = ["sqlite", "postgresql"]
    if mark and reason_of(mark):
        kinds = ["sqlite"]
    if only := metafunc.config.option.only_database:
        kinds = [kind for kind in kinds if kind == only]
    metafunc.parametrize("database", kinds, indirect=True, scope="function")


@pytest.fixture(scope="session")
def run_folder(pytestconfig: pytest.Config) -> Path:
    """The folder of this run, shared by all its processes."""
    return pytestconfig.stash[FOLDER]


@pytest.fixture
def clock() -> Iterator[Clock]:
    """The clock; without a word it is Wednesday 18 November 2026, ten in the morning in Seoul."""
    clock = Clock()
    with real_clock.set_to(lambda: clock.now):
        yield clock


@pytest.fixture
def database(request: pytest.FixtureRequest, run_folder: Path, tmp_path: Path) -> Iterator[Database]:
    """A database of this test alone: a clone of a migrated one with the city of the tests."""
    try:
        server = databases.server(request.param, run_folder)
    except NoPostgresql as error:
        unavailable("PostgreSQL", str(error))
    name = databases.new_name("test")
    server.create(name, None if _marked(request, "empty_database") else _template(server, request))
    folder = tmp_path / "instance"
    folder.mkdir()
    yield Database(request.param, name, server.url(name), folder)
    server.drop(name)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def application(request: pytest.FixtureRequest, database: Database, clock: Clock) -> Iterator[Application]:
    """The application on the database of this test, with what it says to it."""
    mark = request.node.get_closest_marker("settings")
    changes = mark.kwargs if mark else {}
    application = cached(database.kind, database.url, database.folder, **changes)
    application.point_at(database.url, database.folder)
    yield application
    application.leave()


@pytest.fixture
def app(application: Application) -> Flask:
    """The Flask application; its context is pushed around the test."""
    return application.app


@pytest.fixture
def site(app: Flask, application: Application) -> Site:
    """A visitor with a browser of their own; `site.another()` is a further one."""
    return Site(application)


def _marked(request: pytest.FixtureRequest, name: str) -> bool:
    return request.node.get_closest_marker(name) is not None


def _template(server: databases.Server, request: pytest.FixtureRequest) -> str:
    def application_on(url: str) -> Flask:
        return cached(server.name, url, server.run).point_at(url, server.run)

    bare = databases.template(server, "bare", application_on)
    if _marked(request, "bare_database"):
        return bare
    return databases.template(server, "city", application_on, fill=factories.make_city, source=bare)
