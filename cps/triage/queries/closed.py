"""Which closed cases a list shows: looked for in a window of `windows`, or in an area."""

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
from cps.triage.queries.windows import among, columns_of, narrowest_window, rows_of
from cps.triage.wanted import Queue

READ_IN_AREA = 20_000
"""Of an area with no more cases all are read; of any other some are soon found among the newest."""


def has_window(wanted: Queue) -> bool:
    """Whether a list is looked for in a window; words and places have an index of all closed cases."""
    return wanted.is_closed and not wanted.reads_cases


def area_to_begin_with(wanted: Queue) -> Area | None:
    """Return the area of which all cases are read for a list; one statement counts what it holds."""
    if wanted.area is None or not wanted.is_closed or wanted.words:
        return None
    return wanted.area if holds_few(CaseKind.COMPLAINT, wanted.area, most=READ_IN_AREA) else None


def in_window(
    wanted: Queue, roles: frozenset[Role], reach: Reach, *, is_behind: bool
) -> Select[*tuple[Any, ...]]:
    """Select the cases of a list in their order, looking at as many of a window as the parameter `most`."""
    order = order_of(wanted)
    conditions = [workable(roles, reach), *narrowed(wanted, among_few=True)]
    used = [Case.id, *order.keys, *columns_of(*conditions)]
    looked_at = order.choose(rows_of(used, narrowest_window(wanted, roles, reach)), is_behind=is_behind)
    rows = looked_at.limit(bindparam("most")).subquery("looked_at")
    found = _found(rows, conditions, order)
    if db.engine.dialect.name == "sqlite":
        return found  # it goes through them in their order, and would read all to sort them once more
    return found.order_by(*order.directed(_ends(rows, order)))


@lru_cache(maxsize=512)
def end_of_window(
    wanted: Queue, roles: frozenset[Role], reach: Reach, *, is_behind: bool
) -> Select[*tuple[Any, ...]]:
    """Select the key of the last case that `in_window` looks at, where a window holds as many."""
    order = order_of(wanted)
    looked_at = rows_of([*order.keys, Case.id], narrowest_window(wanted, roles, reach))
    return order.choose(looked_at, is_behind=is_behind).offset(bindparam("most") - 1).limit(1)


def in_area(
    area: Area, wanted: Queue, roles: frozenset[Role], reach: Reach, *, is_behind: bool
) -> Select[*tuple[Any, ...]]:
    """Select the cases of a list in their order, reading all of an area, which an index finds."""
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
