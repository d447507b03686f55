"""Reads of what was learned of words and categories."""

from dataclasses import dataclass
from datetime import datetime

from cps.core.db import db
from cps.core.known import Known
from cps.departments.models import LearnedWords
from cps.departments.suggesting import Learned, Measured


@dataclass(frozen=True, slots=True, eq=False)
class KnownWords:
    """What was learned, when and of how many complaints, and how well it told; None where too few."""

    learned: Learned
    learned_at: datetime
    cases: int
    measured: Measured | None


def learned_words() -> KnownWords | None:
    """Return what was learned, read when it was learned anew since the last call."""
    return _learned.get()


def learned_row() -> LearnedWords | None:
    """Return the row of what was learned, to write it anew."""
    return db.session.get(LearnedWords, 1)


def _read() -> KnownWords | None:
    row = learned_row()
    if row is None:
        return None
    return KnownWords(Learned.of(row.counts), row.learned_at, row.cases, Measured.of(row.measured))


_learned = Known(_read, LearnedWords)
