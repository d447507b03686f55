"""A demo city for tests: loaded once a run on each database, then cloned."""

import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from flask import Flask

from cps.demo import services
from cps.demo.plan import Plan
from tests.support import databases
from tests.support.application import cached
from tests.support.fixtures import WEDNESDAY, Database
from tests.support.postgresql import NoPostgresql
from tests.support.run import unavailable

PLAN = Plan(cases=350, residents=80, photos=0, seed=1)


def load(storage: Path) -> None:
    """Load the demo city of the tests into the application's database and its voice notes into a folder."""
    services.load(PLAN, storage_url=str(storage), at=WEDNESDAY)


def demo_database(kind: str, run_folder: Path, folder: Path) -> Iterator[Database]:
    """Yield a database with the demo city in it and the keys it was made with, then remove it.

    Keys know as what their polls were opened, so that each kind of database has its own.
    """

    made_in = run_folder / f"demo-{kind}"
    made_in.mkdir(exist_ok=True)

    def application_on(url: str) -> Flask:
        return cached(server.name, url, made_in).point_at(url, made_in)

    try:
        server = databases.server(kind, run_folder)
    except NoPostgresql as error:
        unavailable("PostgreSQL", str(error))
    bare = databases.template(server, "bare", application_on)
    fill = partial(load, made_in / "attachments")
    template = databases.template(server, "demo", application_on, fill=fill, source=bare)
    name = databases.new_name("test")
    server.create(name, template)
    shutil.copytree(made_in / "keys", folder / "keys")
    yield Database(kind, name, server.url(name), folder)
    server.drop(name)
    shutil.rmtree(folder, ignore_errors=True)
