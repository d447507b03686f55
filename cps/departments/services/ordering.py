"""The order in which people see rows of the city: who changes it waits for who does, and moves one place."""

from collections.abc import Sequence
from typing import Generic, NamedTuple, TypeVar

from cps.core.city import lock as lock_city
from cps.departments.models import Category, DeclineReason, Department, RoutingRule

Ordered = TypeVar("Ordered", Category, DeclineReason, Department, RoutingRule)


class Moved(NamedTuple, Generic[Ordered]):
    """Rows in their new order, the one that moved, and its places before and after, counted from 1."""

    rows: list[Ordered]
    row: Ordered
    places: list[int]


def lock_order() -> None:
    """Wait for whoever changes an order at this moment; what is read from now on stays in its order."""
    lock_city()


def one_place(rows: Sequence[Ordered], row_id: int, step: int) -> Moved[Ordered] | None:
    """Return rows with one of them a place earlier (-1) or later (1); None where there is no such place."""
    place = next((number for number, row in enumerate(rows) if row.id == row_id), None)
    if place is None or not 0 <= place + step < len(rows):
        return None
    ordered = list(rows)
    moved = ordered.pop(place)
    ordered.insert(place + step, moved)
    return Moved(ordered, moved, [place + 1, place + step + 1])
