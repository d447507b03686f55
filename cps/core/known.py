"""Things that every page needs and that change once a month: worked out once per process, anew on a change.

All tables that such things are made of carry versions. One small statement at the first use in a transaction
tells whether any row has changed; no time limit and no message between processes is needed.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Pool, Select, func, inspect, select
from sqlalchemy.orm import Session

from cps.core.db import WRITING, Model, db

Thing = TypeVar("Thing")
Mark = tuple[int, ...]
"""How many rows a table has, its newest key, the sum of its versions: another one after every change."""

Marks = dict[type[Model], Mark]

MARKS = "cps_marks"

_tables: dict[type[Model], None] = {}


class Known(Generic[Thing]):
    """A thing made of whole tables with a version column, remembered until one of their rows changes.

    What `make` returns is shared by all threads and must not be changed by anybody. Inside a write
    transaction nothing new is remembered, because it may come to nothing.
    """

    def __init__(self, make: Callable[[], Thing], *tables: type[Model]) -> None:
        self._make = make
        self._tables = tables
        self._kept: WeakKeyDictionary[Pool, tuple[tuple[Mark, ...], Thing]] = WeakKeyDictionary()
        _tables.update(dict.fromkeys(tables))

    def get(self) -> Thing:
        """Return the thing as it is in the running transaction."""
        session = db.session()
        now = self._now(session)
        pool = session.connection().engine.pool
        kept = self._kept.get(pool)
        if kept is not None and kept[0] == now:
            return kept[1]
        made = self._make()
        if not _is_writing(session):
            self._kept[pool] = (now, made)
        return made

    def mark(self) -> str:
        """Return a text that changes with any row the thing is made of: for ETags."""
        return _written(self._now(db.session()))

    def _now(self, session: Session) -> tuple[Mark, ...]:
        marks = _marks(session)
        return tuple(marks[table] for table in self._tables)


def mark() -> str:
    """Return a text that changes with any row of which something known is made: for the ETags of pages."""
    return _written(_marks(db.session()).values())


def _written(marks: Iterable[Mark]) -> str:
    return "-".join(str(number) for numbers in marks for number in numbers)


def _marks(session: Session) -> Marks:
    """Return the mark of each table, read once in a transaction; in one that writes, each time anew."""
    memo: tuple[object, Marks] = session.info.get(MARKS, (None, {}))
    if memo[0] is None or memo[0] is not session.get_transaction() or _is_writing(session):
        numbers = list(session.connection().execute(_statement(tuple(_tables))).one())
        marks = {table: tuple(numbers[3 * at : 3 * at + 3]) for at, table in enumerate(_tables)}
        session.info[MARKS] = memo = (session.get_transaction(), marks)
    return memo[1]


def _is_writing(session: Session) -> bool:
    return bool(session.connection().get_execution_options().get(WRITING, False))


@lru_cache(maxsize=8)
def _statement(tables: tuple[type[Model], ...]) -> Select[Any]:
    numbers = [
        select(func.coalesce(number, 0)).select_from(inspect(table).local_table).scalar_subquery()
        for table in tables
        for number in (
            func.count(),
            func.max(inspect(table).primary_key[0]),
            func.sum(inspect(table).version_id_col),
        )
    ]
    return select(*numbers)
