"""`python -m bench.multiply N`: make the city of the environment larger by copies of its cases, quickly.

For measuring lists and maps of a million cases: each copy is a case of its own with another number, another
minute and another place in the city, but without a story, backers or photos of its own.
"""

import random
import sys
from datetime import timedelta
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
SPREAD = 0.004
"""Degrees by which copies lie apart: some 400 metres."""

TIMES = (
    *("received_at", "entered_at", "promised_at", "due_at", "updated_at"),
    *("acknowledged_at", "closed_at", "answered_at", "paused_at"),
)


def multiply(wanted: int) -> None:
    """Copy listed, placed, closed cases in turn until there are `wanted`."""
    rng = random.Random(1)
    columns = [column for column in Case.__table__.columns if column.computed is None]
    chosen = select(*columns).where(Case.is_listed, Case.lat.is_not(None), Case.closed_at.is_not(None))
    rows = [dict(row) for row in db.session.execute(chosen.order_by(Case.id)).mappings()]
    missing = wanted - (db.session.scalar(select(func.count(Case.id))) or 0)
    for done in range(0, missing, CHUNK):
        number = min(CHUNK, missing - done)
        with transaction():
            keys = reserve_ids(Case, number)
            copies = [_copy(rng.choice(rows), key, rng) for key in keys]
            insert_rows(Case, copies)
            insert_rows(CaseContact, [_contact(key) for key in keys])
            insert_rows(CaseEvent, [_filed(copy) for copy in copies])
    while map_cells.has_changes():
        with transaction():
            map_counting.count_in()
    with transaction() as session:
        session.execute(text("ANALYZE"))


def _copy(row: dict[str, Any], key: int, rng: random.Random) -> dict[str, Any]:
    lat, lon = row["lat"] + rng.uniform(-SPREAD, SPREAD), row["lon"] + rng.uniform(-SPREAD, SPREAD)
    x, y = grid_cell(lat, lon, CELL_ZOOM)
    earlier = timedelta(minutes=rng.randrange(3 * 365 * 24 * 60))
    reference = f"{key:012}"
    times = {name: row[name] - earlier for name in TIMES if row.get(name)}
    own = {
        "id": key,
        "reference": reference,
        "external_id": reference,
        "joined_to_id": None,
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
