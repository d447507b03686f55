"""The programs under measurement, started as their users start them, each on a free port."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from bench import yardstick
from bench.browser import Browser, Wire
from bench.databases import ROOT, City, Databases, Postgresql
from bench.processes import cpu_seconds, pss_mib

PROCESSES, THREADS = 2, 8
CPS = [sys.executable, "-m", "cps"]
START_SECONDS = 180
YARDSTICK = "yardstick"
LOOK_SECONDS, BUSY_SECONDS, DATABASE_BUSY_SECONDS = 1.2, 0.03, 0.12
"""A worker that used less CPU than the second from one look to the next has nothing to do; the database that
has used less than the third answers only the workers of all sites that ask whether there is something."""
SETTLE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Use:
    """CPU seconds used so far."""

    web: float
    database: float
    worker: float

    def __sub__(self, other: "Use") -> "Use":
        return Use(self.web - other.web, self.database - other.database, self.worker - other.worker)


@dataclass(slots=True)
class Site:
    """A running web server with what belongs to it."""

    port: int
    web: int
    database: int | None = None
    worker: int | None = None
    city: City | None = None

    @property
    def origin(self) -> str:
        """Return scheme, host and port, as browsers say where a form comes from."""
        return f"http://127.0.0.1:{self.port}"

    def wire(self, connections: int) -> Wire:
        """Return a way to send requests."""
        return Wire(self.port, connections)

    def visitor(self, wire: Wire) -> Browser:
        """Return a browser without any cookie."""
        return Browser(wire, self.origin)

    def use(self) -> Use:
        """Return the CPU time used so far."""
        web, database, worker = (
            cpu_seconds(pid) if pid else 0.0 for pid in (self.web, self.database, self.worker)
        )
        return Use(web, database, worker)

    def settled(self, *, looks: int = 1, seconds: float = SETTLE_SECONDS) -> float:
        """Wait until the worker has nothing to do; returns the CPU seconds it has used by then.

        Nothing to do has also a database that does nothing, because the worker may be waiting for it.
        `looks` is how many in a row must find both idle. After `seconds` nobody waits any longer.
        """
        ends, seen = time.monotonic() + seconds, 0
        last = self.use()
        while seen < looks and time.monotonic() < ends:
            time.sleep(LOOK_SECONDS)
            spent, last = (now := self.use()) - last, now
            is_idle = spent.worker < BUSY_SECONDS and spent.database < DATABASE_BUSY_SECONDS
            seen = seen + 1 if is_idle else 0
        return last.worker

    def memory(self) -> tuple[float, float]:
        """Return the memory of the web processes and of the worker, in MiB."""
        return pss_mib(self.web), pss_mib(self.worker) if self.worker else 0.0


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int, path: str, process: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + START_SECONDS
    while time.monotonic() < ends:
        if process.poll() is not None:
            raise SystemExit(f"The web server ended with status {process.returncode}.")
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", path)
            if connection.getresponse().status == 200:
                return
        except (OSError, HTTPException):
            time.sleep(0.1)
        finally:
            connection.close()
    raise SystemExit("The web server does not answer.")


@contextmanager
def _running(
    *commands: list[str], env: dict[str, str] | None = None
) -> Iterator[list[subprocess.Popen[bytes]]]:
    started = [subprocess.Popen(command, cwd=ROOT, env=env) for command in commands]
    try:
        yield started
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(40)


@contextmanager
def site(on: Databases, city: City) -> Iterator[Site]:
    """Run the production server and a worker on a city."""
    with web_site(on, city) as where, workers(1, city) as (worker,):
        where.worker = worker
        yield where


@contextmanager
def web_site(on: Databases, city: City) -> Iterator[Site]:
    """Run the production server on a city, without a worker."""
    port = free_port()
    serve = [*CPS, "run", "--workers", str(PROCESSES), "--threads", str(THREADS)]
    with _running(serve, env={**city.settings(), "PORT": str(port)}) as (web,):
        _wait(port, "/readyz", web)
        yield Site(port, web.pid, on.pid, city=city)


@contextmanager
def workers(number: int, city: City, **settings: str) -> Iterator[list[int]]:
    """Run so many workers on a city; yields their process ids."""
    commands = [[*CPS, "worker"]] * number
    with _running(*commands, env={**city.settings(), **settings}) as started:
        yield [process.pid for process in started]


@contextmanager
def yardstick_site(folder: Path, on: Databases | None = None) -> Iterator[Site]:
    """Run the yardstick under the same web server with the same settings; it inserts into `on`."""
    port = free_port()
    path = folder / "yardstick.sqlite"
    yardstick.fill(path)
    marks = ""
    if isinstance(on, Postgresql):
        on.create(YARDSTICK)
        marks = on.url(YARDSTICK, folder).replace("+psycopg", "")
        yardstick.fill_postgresql(marks)
    serve = [
        sys.executable, "-m", "gunicorn", f"bench.yardstick:create_app('{path}', '{marks}')", "--preload",
        "--worker-class", "gthread", "--workers", str(PROCESSES), "--threads", str(THREADS),
        "--bind", f"127.0.0.1:{port}", "--log-level", "warning",
    ]  # fmt: skip
    try:
        with _running(serve) as (web,):
            _wait(port, "/things/1", web)
            yield Site(port, web.pid, on.pid if on else None)
    finally:
        if on:
            on.drop(YARDSTICK)
