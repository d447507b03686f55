"""Writes what was learned of words and categories."""

from datetime import datetime

from cps.core.db import db
from cps.departments import queries
from cps.departments.models import LearnedWords
from cps.departments.suggesting import Learned, Measured


def keep_learned(learned: Learned, measured: Measured | None, cases: int, *, at: datetime) -> None:
    """Keep what was learned of so many complaints in place of what was known before."""
    row = queries.learned_row() or LearnedWords(id=1)
    row.learned_at, row.cases = at, cases
    row.counts, row.measured = learned.written(), measured.written() if measured else {}
    db.session.add(row)
    db.session.flush()
