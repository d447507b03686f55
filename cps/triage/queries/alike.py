"""Cases that may be the same as the open one, of every department that the officer may look at."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from cps.accounts.models import Account
from cps.cases import queries as cases
from cps.cases.models import Case
from cps.cases.policy import reach_of, workable
from cps.cases.queries import Near
from cps.cases.rules import CaseKind
from cps.cases.rules.alike import ANSWERED_WITHIN, Report, most_alike
from cps.wards.geometry import grid_cell

CELL_ZOOM = 17


@dataclass(frozen=True, slots=True)
class Alike:
    """A case that may be the same: its row of a list, and how alike it is, above 0 to 1."""

    row: Row[tuple[Any, ...]]
    score: float

    @property
    def percent(self) -> int:
        """How alike it is, in percent."""
        return round(100 * self.score)


def alike(case: Case, officer: Account, *, at: datetime) -> list[Alike]:
    """Return at most five complaints that may be the same, the likeliest first, in three statements.

    Near the place they are of any category; without a place, of the same ward and category.
    """
    if case.kind is not CaseKind.COMPLAINT or not case.is_open or case.is_integrity:
        return []
    rows = {int(row.id): row for row in cases.similar_candidates(_near(case, officer, at))}
    if not rows:
        return []
    photos = cases.hashes_of_photos([case.id, *rows])
    others = {key: cases.report_of(row, photos.get(key, frozenset())) for key, row in rows.items()}
    own = Report(
        case.search_text,
        case.category_id,
        case.lat,
        case.lon,
        case.received_at,
        photos.get(case.id, frozenset()),
    )
    return [Alike(rows[key], score) for key, score in most_alike(own, others).items()]


def _near(case: Case, officer: Account, at: datetime) -> Near:
    seen = workable(officer.roles, reach_of(officer)) & Case.is_integrity.is_(False)
    since = at - ANSWERED_WITHIN
    if case.lat is not None and case.lon is not None:
        cell = grid_cell(case.lat, case.lon, CELL_ZOOM)
        return Near(since, cell=cell, but_id=case.id, also=seen)
    return Near(since, ward_id=case.ward_id, category_id=case.category_id, but_id=case.id, also=seen)
