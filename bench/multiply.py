"""`python -m bench.multiply N`: make the city of the environment larger by copies of its cases, quickly.

For measuring lists and maps of a million cases. Each copy is a case of its own, with another number and some
cells of the map further east or west, but without a story, backers or photos.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import String, cast, func, insert, literal, select, text

from cps import create_app
from cps.cases.models import Case, CaseContact, CaseEvent
from cps.cases.queries import map_cells
from cps.cases.rules import Audience, EventKind
from cps.cases.rules.boxes import FINEST
from cps.cases.services import map_counting
from cps.core.db import db, transaction

COUNTED_AT_ONCE = 50_000
FIRST_NUMBER = 100_000_000_000
"""The numbers of copies have twelve digits, as all have, and begin where no month does."""

CELL = 360 / (1 << FINEST)
FARTHEST = 15
"""A copy lies at most so many cells of some 300 metres from its original."""

_TAKEN = """
SELECT type, name, sql FROM sqlite_master
WHERE tbl_name IN ('cases', 'case_contact', 'case_event') AND type IN ('index', 'trigger') AND sql IS NOT NULL
"""


def multiply(wanted: int) -> None:
    """Copy the cases in turn until there are `wanted`, with one statement for each copy of all of them."""
    last: int = db.session.scalar(select(func.max(Case.id))) or 0
    with _without_indexes():
        for turn in range(1, wanted // last + 1):
            with transaction():
                _copy_all(last, turn, min(last, wanted - turn * last))
    with transaction():
        map_counting.begin_anew()
    while map_cells.has_changes():
        with transaction():
            map_counting.count_in(COUNTED_AT_ONCE)
    with transaction() as session:
        session.execute(text("ANALYZE"))


def _copy_all(last: int, turn: int, number: int) -> None:
    """Copy the first cases; ids go on where those of the turn before ended."""
    columns = [column for column in Case.__table__.columns if column.computed is None]
    key = Case.id + turn * last
    cells = (turn * 7) % (2 * FARTHEST + 1) - FARTHEST
    own: dict[str, Any] = {
        "id": key,
        "reference": cast(key + FIRST_NUMBER, String),
        "external_id": cast(key + FIRST_NUMBER, String),
        "lon": Case.lon + cells * CELL,
        "cell_x": Case.cell_x + cells,
        "support_count": literal(0),
        "photo_count": literal(0),
    }
    copies = select(*(own.get(column.name, column) for column in columns)).where(Case.id <= number)
    db.session.execute(insert(Case).from_select([column.name for column in columns], copies))
    new = Case.id > turn * last
    contact = select(Case.id, *(literal("") for _ in range(5)), literal("copy-") + cast(Case.id, String))
    names = ["case_id", "name", "email", "phone", "language", "pin_hash", "secret_hash"]
    db.session.execute(insert(CaseContact).from_select(names, contact.where(new)))
    filed = select(
        *(Case.id, literal(EventKind.FILED.value), literal(Audience.PUBLIC.value)),
        *(Case.received_at, Case.received_at, literal(""), literal(""), text("'{}'")),
    )
    names = ["case_id", "kind", "audience", "at", "public_from", "message", "language", "data"]
    db.session.execute(insert(CaseEvent).from_select(names, filed.where(new)))
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("SELECT setval(pg_get_serial_sequence('cases', 'id'), max(id)) FROM cases"))


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


if __name__ == "__main__":
    with create_app().app_context():
        multiply(int(sys.argv[1]))
