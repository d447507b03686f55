"""`python -m bench.multiply N`: make the city of the environment larger by copies of its cases, quickly.

For measuring lists and maps of a million cases: each copy is a case of its own with another number, another
minute and another place in the city, but without a story, backers or photos of its own.
"""

import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, text

from cps import create_app
from cps.cases.models import Case, CaseContact, CaseEvent
from cps.cases.queries import map_cells
from cps.cases.rules import Audience, EventKind
from cps.cases.services import map_counting
from cps.cases.services.filing import CELL_ZOOM
from cps.core.db import db, transaction
from cps.core.many import insert_rows, reserve_ids
from cps.wards.geometry import grid_cell

CHUNK = 5_000
COUNTED_AT_ONCE = 50_000
_TAKEN = """
SELECT type, name, sql FROM sqlite_master
WHERE tbl_name IN ('cases', 'case_contact', 'case_event') AND type IN ('index', 'trigger') AND sql IS NOT NULL
"""
SPREAD = 0.004
"""Degrees by which copies lie apart: some 400 metres."""


def multiply(wanted: int) -> None:
    """Copy listed, placed, closed cases in turn until there are `wanted`."""
    rng = random.Random(1)
    columns = [column for column in Case.__table__.columns if column.computed is None]
    chosen = select(*columns).where(Case.is_listed, Case.lat.is_not(None), Case.closed_at.is_not(None))
    rows = [dict(row) for row in db.session.execute(chosen.order_by(Case.id)).mappings()]
    missing = wanted - (db.session.scalar(select(func.count(Case.id))) or 0)
    with _without_indexes():
        for done in range(0, missing, CHUNK):
            with transaction():
                _add(rows, min(CHUNK, missing - done), rng)
    with transaction():
        map_counting.begin_anew()
    while map_cells.has_changes():
        with transaction():
            map_counting.count_in(COUNTED_AT_ONCE)
    with transaction() as session:
        session.execute(text("ANALYZE"))


def _add(rows: list[dict[str, Any]], number: int, rng: random.Random) -> None:
    keys = reserve_ids(Case, number)
    copies = [_copy(rng.choice(rows), key, rng) for key in keys]
    insert_rows(Case, copies)
    insert_rows(CaseContact, [_contact(key) for key in keys])
    insert_rows(CaseEvent, [_filed(copy) for copy in copies])


@contextmanager
def _without_indexes() -> Iterator[None]:
    """Take indexes and triggers of the tables away on SQLite, where a million rows would wait for them."""
    if db.engine.dialect.name == "postgresql":
        yield
        return
    with transaction() as session:
        taken = session.execute(text(_TAKEN)).all()
        for kind, name, _sql in taken:
            session.execute(text(f"DROP {kind} {name}"))
    yield
    with transaction() as session:
        for _kind, _name, sql in taken:
            session.connection().exec_driver_sql(sql)
        session.execute(text("INSERT INTO case_search (case_search) VALUES ('rebuild')"))


def _copy(row: dict[str, Any], key: int, rng: random.Random) -> dict[str, Any]:
    lat, lon = row["lat"] + rng.uniform(-SPREAD, SPREAD), row["lon"] + rng.uniform(-SPREAD, SPREAD)
    x, y = grid_cell(lat, lon, CELL_ZOOM)
    earlier = timedelta(minutes=rng.randrange(3 * 365 * 24 * 60))
    reference = f"{key:012}"
    times = {name: value - earlier for name, value in row.items() if isinstance(value, datetime)}
    own = {
        "id": key,
        "reference": reference,
        "external_id": reference,
        "support_count": 0,
    }
    return {**row, **times, **own, "photo_count": 0, "lat": lat, "lon": lon, "cell_x": x, "cell_y": y}


def _contact(key: int) -> dict[str, Any]:
    empty = dict.fromkeys(("name", "email", "phone", "language", "pin_hash"), "")
    return {**empty, "case_id": key, "secret_hash": f"copy-{key}"}


def _filed(case: dict[str, Any]) -> dict[str, Any]:
    return {
        "case_id": case["id"],
        "kind": EventKind.FILED,
        "audience": Audience.PUBLIC,
        "at": case["received_at"],
        "public_from": case["received_at"],
        "message": "",
        "language": "",
        "data": {},
    }


if __name__ == "__main__":
    with create_app().app_context():
        multiply(int(sys.argv[1]))
