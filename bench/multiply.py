"""`python -m bench.multiply N`: make the city of the environment larger by copies of its cases, quickly.

For measuring lists, maps and queues of a million cases. Each copy is a complaint of its own, with another
number, its whole story, its due dates and a contact, some cells of the map further east or west; without
reporter, backers and photos. The desk has no more to do in a city of many years than in a young one: once
`MOST_OPEN` are open, only closed cases are copied. Months that the city published before do not count the
copies, as `cps doctor` then says.
"""

import sys
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, String, cast, func, insert, literal, select, text

from bench.bare_tables import bare
from bench.numbers import Numbers
from cps import create_app
from cps.cases.clock_models import DueChange
from cps.cases.models import Case, CaseContact, CaseEvent
from cps.cases.queries import map_cells
from cps.cases.rules import CaseKind
from cps.cases.rules.boxes import FINEST
from cps.cases.services import map_counting
from cps.core.db import db, transaction

MOST_OPEN = 4_000
TABLES = ("cases", "case_contact", "case_event", "due_change")
COUNTED_AT_ONCE = 50_000
CELL = 360 / (1 << FINEST)
FARTHEST = 15
"""A copy lies at most so many cells of some 300 metres from its original."""

SAME_CELLS = 4
"""So many copies lie in the same cells, so that counting them together writes each cell once."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One copy of the originals: which, and how far from them the ids of the copies are."""

    closed_until: int
    open_until: int
    """Of closed and of open cases, the ids up to which originals are copied."""
    cells: int
    case_ids: int
    event_ids: int
    move_ids: int

    def originals(self) -> ColumnElement[bool]:
        """Return the condition that a case is copied."""
        is_open = Case.closed_at.is_(None)
        closed, still_open = ~is_open & (Case.id <= self.closed_until), is_open & (Case.id <= self.open_until)
        return (Case.kind == CaseKind.COMPLAINT) & (closed | still_open)


def multiply(wanted: int, *, most_open: int = MOST_OPEN) -> None:
    """Copy the cases in turn until there are `wanted`, with a few statements for each turn."""
    turns = _turns(wanted, most_open)
    db.session.rollback()
    with bare(*TABLES) as prepare, Numbers() as numbers:
        for turn in turns:
            with transaction():
                prepare()
                _copy_cases(turn, numbers)
                _copy_contacts(turn)
                _copy_stories(turn)
                _copy_moves(turn)
    set_sequences("cases", "case_event", "due_change")
    count_again()


def _turns(wanted: int, most_open: int) -> list[Turn]:
    """Return the copies to make; raises SystemExit where there is nothing to make them of."""
    last, last_event, last_move = (
        db.session.scalar(select(func.max(table.id))) or 0 for table in (Case, CaseEvent, DueChange)
    )
    complaints = select(Case.id).where(Case.kind == CaseKind.COMPLAINT).order_by(Case.id)
    closed = db.session.scalars(complaints.where(Case.closed_at.is_not(None))).all()
    opened = db.session.scalars(complaints.where(Case.closed_at.is_(None))).all()
    more = wanted - (db.session.scalar(select(func.count(Case.id))) or 0)
    more_open = most_open - len(opened)
    if more > 0 and not closed:
        raise SystemExit("There is no closed case to copy.")
    turns: list[Turn] = []
    while more > 0:
        open_until = _id_at(opened, min(more, more_open))
        more_open -= bisect_right(opened, open_until)
        more -= bisect_right(opened, open_until)
        closed_until = _id_at(closed, more)
        more -= bisect_right(closed, closed_until)
        number = len(turns) + 1
        cells = number // SAME_CELLS % (2 * FARTHEST + 1) - FARTHEST
        offsets = (number * last, number * last_event, number * last_move)
        turns.append(Turn(closed_until, open_until, cells, *offsets))
    return turns


def _id_at(ids: Sequence[int], number: int) -> int:
    """Return the id up to which there are so many, or all where there are fewer; 0 for none."""
    return ids[min(number, len(ids)) - 1] if ids and number > 0 else 0


def _copy_cases(turn: Turn, numbers: Numbers) -> None:
    key = Case.id + turn.case_ids
    own: dict[str, Any] = {
        "id": key,
        "reference": numbers.reference(key),
        "external_id": numbers.digits(key),
        "reporter_id": literal(None),
        "lon": Case.lon + turn.cells * CELL,
        "cell_x": Case.cell_x + turn.cells,
        "support_count": literal(0),
        "photo_count": literal(0),
    }
    names = [column.name for column in Case.__table__.columns if column.computed is None]
    copies = select(*(own.get(name, Case.__table__.c[name]) for name in names))
    copies = numbers.join(copies.select_from(Case), key).where(turn.originals())
    db.session.execute(insert(Case).from_select(names, copies))


def _copy_contacts(turn: Turn) -> None:
    key = CaseContact.case_id + turn.case_ids
    _copy_of_cases(turn, CaseContact, {"case_id": key, "secret_hash": literal("copy-") + cast(key, String)})


def _copy_stories(turn: Turn) -> None:
    own = {"id": CaseEvent.id + turn.event_ids, "case_id": CaseEvent.case_id + turn.case_ids}
    _copy_of_cases(turn, CaseEvent, own)


def _copy_moves(turn: Turn) -> None:
    own = {
        "id": DueChange.id + turn.move_ids,
        "case_id": DueChange.case_id + turn.case_ids,
        "event_id": DueChange.event_id + turn.event_ids,
    }
    _copy_of_cases(turn, DueChange, own)


def _copy_of_cases(turn: Turn, table: Any, own: Mapping[str, Any]) -> None:
    """Copy what hangs on the originals; `own` are the columns in which a copy differs."""
    names = [column.name for column in table.__table__.columns]
    copies = select(*(own.get(name, table.__table__.c[name]) for name in names))
    of = copies.join(Case, Case.id == table.case_id).where(turn.originals())
    db.session.execute(insert(table).from_select(names, of))


def set_sequences(*tables: str) -> None:
    """Let PostgreSQL go on with ids above those that were copied."""
    if db.engine.dialect.name == "postgresql":
        with transaction() as session:
            for table in tables:
                last = f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
                session.execute(text(last))


def count_again() -> None:
    """Count all copies into the map, and let the database look at what it has now."""
    with transaction():
        map_counting.begin_anew()
    while map_cells.has_changes():
        with transaction():
            map_counting.count_in(COUNTED_AT_ONCE)
    with transaction() as session:
        session.execute(text("ANALYZE"))


if __name__ == "__main__":
    with create_app().app_context():
        multiply(int(sys.argv[1]))
