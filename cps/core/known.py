"""Things that every page needs and that change once a month: worked out once per process, anew on a change.

All tables that such things are made of carry versions. One small statement at the first use in a transaction
tells whether any row has changed; no time limit and no message between processes is needed.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Pool, Select, event, func, inspect, select
from sqlalchemy.orm import Session, SessionTransaction

from cps.core.db import WRITING, Model, db

Thing = TypeVar("Thing")
Mark = tuple[int, ...]
"""How many rows a table has, its newest key, the sum of its versions: another one after every change."""

SEEN = "cps_seen"
MADE = "cps_made"
"""What a write transaction made, as calls that remember it."""

_tables: dict[type[Model], None] = {}


@dataclass(slots=True)
class _Seen:
    """What a transaction has seen: the marks of the tables, and the things it has asked for."""

    transaction: SessionTransaction | None
    is_writing: bool
    pool: Pool
    marks: dict[type[Model], Mark]
    things: dict[int, Any] = field(default_factory=dict)


class Known(Generic[Thing]):
    """A thing made of whole tables with a version column, remembered until one of their rows changes.

    What `make` returns is shared by all threads and must not be changed by anybody. What a write transaction
    makes is remembered once it is committed, because it may come to nothing.
    """

    def __init__(self, make: Callable[[], Thing], *tables: type[Model]) -> None:
        self._make = make
        self._tables = tables
        self._kept: WeakKeyDictionary[Pool, tuple[tuple[Mark, ...], Thing]] = WeakKeyDictionary()
        _tables.update(dict.fromkeys(tables))

    def get(self) -> Thing:
        """Return the thing as it is in the running transaction."""
        seen = _seen()
        if id(self) not in seen.things:
            seen.things[id(self)] = self._find(seen)
        thing: Thing = seen.things[id(self)]
        return thing

    def mark(self) -> str:
        """Return a text that changes with any row the thing is made of: for ETags."""
        return _written(self._marks(_seen()))

    def _find(self, seen: _Seen) -> Thing:
        now, kept = self._marks(seen), self._kept.get(seen.pool)
        if kept is not None and kept[0] == now:
            return kept[1]
        made = self._make()
        remember = partial(self._kept.__setitem__, seen.pool, (now, made))
        if seen.is_writing:
            db.session().info.setdefault(MADE, []).append(remember)
        else:
            remember()
        return made

    def _marks(self, seen: _Seen) -> tuple[Mark, ...]:
        return tuple(seen.marks[table] for table in self._tables)


def mark() -> str:
    """Return a text that changes with any row of which something known is made: for the ETags of pages."""
    return _written(_seen().marks.values())


def _written(marks: Iterable[Mark]) -> str:
    return "-".join(str(number) for numbers in marks for number in numbers)


def _seen() -> _Seen:
    """Return what the running transaction has seen; one that writes looks anew each time."""
    session = db.session()
    seen: _Seen | None = session.info.get(SEEN)
    if seen is None or seen.is_writing or seen.transaction is not session.get_transaction():
        connection = session.connection()
        numbers = list(connection.execute(_statement(tuple(_tables))).one())
        session.info[SEEN] = seen = _Seen(
            session.get_transaction(),
            bool(connection.get_execution_options().get(WRITING, False)),
            connection.engine.pool,
            {table: tuple(numbers[3 * at : 3 * at + 3]) for at, table in enumerate(_tables)},
        )
    return seen


@event.listens_for(Session, "after_commit")
def _remember_what_was_made(session: Session) -> None:
    for remember in session.info.pop(MADE, ()):
        remember()


@event.listens_for(Session, "after_soft_rollback")
def _forget_what_was_made(session: Session, _rolled_back: SessionTransaction) -> None:
    session.info.pop(MADE, None)


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
