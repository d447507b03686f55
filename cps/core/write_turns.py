"""Writers of SQLite take turns: first the threads of this process among themselves, then the processes.

SQLite lets a writer that waits sleep longer each time, up to a tenth of a second, and whoever comes just then
goes first. With sixteen voters at once some waited in vain for all of the five seconds and saw an error page.
Here the threads of a process queue at a lock, and the one whose turn it is asks every few milliseconds.
"""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

ASK_EVERY = 0.002
_turn = threading.RLock()


@contextmanager
def in_turn(seconds: float) -> Iterator[None]:
    """Let the block be the only one of this process, after waiting so long at most; then it runs anyway.

    What it does then still waits for the lock of the database itself, and fails there.
    """
    is_ours = _turn.acquire(timeout=seconds)
    try:
        yield
    finally:
        if is_ours:
            _turn.release()


def begin(connection: Connection, seconds: float) -> None:
    """Begin to write as soon as no other process does; raises OperationalError after so many seconds."""
    ends = time.monotonic() + seconds
    connection.exec_driver_sql("PRAGMA busy_timeout = 0")
    try:
        while not _has_begun(connection, is_last_try=time.monotonic() >= ends):
            time.sleep(ASK_EVERY)
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {round(seconds * 1000)}")


def _has_begun(connection: Connection, *, is_last_try: bool) -> bool:
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    except OperationalError as error:
        is_busy = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY
        if is_last_try or not is_busy:
            raise
        return False
    return True
