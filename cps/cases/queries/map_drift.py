"""Recounts the cells of the map: the finest from the cases, each other from the next finer."""

from collections.abc import Iterator
from itertools import product
from typing import Any

from sqlalchemy import FromClause, Select, func, literal, or_, select, union_all

from cps.cases.map_models import ALL, MapCell, MapChange
from cps.cases.queries.map_cells import SUMS, every_case
from cps.cases.rules.boxes import COARSEST, FINEST
from cps.core.db import db

_KEY = ("kind", "category_id", "ward_id", "x", "y")
_CELL, _CHANGE = MapCell.__table__.c, MapChange.__table__.c


def drift() -> int:
    """Return how many cells say something else than they should."""
    return sum(_differing(one, other) for one, other in (*_finest(), *_coarser()))


def counted_cells() -> int:
    """Return how many cells there are."""
    return db.session.scalar(select(func.count()).select_from(MapCell)) or 0


def _finest() -> Iterator[tuple[Select[Any], Select[Any]]]:
    """Yield what the cells of each layer say, with what is not counted in yet, and what the cases say."""
    changes, cases = select(*_of(_CHANGE)).subquery(), every_case().subquery()
    for by_category, by_ward in product((False, True), repeat=2):
        layer = (
            (_CELL.category_id != ALL) if by_category else (_CELL.category_id == ALL),
            (_CELL.ward_id != ALL) if by_ward else (_CELL.ward_id == ALL),
        )
        cells = select(*_of(_CELL)).where(_CELL.level == FINEST, *layer)
        since = _layer(changes, by_category=by_category, by_ward=by_ward)
        yield (
            _added_up(union_all(cells, since).subquery()),
            _layer(cases, by_category=by_category, by_ward=by_ward),
        )


def _coarser() -> Iterator[tuple[Select[Any], Select[Any]]]:
    """Yield what the cells of each coarser level say, and what the next finer ones add up to."""
    for level in range(COARSEST, FINEST):
        own = select(*_of(_CELL)).where(_CELL.level == level)
        halves = [_CELL[name].op(">>")(1).label(name) for name in ("x", "y")]
        columns = (*(_CELL[name] for name in _KEY[:3]), *halves, *(_CELL[name] for name in SUMS))
        yield own, _added_up(select(*columns).where(_CELL.level == level + 1).subquery())


def _of(columns: Any) -> list[Any]:
    return [columns[name] for name in (*_KEY, *SUMS)]


def _layer(rows: FromClause, *, by_category: bool, by_ward: bool) -> Select[Any]:
    """Return rows added up for the cells of one layer; what has no ward is in none of wards."""
    columns = rows.c
    names = ["kind", *(["category_id"] if by_category else []), *(["ward_id"] if by_ward else []), "x", "y"]
    key = [columns[name] if name in names else literal(ALL).label(name) for name in _KEY]
    added = select(*key, *_sums(columns)).group_by(*(columns[name] for name in names))
    return added.where(columns.ward_id != ALL) if by_ward else added


def _added_up(rows: FromClause) -> Select[Any]:
    """Return rows added up cell by cell; cells in which nothing is left are none."""
    key = [rows.c[name] for name in _KEY]
    return select(*key, *_sums(rows.c)).group_by(*key).having(or_(*(func.sum(rows.c[n]) != 0 for n in SUMS)))


def _sums(columns: Any) -> list[Any]:
    return [func.sum(columns[name]).label(name) for name in SUMS]


def _differing(one: Select[Any], other: Select[Any]) -> int:
    sides = (one.except_(other), other.except_(one))
    first, second = (select(func.count()).select_from(side.subquery()).scalar_subquery() for side in sides)
    return db.session.scalar(select(first + second)) or 0
