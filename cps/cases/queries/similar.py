"""Cases that may be the same as a new one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from cps.cases.models import Case
from cps.cases.queries.lists import ROW
from cps.cases.rules import CaseKind
from cps.core.db import db


@dataclass(frozen=True, slots=True)
class Near:
    """Where and what to look for when searching similar cases: around a cell, or in a ward."""

    since: datetime
    cell: tuple[int, int] | None = None
    ward_id: int | None = None
    category_id: int | None = None


def similar_candidates(near: Near, *, limit: int = 50) -> Sequence[Row[tuple[Any, ...]]]:
    """Return listed cases in the cell and its eight neighbours, open or closed since, newest first.

    Besides the columns of a list they have `words`, the words by which a case is found.
    """
    near_by = select(Case.id).where(
        Case.is_listed.is_(True),
        Case.kind == CaseKind.COMPLAINT,
        Case.joined_to_id.is_(None),
        (Case.closed_at.is_(None)) | (Case.closed_at >= near.since),
    )
    if near.cell is not None:
        x, y = near.cell
        near_by = near_by.where(Case.cell_x.in_((x - 1, x, x + 1)), Case.cell_y.between(y - 1, y + 1))
    if near.ward_id is not None:
        near_by = near_by.where(Case.ward_id == near.ward_id)
    if near.category_id is not None:
        near_by = near_by.where(Case.category_id == near.category_id)
    newest = near_by.order_by(Case.id.desc()).limit(limit)  # first, so that only these are joined
    columns = ROW.add_columns(Case.search_text.label("words"))
    return db.session.execute(columns.where(Case.id.in_(newest)).order_by(Case.id.desc())).all()
