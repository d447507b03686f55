"""How many cases the cells of the map hold: what is counted, and what came since, in one statement.

The worker counts changes in a moment later (`cases.services.map_counting`); because both are added up here,
the numbers are right in the same moment in which a case is filed, moved or hidden.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Row,
    Select,
    case,
    cast,
    func,
    select,
    union_all,
)
from sqlalchemy.sql.elements import UnaryExpression
from sqlalchemy.sql.operators import custom_op

from cps.cases.map_models import ALL, MapCell, MapChange
from cps.cases.models import Case
from cps.cases.rules import CaseKind, Colour, Status, colour
from cps.cases.rules.boxes import COARSEST, FINEST, Box, Cells
from cps.core.db import db

MILLION = 1_000_000
PLACED = (Case.lat.is_not(None), Case.cell_x.is_not(None), Case.status != Status.DRAFT)
ON_MAP = (Case.is_listed.is_(True), *PLACED)
"""What stands on a map: the same as the triggers note."""

READ_MOST = 3_000
"""So many cases of a box may be read one by one."""

LISTED_COLUMNS = 64
MOST_CELLS = 400
SUMS = ("waiting", "in_hand", "done", "lat_e6", "lon_e6")


@dataclass(frozen=True, slots=True)
class Layer:
    """Which cases are counted: of one kind, of one category and ward or of all."""

    kind: CaseKind
    category_id: int = ALL
    ward_id: int = ALL


@dataclass(frozen=True, slots=True)
class Counts:
    """So many cases by colour."""

    waiting: int = 0
    in_hand: int = 0
    done: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.waiting + other.waiting, self.in_hand + other.in_hand, self.done + other.done)

    @property
    def total(self) -> int:
        """How many there are."""
        return self.waiting + self.in_hand + self.done

    def only(self, colours: frozenset[Colour]) -> "Counts":
        """Return those of these colours alone."""
        return Counts(
            self.waiting if Colour.WAITING in colours else 0,
            self.in_hand if Colour.IN_HAND in colours else 0,
            self.done if Colour.DONE in colours else 0,
        )


NOTHING = Counts()


@dataclass(frozen=True, slots=True)
class Counted:
    """What one cell holds, and where its cases are on the average."""

    x: int
    y: int
    counts: Counts
    lat: float
    lon: float


def cells_in(layer: Layer, cells: Cells) -> list[Counted]:
    """Return the cells in which there is something, in one statement."""
    rows = db.session.execute(_added_up(layer, cells)).all()
    return [_counted(row) for row in rows]


def count_in(layer: Layer, box: Box) -> Counts:
    """Return how many cases there are in all cells of the finest level that a box touches; one statement."""
    block = box.cells(FINEST)
    level = next((level for level in range(COARSEST, FINEST) if _is_made_of(block, level)), FINEST)
    by = FINEST - level
    whole = Cells(level, block.west >> by, block.north >> by, block.east >> by, block.south >> by)
    return sum((cell.counts for cell in cells_in(layer, whole)), NOTHING)


def holds_few(kind: CaseKind, box: Box, *, most: int = READ_MOST) -> bool:
    """Whether a box holds so few cases of a kind, of whatever category, that they may be read."""
    level = next(
        (one for one in range(FINEST, COARSEST, -1) if _size(box.cells(one)) <= MOST_CELLS), COARSEST
    )
    found = cells_in(Layer(kind), box.cells(level))
    return sum(cell.counts.total for cell in found) <= most


def extent(layer: Layer) -> Box | None:
    """Return a box around everything of a layer, made of cells of about a kilometre; None without any."""
    level = FINEST - 2
    found = cells_in(layer, Cells(level, 0, 0, (1 << level) - 1, (1 << level) - 1))
    if not found:
        return None
    xs, ys = [cell.x for cell in found], [cell.y for cell in found]
    return Cells(level, min(xs), min(ys), max(xs), max(ys)).box()


def within(box: Box, *, by_index: bool = True) -> list[ColumnElement[bool]]:
    """Return the conditions that a case lies in a box: a filter for any list of cases.

    Of a box made of whole cells the cells alone decide, as they do where cases are counted. Not `by_index`:
    SQLite walks along another index, such as that of dates, and only looks where each case is.
    """
    block = box.cells(FINEST)
    x, y = Case.cell_x, Case.cell_y
    if not by_index:
        x, y = without_index(x), without_index(y)
    listed = by_index and block.wide <= LISTED_COLUMNS
    conditions: list[ColumnElement[bool]] = [
        x.in_(range(block.west, block.east + 1)) if listed else x.between(block.west, block.east),
        y.between(block.north, block.south),
    ]
    if not box.is_whole(FINEST):
        conditions += [Case.lat >= box.south, Case.lat < box.north]
        conditions += [Case.lon >= box.west, Case.lon < box.east]
    return conditions


def without_index(column: Any) -> Any:
    """Return a column of a case so that SQLite uses no index for it; PostgreSQL counts before it chooses."""
    if db.engine.dialect.name == "postgresql":
        return column
    return UnaryExpression(column, operator=custom_op("+"), type_=column.type)


def _is_made_of(block: Cells, level: int) -> bool:
    """Whether a block of the finest cells is made of whole cells of a coarser level."""
    last = (1 << (FINEST - level)) - 1
    begins = (block.west & last) == (block.north & last) == 0
    return begins and (block.east & last) == (block.south & last) == last


def _size(cells: Cells) -> int:
    return cells.wide * cells.high


def _added_up(layer: Layer, cells: Cells) -> Select[Any]:
    both = union_all(_already(layer, cells), _since(layer, cells)).subquery()
    sums = [func.sum(both.c[name]).label(name) for name in SUMS]
    total = func.sum(both.c.waiting + both.c.in_hand + both.c.done)
    return select(both.c.x, both.c.y, *sums).group_by(both.c.x, both.c.y).having(total > 0)


def _already(layer: Layer, cells: Cells) -> Select[Any]:
    return select(MapCell.x, MapCell.y, *(getattr(MapCell, name) for name in SUMS)).where(
        MapCell.kind == layer.kind,
        MapCell.level == cells.level,
        MapCell.category_id == layer.category_id,
        MapCell.ward_id == layer.ward_id,
        MapCell.x.between(cells.west, cells.east),
        MapCell.y.between(cells.north, cells.south),
    )


def _since(layer: Layer, cells: Cells) -> Select[Any]:
    by, fine = FINEST - cells.level, cells.at(FINEST)
    conditions = [
        MapChange.kind == layer.kind,
        MapChange.x.between(fine.west, fine.east),
        MapChange.y.between(fine.north, fine.south),
    ]
    if layer.category_id != ALL:
        conditions.append(MapChange.category_id == layer.category_id)
    if layer.ward_id != ALL:
        conditions.append(MapChange.ward_id == layer.ward_id)
    x, y = (column.op(">>")(by).label(column.key) for column in (MapChange.x, MapChange.y))
    return select(x, y, *(getattr(MapChange, name) for name in SUMS)).where(*conditions)


def _counted(row: Row[Any]) -> Counted:
    counts = Counts(int(row.waiting), int(row.in_hand), int(row.done))
    share = counts.total * MILLION
    return Counted(row.x, row.y, counts, int(row.lat_e6) / share, int(row.lon_e6) / share)


def oldest_changes(limit: int) -> Select[Any]:
    """Return the ids of changes to count in next; what another worker is at is left to it."""
    return select(MapChange.id).order_by(MapChange.id).limit(limit).with_for_update(skip_locked=True)


def has_changes() -> bool:
    """Whether changes wait to be counted in."""
    return db.session.scalar(select(MapChange.id).limit(1)) is not None


def every_case() -> Select[*tuple[Any, ...]]:
    """Return what a change for each case that stands on the map would say: the columns of `MapChange`."""

    def one_if(wanted: Colour) -> ColumnElement[int]:
        return case((Case.status.in_([one for one in Status if colour(one) is wanted]), 1), else_=0)

    def millionths(degrees: Any) -> ColumnElement[int]:
        return cast(func.round(degrees * MILLION), BigInteger)

    return select(
        Case.kind,
        Case.category_id,
        func.coalesce(Case.ward_id, ALL).label("ward_id"),
        Case.cell_x.label("x"),
        Case.cell_y.label("y"),
        one_if(Colour.WAITING).label("waiting"),
        one_if(Colour.IN_HAND).label("in_hand"),
        one_if(Colour.DONE).label("done"),
        millionths(Case.lat).label("lat_e6"),
        millionths(Case.lon).label("lon_e6"),
    ).where(*ON_MAP)
