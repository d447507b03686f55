"""Masking texts that were written before masking was: read in pieces, written only where need be."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from cps.cases.masking import mask_anew, to_hide
from cps.cases.models import Case, CaseEvent
from cps.cases.queries import reporters, texts
from cps.cases.services.forgetting import forget_originals
from cps.core import search_index
from cps.core.db import db

AT_ONCE = 500

Row = TypeVar("Row", Case, CaseEvent)


@dataclass(frozen=True, slots=True)
class Piece:
    """What was found among some rows: up to which identifier, and in which there is something to hide."""

    last_id: int
    ids: list[int]


def next_piece(table: type[Row], after: int) -> Piece | None:
    """Look at the next rows behind an identifier; None where there are no more."""
    rows = texts.after(table, after, limit=AT_ONCE)
    if not rows:
        return None
    return Piece(rows[-1].id, [row.id for row in rows if to_hide(db.session(), row)])


def mask_old(table: type[Row], ids: Sequence[int]) -> None:
    """Mask these rows; what is masked already stays as it is.

    Of a case whose reporter is forgotten nothing is kept.
    """
    rows = texts.locked(table, ids)
    for row in rows:
        mask_anew(db.session(), row)
    db.session.flush()
    forget_originals(reporters.forgotten_among({texts.case_of(row) for row in rows}))


def drop_what_was_masked() -> None:
    """Let what was masked leave the search index too; once, after all pieces."""
    search_index.drop_gone_words()
