"""Masking texts that were written before masking was: read in pieces, written only where need be."""

from dataclasses import dataclass
from typing import TypeVar

from cps.cases.masking import mask_anew, to_hide
from cps.cases.models import Case, CaseEvent
from cps.cases.queries import reporters, texts
from cps.cases.services.forgetting import forget_originals
from cps.core import search_index
from cps.core.db import db, transaction

AT_ONCE = 500

Row = TypeVar("Row", Case, CaseEvent)


@dataclass(frozen=True, slots=True)
class Piece:
    """What was found among some rows: up to which identifier, and in how many there is something to hide."""

    last_id: int
    found: int


def mask_some(table: type[Row], after: int, *, dry_run: bool = False) -> Piece | None:
    """Mask the next rows behind an identifier, in a transaction of its own; None where there are no more.

    What is masked already stays as it is. Of a case whose reporter is forgotten nothing is kept.
    """
    db.session.rollback()
    rows = texts.after(table, after, limit=AT_ONCE)
    if not rows:
        return None
    last_id, found = rows[-1].id, [row.id for row in rows if to_hide(db.session(), row)]
    if found and not dry_run:
        with transaction():
            _mask(table, found)
    return Piece(last_id, len(found))


def _mask(table: type[Row], ids: list[int]) -> None:
    rows = texts.locked(table, ids)
    for row in rows:
        mask_anew(db.session(), row)
    db.session.flush()
    for case_id in reporters.forgotten_among({texts.case_of(row) for row in rows}):
        forget_originals(case_id)


def drop_what_was_masked() -> None:
    """Let what was masked leave the search index too; once, after all pieces."""
    with transaction():
        search_index.drop_gone_words()
