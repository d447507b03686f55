"""Which closed cases a list shows: chosen in a window, or in an area; see `windows`."""

from dataclasses import replace
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, bindparam, select

from cps.accounts.rules import Role
from cps.cases.models import Case
from cps.cases.policy import workable
from cps.cases.queries import Reach
from cps.cases.queries.map_cells import holds_few, within
from cps.cases.rules import CaseKind
from cps.cases.rules.boxes import Box as Area
from cps.core.db import db
from cps.triage.queries.narrowing import Condition, closed_within, narrowed
from cps.triage.queries.orders import Order, order_of
from cps.triage.queries.windows import among, columns_of, rows_of, window
from cps.triage.wanted import Queue

READ_IN_AREA = 20_000
"""In an area with more cases than these, some of the newest are soon found."""


def has_window(wanted: Queue) -> bool:
    """Whether a list is looked for among a number of closed cases; words and places have an index of all."""
    return wanted.is_closed and not wanted.words and not wanted.area


def area_to_begin_with(wanted: Queue) -> Area | None:
    """Return the area in which a list of closed cases is looked for; one statement counts what it holds."""
    area = wanted.area if wanted.is_closed and not wanted.words else None
    few = area is not None and holds_few(CaseKind.COMPLAINT, area, most=READ_IN_AREA)
    return area if few else None


def in_window(
    roles: frozenset[Role], reach: Reach, wanted: Queue, is_behind: bool
) -> Select[*tuple[Any, ...]]:
    """Select the cases of a list among so many, in their order."""
    order = order_of(wanted)
    conditions = [workable(roles, reach), *narrowed(wanted, among_few=True)]
    used = [Case.id, *order.keys, *columns_of(*conditions)]
    looked_at = order.choose(rows_of(used, window(wanted, roles, reach)), is_behind=is_behind)
    rows = looked_at.limit(bindparam("most")).subquery("looked_at")
    found = _found(rows, conditions, order)
    if db.engine.dialect.name == "sqlite":
        return found  # it goes through them in their order, and would read all to sort them once more
    return found.order_by(*order.directed(_ends(rows, order)))


def in_area(
    area: Area, roles: frozenset[Role], reach: Reach, wanted: Queue, is_behind: bool
) -> Select[*tuple[Any, ...]]:
    """Select the cases of a list among all of an area, which an index finds."""
    order = order_of(wanted)
    others = narrowed(replace(wanted, area=None), among_few=True)
    conditions = [closed_within(wanted.within), workable(roles, reach), *others]
    conditions += [order.behind()] if is_behind else []
    used = [Case.id, *order.keys, *columns_of(*conditions)]
    looked_at = rows_of(used, within(area))
    if db.engine.dialect.name == "sqlite":
        looked_at = looked_at.limit(-1)  # with a limit it does not look for another index for the whole
    rows = looked_at.subquery("looked_at")
    return _found(rows, conditions, order).order_by(*order.directed(_ends(rows, order)))


def _found(rows: Subquery, conditions: list[Condition], order: Order) -> Select[*tuple[Any, ...]]:
    """Select the id and the sort keys of those rows for which the conditions hold."""
    *keys, _id = _ends(rows, order)
    named = [key.label(f"key{number}") for number, key in enumerate(keys)]
    return select(rows.c.id, *named).where(*(among(rows, one) for one in conditions))


def _ends(rows: Subquery, order: Order) -> list[ColumnElement[Any]]:
    """Return the sort keys of rows, and their id."""
    return [*(rows.c[key.key] for key in order.keys), rows.c.id]


@lru_cache(maxsize=512)
def end_of_window(
    roles: frozenset[Role], reach: Reach, wanted: Queue, is_behind: bool
) -> Select[*tuple[Any, ...]]:
    """Select the key of the last case that is looked at, where there are as many."""
    order = order_of(wanted)
    looked_at = rows_of([*order.keys, Case.id], window(wanted, roles, reach))
    return order.choose(looked_at, is_behind=is_behind).offset(bindparam("most") - 1).limit(1)
