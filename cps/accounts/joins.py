"""What moves along when two accounts of one person become one: each feature says it of its own tables."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, inspect, update
from sqlalchemy.orm import InstrumentedAttribute, aliased

from cps.core.many import change_rows

Mover = Callable[[int, int, datetime], None]
"""Moves what is the first account's to the second, in the running transaction, which has both locked."""

_movers: list[Mover] = []


def moves(mover: Mover, *, first: bool = False) -> Mover:
    """Register what else is to be done before the columns of `carries`, in the order of features.

    `first` reads what features below change.
    """
    _movers.insert(0 if first else len(_movers), mover)
    return mover


_carried: list[InstrumentedAttribute[Any]] = []
_dropped: list[InstrumentedAttribute[Any]] = []


def carries(*columns: InstrumentedAttribute[Any]) -> None:
    """Register columns that name the account: their rows go along, and of two the same one stays."""
    _carried.extend(columns)


def drops(*columns: InstrumentedAttribute[Any]) -> None:
    """Register columns that name the account: their rows end with it."""
    _dropped.extend(columns)


def known_columns() -> set[str]:
    """Return the names of all columns that were registered, `table.column`."""
    return {str(column.property.columns[0]) for column in (*_carried, *_dropped)}


def move_everything(old: int, new: int, at: datetime) -> None:
    """Move all that is an account's to another one, in the running transaction, which has both locked."""
    for mover in _movers:
        mover(old, new, at)
    for column in _carried:
        _carry(column, old, new)
    for column in _dropped:
        change_rows(delete(column.class_).where(column == old))


def _carry(column: InstrumentedAttribute[Any], old: int, new: int) -> None:
    """Move the rows of one column; where the key would stand twice the old row goes."""
    table, name = column.class_, column.key
    beside = [key.key for key in inspect(table).primary_key if key.key != name]
    if inspect(table).columns[name].primary_key:
        other = aliased(table)
        same = [getattr(other, key) == getattr(table, key) for key in beside]
        is_double = exists().where(getattr(other, name) == new, *same)
        change_rows(delete(table).where(column == old, is_double))
    change_rows(update(table).where(column == old).values({name: new}))
