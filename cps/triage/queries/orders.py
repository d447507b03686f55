"""The orders in which a list of the desk stands, each with the key by which it pages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import cos, radians
from typing import Any

from sqlalchemy import ColumnElement, Float, Select, bindparam, case, func, literal, tuple_

from cps.cases.models import Case
from cps.cases.rules import Priority
from cps.notices.rules import METRES_OF_A_DEGREE
from cps.triage.wanted import Place, Queue, Sort, sorts_of

RANK = case((Case.priority == Priority.URGENT, 0), else_=1)
FARTHEST = 1e15
"""Square metres: cases without a position stand behind all others."""


@dataclass(frozen=True, slots=True)
class Order:
    """Sort keys with their types; the id of a case decides between equal ones. All go the same way."""

    keys: tuple[Any, ...]
    types: tuple[type, ...]
    goes_down: bool = False

    @property
    def key_types(self) -> tuple[type, ...]:
        """The types of the key of a page."""
        return (*self.types, int)

    def columns(self) -> list[ColumnElement[Any]]:
        """Return the sort keys as columns of a statement."""
        return [key.label(f"key{number}") for number, key in enumerate(self.keys)]

    def choose(self, statement: Select[Any], *, is_behind: bool) -> Select[Any]:
        """Put a statement into this order, behind the key of the parameters where there is one."""
        if is_behind:
            statement = statement.where(self.behind())
        return statement.order_by(*self.directed([*self.keys, Case.id]))

    def behind(self) -> ColumnElement[bool]:
        """Return the condition that a case stands behind the key of the parameters."""
        every = (*self.keys, Case.id)
        seen = tuple_(*(bindparam(f"seen{n}", type_=one.type) for n, one in enumerate(every)))
        return tuple_(*every) < seen if self.goes_down else tuple_(*every) > seen

    def directed(self, columns: Iterable[Any]) -> list[ColumnElement[Any]]:
        """Return columns in the direction of this order."""
        return [one.desc() if self.goes_down else one for one in columns]


_ORDERS: Mapping[Sort, Order] = {
    Sort.DUE: Order((RANK, Case.due_at), (int, datetime)),
    Sort.NEWEST: Order((Case.received_at,), (datetime,), goes_down=True),
    Sort.OLDEST: Order((Case.received_at,), (datetime,)),
    Sort.BACKED: Order((Case.support_count,), (int,), goes_down=True),
    Sort.CLOSED_LAST: Order((Case.closed_at,), (datetime,), goes_down=True),
    Sort.CLOSED_FIRST: Order((Case.closed_at,), (datetime,)),
}


def order_of(wanted: Queue) -> Order:
    """Return the order of a list: the usual one of its box where the box cannot stand in what is asked."""
    possible = sorts_of(wanted.box)
    sort = wanted.sort if wanted.sort in possible else possible[0]
    if sort is Sort.NEAREST:
        return Order((squared_distance(wanted.place),), (float,)) if wanted.place else _ORDERS[Sort.DUE]
    return _ORDERS[sort]


def squared_distance(place: Place) -> ColumnElement[float]:
    """Return how far a case is from a place, in square metres on flat ground."""
    lat, lon = place
    north = (Case.lat - lat) * METRES_OF_A_DEGREE
    east = (Case.lon - lon) * (METRES_OF_A_DEGREE * cos(radians(lat)))
    return func.coalesce(north * north + east * east, literal(FARTHEST, Float()), type_=Float())
