"""Cards of the city from a file: which one is whose in the register, without a number."""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete

from cps.core import audit
from cps.core.db import db
from cps.core.many import change_rows
from cps.core.upsert import insert_into
from cps.residents import queries
from cps.residents.models import CityCard

CHUNK = 5_000

TABLE = "CREATE TABLE card (tag TEXT PRIMARY KEY, line INTEGER, entry_tag TEXT) WITHOUT ROWID"
"""Where the rows of a file wait until all of them are looked at."""


@dataclass(slots=True)
class CardReport:
    """How many cards a file has that are new, that are somebody else's by it, and that are as before."""

    new: int = 0
    changed: int = 0
    same: int = 0
    gone: int = 0


def compare_cards(staged: sqlite3.Connection, *, full: bool) -> CardReport:
    """Say what `load_cards` would do; nothing is written."""
    report = CardReport()
    for rows in _chunks(staged):
        there = queries.owners_of_cards([tag for tag, _entry in rows])
        owners = [(there.get(tag), entry_tag) for tag, entry_tag in rows]
        report.new += sum(known is None for known, _entry in owners)
        report.same += sum(known == entry_tag for known, entry_tag in owners)
        report.changed += sum(known not in {None, entry_tag} for known, entry_tag in owners)
    if full:
        report.gone = queries.count_cards() - report.same - report.changed
    return report


def load_cards(staged: sqlite3.Connection, *, full: bool, by: int | None, at: datetime) -> int:
    """Keep the cards of a file, whose entries all stand in the register; returns how many.

    A card that was somebody else's is the one's whom the file names. With `full` all others are forgotten.
    """
    if full:
        change_rows(delete(CityCard))
    insert = insert_into(CityCard)
    new = {"entry_tag": insert.excluded.entry_tag, "imported_at": insert.excluded.imported_at}
    statement = insert.on_conflict_do_update(index_elements=["tag"], set_=new)
    number = 0
    for rows in _chunks(staged):
        cards = [{"tag": tag, "entry_tag": entry_tag, "imported_at": at} for tag, entry_tag in rows]
        db.session.connection().execute(statement, cards)
        number += len(cards)
    changes = {"cards": [None, number], "full": [None, full]}
    audit.record("import-cards", about=("city", 1), by=by, at=at, changes=changes)
    db.session.flush()
    return number


def _chunks(staged: sqlite3.Connection) -> Iterator[Sequence[tuple[str, str]]]:
    rows = staged.execute("SELECT tag, entry_tag FROM card ORDER BY tag")
    while some := rows.fetchmany(CHUNK):
        yield some
