"""The one clock of the program; only the server's clock opens and closes things."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime


def _system_time() -> datetime:
    return datetime.now(UTC)


_source: Callable[[], datetime] = _system_time


def now() -> datetime:
    """Return the current time, aware, in UTC."""
    return _source()


def is_set() -> bool:
    """Return whether another source than the system's time is in place."""
    return _source is not _system_time


@contextmanager
def set_to(source: datetime | Callable[[], datetime]) -> Iterator[None]:
    """Replace the clock of this process by a fixed moment or another source, until the block ends."""
    global _source
    previous = _source
    _source = (lambda: source) if isinstance(source, datetime) else source
    try:
        yield
    finally:
        _source = previous
