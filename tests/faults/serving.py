"""The real server on the database of a test, to be stopped, killed and starved."""

import http.client
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from cps.core import commands
from tests.support.browser import free_port
from tests.support.fixtures import Database

PATIENCE = 60.0
ANSWER_SECONDS = 20.0

Headers = dict[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said."""

    status: int
    headers: http.client.HTTPMessage
    text: str


@dataclass
class Server:
    """A running `cps run` on a port; `process` is the newest one that was started."""

    database: Database
    command: list[str]
    settings: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    inherited: tuple[int, ...] = ()
    log_folder: Path | None = None
    process: "subprocess.Popen[bytes]" = field(init=False)
    _log: Path = field(init=False)

    def __post_init__(self) -> None:
        self._log = (self.log_folder or self.database.folder) / f"server-{self.port}.log"

    def start(self) -> None:
        """Start it, once more where it has ended, and wait for its first answer."""
        environment = self.database.environment(PORT=str(self.port), **self.settings)
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, env=environment, stderr=log, start_new_session=True, pass_fds=self.inherited
            )
        wait_until(self.answers, self.process)

    def answers(self) -> bool:
        """Say whether site and database answer."""
        try:
            return self.ask("/readyz").status == 200
        except (OSError, http.client.HTTPException):
            return False

    def ask(self, path: str, body: str | bytes | None = None, **headers: str) -> Answer:
        """Send one request on a connection of its own; a POST where there is a body."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_SECONDS)) as wire:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            wire.request("GET" if body is None else "POST", path, body, {"Host": "localhost", **named})
            answer = wire.getresponse()
            return Answer(answer.status, answer.headers, answer.read().decode(errors="replace"))

    def log(self) -> str:
        """Return what it has written to standard error so far."""
        return self._log.read_text()

    def web_processes(self) -> list[int]:
        """Return the processes that answer, without the one that watches over them."""
        return children(self.process.pid)

    def stop(self) -> int:
        """Ask it to end, as a service manager does; returns its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)


@contextmanager
def serving(database: Database, workers: int = 2, **settings: str) -> Iterator[Server]:
    """Run what `cps run` becomes, with these settings; nothing of it is left afterwards."""
    port = free_port()
    command = commands.serving(workers, 8, f"127.0.0.1:{port}")
    with running(Server(database, command, {**commands.EXCHANGEABLE, **settings}, port)) as server:
        yield server


@contextmanager
def running(server: Server) -> Iterator[Server]:
    """Start a server; nothing of it is left afterwards."""
    try:
        server.start()
        yield server
    finally:
        end(server.process)
        print(server.log())  # noqa: T201 - pytest shows it where a test fails


def end(process: "subprocess.Popen[bytes]") -> None:
    """Kill a process and everything of its session."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(PATIENCE)


def children(pid: int) -> list[int]:
    """Return the processes that a process has started and that still run."""
    own = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in own.read_text().split()]


def wait_until(happened: Callable[[], bool], process: "subprocess.Popen[bytes] | None" = None) -> None:
    """Wait for something; gives up when the process has ended, or after a long while."""
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert process is None or process.poll() is None, "it ended by itself"
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)
