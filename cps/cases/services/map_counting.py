"""Counts changes of cases into the cells of the map, of every level, category and ward.

Triggers of the database note each change in the transaction that makes it (`cps.core.triggers.places`);
the worker takes the oldest, deletes them and adds them up here, all in one transaction. Pages add what is
not counted in yet, so nobody sees a difference.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import bindparam, delete, insert, text

from cps.cases.map_models import ALL, MapCell, MapChange
from cps.cases.queries import map_cells
from cps.cases.queries.map_cells import SUMS
from cps.cases.rules.boxes import COARSEST, FINEST
from cps.core.db import db
from cps.core.upsert import insert_into

AT_ONCE = 5_000
_KEY = ("kind", "level", "category_id", "ward_id", "x", "y")
_NOTHING = (0,) * len(SUMS)

_EMPTY = delete(MapCell).where(
    *(MapCell.__table__.c[name] == bindparam(name) for name in _KEY),
    *(MapCell.__table__.c[name] == 0 for name in SUMS[:3]),
)
_ALONE = text("LOCK TABLE cases, map_change, map_cell IN SHARE ROW EXCLUSIVE MODE")
"""PostgreSQL's way of letting nobody write meanwhile; on SQLite there is one writer anyway."""

Sums = tuple[int, ...]
Key = tuple[Any, ...]


def count_in(limit: int = AT_ONCE) -> int:
    """Count the oldest changes into the cells; returns how many. Several workers may do so at once."""
    gone = delete(MapChange).where(MapChange.id.in_(map_cells.oldest_changes(limit)))
    columns = (MapChange.kind, MapChange.category_id, MapChange.ward_id, MapChange.x, MapChange.y)
    sums = (getattr(MapChange, name) for name in SUMS)
    options = {"synchronize_session": False}
    changes = db.session.execute(gone.returning(*columns, *sums), execution_options=options).all()
    _add(_by_cell(changes))
    return len(changes)


def begin_anew() -> None:
    """Forget what was counted and note every case that stands on the map as if it had just come."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(_ALONE)
    options = {"synchronize_session": False}
    for table in (MapCell, MapChange):
        db.session.execute(delete(table), execution_options=options)
    names = ("kind", "category_id", "ward_id", "x", "y", *SUMS)
    db.session.execute(insert(MapChange).from_select(names, map_cells.every_case()))


def _by_cell(changes: Iterable[Sequence[Any]]) -> dict[Key, Sums]:
    """Return what to add to which cell; cells to which nothing is added are not among them."""
    fine: defaultdict[Key, list[int]] = defaultdict(lambda: list(_NOTHING))
    for kind, category_id, ward_id, x, y, *sums in changes:
        for layer in _layers(category_id, ward_id):
            _plus(fine[(kind, FINEST, *layer, x, y)], sums)
    every, cells = dict(fine), fine
    for level in range(FINEST - 1, COARSEST - 1, -1):
        coarser: defaultdict[Key, list[int]] = defaultdict(lambda: list(_NOTHING))
        for (kind, _level, category_id, ward_id, x, y), sums in cells.items():
            _plus(coarser[(kind, level, category_id, ward_id, x >> 1, y >> 1)], sums)
        every.update(coarser)
        cells = coarser
    return {key: tuple(sums) for key, sums in every.items() if any(sums)}


def _layers(category_id: int, ward_id: int) -> Iterator[tuple[int, int]]:
    """Yield category and ward of every layer that a case is counted in."""
    yield ALL, ALL
    yield category_id, ALL
    if ward_id != ALL:
        yield ALL, ward_id
        yield category_id, ward_id


def _plus(to: list[int], sums: Iterable[int]) -> None:
    for place, number in enumerate(sums):
        to[place] += number


def _add(cells: dict[Key, Sums]) -> None:
    """Add to the cells in one order, so that two workers wait for each other and never in a circle."""
    if not cells:
        return
    new = insert_into(MapCell)
    more = {name: MapCell.__table__.c[name] + new.excluded[name] for name in SUMS}
    rows = [dict(zip((*_KEY, *SUMS), (*key, *sums), strict=True)) for key, sums in sorted(cells.items())]
    db.session.execute(new.on_conflict_do_update(index_elements=list(_KEY), set_=more), rows)
    left = [dict(zip(_KEY, key, strict=True)) for key, sums in cells.items() if min(sums[:3]) < 0]
    if left:
        db.session.connection().execute(_EMPTY, left)
