"""What a map shows of a list of cases: few of them one by one, many as clusters that say how many.

How many cases there are in a city makes no difference: clusters are read from counted cells, and cases only
where a box holds few. A list narrowed by more than category, ward and state is not counted anywhere; of that
the newest are shown, and the answer says so.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, select, true

from cps.cases.map_models import ALL
from cps.cases.models import Case
from cps.cases.queries import map_cells
from cps.cases.queries.lists import Filter, listed_where
from cps.cases.queries.map_cells import NOTHING, PLACED, Counted, Counts, Layer
from cps.cases.rules import MOVES, CaseKind, Colour, Status, colour
from cps.cases.rules.boxes import (
    DEEPEST_ZOOM,
    FINEST,
    Box,
    Cells,
    fine_cell,
    grid_of,
    level_of,
    zoom_for,
)
from cps.core.db import db

MOST_POINTS = 60
"""So many cases are shown one by one; more of them would lie on each other."""

NEWEST = 500
LOOKED_AT = 20_000
"""Among so many of the newest those are looked for that a list shows, where they are counted nowhere."""

_POINT = (
    *(Case.id, Case.reference, Case.kind, Case.title, Case.language, Case.status, Case.outcome),
    *(Case.lat, Case.lon, Case.category_id),
)


@dataclass(frozen=True, slots=True)
class Cluster:
    """So many cases near each other: where they are on the average, and the box that holds them all."""

    counts: Counts
    lat: float
    lon: float
    box: Box


@dataclass(frozen=True, slots=True)
class Seen:
    """What a map shows of a box; the list narrowed by `box` holds just these cases.

    Either `points` or `clusters` is empty. `is_part`: there may be more than the newest that are shown.
    """

    box: Box | None
    zoom: int
    counts: Counts = NOTHING
    clusters: Sequence[Cluster] = ()
    points: Sequence[Row[Any]] = ()
    is_part: bool = False


def seen(wanted: Filter, zoom: int | None = None) -> Seen:
    """Return what a map of a zoom shows of a list, in its box or, without one, wherever there is something.

    The box is made wider to the lines of a grid. Without a zoom it is that at which the box fills a screen.
    At most four statements.
    """
    layer = layer_of(wanted)
    if layer is None:
        return _newest(wanted, zoom)
    box = wanted.box or map_cells.extent(layer)
    if box is None:
        return Seen(None, zoom or 0)
    zoom = zoom_for(box) if zoom is None or wanted.box is None else zoom
    return _near(wanted, layer, box, zoom) if zoom >= FINEST else _counted(wanted, layer, box, zoom)


def layer_of(wanted: Filter) -> Layer | None:
    """Return the layer that has what a list shows; None where it is narrowed by more than is counted."""
    narrower = replace(wanted, category_id=None, ward_id=None, statuses=(), box=None)
    if narrower != Filter(kind=wanted.kind) or not _are_whole_colours(wanted):
        return None
    return Layer(wanted.kind, wanted.category_id or ALL, wanted.ward_id or ALL)


def colours_of(wanted: Filter) -> frozenset[Colour]:
    """Return the colours that a list shows."""
    return frozenset(map(colour, wanted.statuses)) if wanted.statuses else frozenset(Colour)


def _are_whole_colours(wanted: Filter) -> bool:
    others = _statuses_of(wanted.kind) - set(wanted.statuses)
    return not wanted.statuses or colours_of(wanted).isdisjoint(map(colour, others))


def _statuses_of(kind: CaseKind) -> set[Status]:
    """Return the statuses in which a case of a kind can stand on a map."""
    moves = MOVES[kind]
    return {*moves, *(to for row in moves.values() for to in row)} - {Status.DRAFT}


def _counted(wanted: Filter, layer: Layer, box: Box, zoom: int) -> Seen:
    """Return the counted cells of a box, or its cases where they are few."""
    block = box.whole(grid_of(zoom)).cells(level_of(zoom))
    box, colours = block.box(), colours_of(wanted)
    cells = map_cells.cells_in(layer, block)
    counts = sum((cell.counts.only(colours) for cell in cells), NOTHING)
    if counts.total <= MOST_POINTS and map_cells.holds_few(layer.kind, box):
        return Seen(box, zoom, counts, points=_points(wanted, box))
    return Seen(box, zoom, counts, clusters=_clusters(cells, block.level, colours))


def _near(wanted: Filter, layer: Layer, box: Box, zoom: int) -> Seen:
    """Return the cases of a box that is hardly larger than a counted cell; of a heap of cases the cells."""
    whole = box.whole(grid_of(zoom))
    if not map_cells.holds_few(layer.kind, whole):
        return replace(_counted(wanted, layer, whole, FINEST - 1), zoom=zoom)
    places = _places(replace(wanted, box=whole), limit=None)
    if len(places) <= MOST_POINTS:
        return Seen(whole, zoom, _counts(places), points=_points(wanted, whole))
    return Seen(whole, zoom, _counts(places), clusters=_gathered(places, zoom))


def _newest(wanted: Filter, zoom: int | None) -> Seen:
    box = wanted.box.whole(grid_of(_or_deepest(zoom))) if wanted.box else None
    oldest = _oldest_looked_at(wanted)
    not_older = Case.received_at >= oldest if oldest else true()
    places = _places(replace(wanted, box=box), not_older, limit=NEWEST + 1)
    is_part, places = oldest is not None or len(places) > NEWEST, places[:NEWEST]
    box = box or _around(places)
    if box is None:
        return Seen(None, zoom or 0, is_part=is_part)
    zoom = zoom_for(box) if zoom is None or wanted.box is None else zoom
    if len(places) <= MOST_POINTS:
        points = _rows(Case.id.in_([row.id for row in places]))
        return Seen(box, zoom, _counts(places), points=points, is_part=is_part)
    return Seen(box, zoom, _counts(places), clusters=_gathered(places, zoom), is_part=is_part)


def _or_deepest(zoom: int | None) -> int:
    return DEEPEST_ZOOM if zoom is None else zoom


def _points(wanted: Filter, box: Box) -> Sequence[Row[Any]]:
    return _rows(*listed_where(replace(wanted, box=box), in_order=False), *PLACED)


def _rows(*conditions: ColumnElement[bool]) -> Sequence[Row[Any]]:
    points: Select[*tuple[Any, ...]] = select(*_POINT)
    return db.session.execute(points.where(*conditions).order_by(Case.id.desc())).all()


def _oldest_looked_at(wanted: Filter) -> datetime | None:
    """Return when the last of the newest was received among which is looked, by one index alone.

    None where they are fewer, and where the words or the notice already say which few cases it can be.
    """
    if wanted.words.strip() or wanted.notice_id is not None:
        return None
    conditions: list[ColumnElement[bool]] = [Case.is_listed.is_(True)]
    if wanted.category_id is not None:
        conditions.append(Case.category_id == wanted.category_id)
    elif wanted.ward_id is not None:
        conditions.append(Case.ward_id == wanted.ward_id)
    elif wanted.department_id is not None:
        conditions.append(Case.department_id == wanted.department_id)
    if wanted.received_before is not None:
        conditions.append(Case.received_at < wanted.received_before)
    newest = select(Case.received_at).where(*conditions).order_by(Case.received_at.desc(), Case.id.desc())
    return db.session.scalar(newest.offset(LOOKED_AT - 1).limit(1))


def _places(wanted: Filter, *more: ColumnElement[bool], limit: int | None) -> Sequence[Row[Any]]:
    """Return place and status of cases; with a limit those of the newest."""
    conditions = listed_where(wanted, in_order=limit is not None)
    statement: Select[*tuple[Any, ...]] = select(Case.id, Case.lat, Case.lon, Case.status)
    statement = statement.where(*conditions, *PLACED, *more)
    if limit is not None:
        statement = statement.order_by(Case.received_at.desc(), Case.id.desc()).limit(limit)
    return db.session.execute(statement).all()


def _around(places: Sequence[Row[Any]]) -> Box | None:
    if not places:
        return None
    lats, lons = [row.lat for row in places], [row.lon for row in places]
    least = 1e-4  # about ten metres, so that one case alone has a box around it
    return Box(min(lons) - least, min(lats) - least, max(lons) + least, max(lats) + least)


def _clusters(cells: Iterable[Counted], level: int, colours: frozenset[Colour]) -> list[Cluster]:
    return [
        Cluster(counts, cell.lat, cell.lon, Cells(level, cell.x, cell.y, cell.x, cell.y).box())
        for cell in cells
        if (counts := cell.counts.only(colours)).total
    ]


def _gathered(places: Sequence[Row[Any]], zoom: int) -> list[Cluster]:
    """Return cases gathered into cells of 64 pixels."""
    cells: defaultdict[tuple[int, int], list[Row[Any]]] = defaultdict(list)
    for row in places:
        cells[fine_cell(row.lat, row.lon, zoom)].append(row)
    return [
        Cluster(
            _counts(rows),
            sum(row.lat for row in rows) / len(rows),
            sum(row.lon for row in rows) / len(rows),
            Cells(zoom + 2, x, y, x, y).box(),
        )
        for (x, y), rows in sorted(cells.items())
    ]


def _counts(places: Iterable[Row[Any]]) -> Counts:
    colours = [colour(row.status) for row in places]
    return Counts(colours.count(Colour.WAITING), colours.count(Colour.IN_HAND), colours.count(Colour.DONE))
