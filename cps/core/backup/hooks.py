"""What features say about backups; their tables are in every backup without a word from them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from cps.core.db import Model

PlainRow = Mapping[str, Any]
"""A row as it stands in a backup: columns by name, moments and bytes as text, JSON as it is."""

MediaOf = Callable[[PlainRow], Iterable[str]]
AfterRestore = Callable[[datetime], str | None]

_media: dict[str, MediaOf] = {}
_after_restore: dict[str, AfterRestore] = {}


def media_of(table: type[Model]) -> Callable[[MediaOf], MediaOf]:
    """Register which storage keys a row of a table names: these files go into every backup."""

    def register(function: MediaOf) -> MediaOf:
        _media[table.__tablename__] = function
        return function

    return register


def after_restore(function: AfterRestore) -> AfterRestore:
    """Register what happens to restored rows, in the same transaction and at the newest schema.

    The function takes the time, works with `db.session` as a service does, and may return a line that is told
    to the operator. What it raises undoes the whole restore.
    """
    _after_restore[f"{function.__module__}.{function.__qualname__}"] = function
    return function


def media_function(table: str) -> MediaOf:
    """Return what says which files a row of a table names."""
    return _media.get(table, _no_media)


def run_after_restore(at: datetime) -> Iterator[str]:
    """Do what features registered, in the running transaction, and yield what they tell."""
    for function in list(_after_restore.values()):
        told = function(at)
        if told:
            yield told


def _no_media(_row: PlainRow) -> Iterable[str]:
    return ()
