"""Cases that may be the same as another one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, or_, select

from cps.cases.models import Attachment, Case
from cps.cases.queries.map_cells import without_index
from cps.cases.queries.rows import ROW
from cps.cases.rules import CaseKind
from cps.cases.rules.alike import Report
from cps.core.db import db


@dataclass(frozen=True, slots=True)
class Near:
    """Where and what to look for when searching similar cases: around a cell, or in a ward.

    `but_id` is the case itself. Besides what everybody sees, `also` selects what somebody may see.
    """

    since: datetime
    cell: tuple[int, int] | None = None
    ward_id: int | None = None
    category_id: int | None = None
    but_id: int | None = None
    also: ColumnElement[bool] | None = None


def similar_candidates(near: Near, *, limit: int = 50) -> Sequence[Row[tuple[Any, ...]]]:
    """Return cases in the cell and its eight neighbours, open or closed since, newest first.

    Besides the columns of a list they have `words`, the words by which a case is found, and `department_id`.
    """
    seen = Case.is_listed.is_(True)
    if near.cell is not None:
        seen = without_index(Case.is_listed).is_(True)  # the cells leave fewer
    near_by = select(Case.id).where(
        seen if near.also is None else or_(seen, near.also),
        Case.kind == CaseKind.COMPLAINT,
        without_index(Case.joined_to_id).is_(None),  # which nearly all are
        (Case.closed_at.is_(None)) | (Case.closed_at >= near.since),
    )
    if near.cell is not None:
        x, y = near.cell
        near_by = near_by.where(Case.cell_x.in_((x - 1, x, x + 1)), Case.cell_y.between(y - 1, y + 1))
    if near.ward_id is not None:
        near_by = near_by.where(Case.ward_id == near.ward_id)
    if near.category_id is not None:
        near_by = near_by.where(Case.category_id == near.category_id)
    if near.but_id is not None:
        near_by = near_by.where(Case.id != near.but_id)
    newest = near_by.order_by(Case.id.desc()).limit(limit)  # first, so that only these are joined
    columns = ROW.add_columns(Case.search_text.label("words"), Case.department_id)
    return db.session.execute(columns.where(Case.id.in_(newest)).order_by(Case.id.desc())).all()


def report_of(row: Row[tuple[Any, ...]], photos: frozenset[str]) -> Report:
    """Return what is compared of a candidate."""
    return Report(row.words, row.category_id, row.lat, row.lon, row.received_at, photos)


def hashes_of_photos(case_ids: Iterable[int]) -> dict[int, frozenset[str]]:
    """Return the perceptual hashes of what cases show of the problem, by case; hidden photos left out."""
    wanted = list(case_ids)
    if not wanted:
        return {}
    rows = db.session.execute(
        select(Attachment.case_id, Attachment.perceptual_hash).where(
            Attachment.case_id.in_(wanted), Attachment.event_id.is_(None), Attachment.is_hidden.is_(False)
        )
    )
    found: dict[int, set[str]] = {}
    for case_id, photo in rows:
        found.setdefault(int(case_id or 0), set()).add(photo)
    return {case_id: frozenset(photos) for case_id, photos in found.items()}
