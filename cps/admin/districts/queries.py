"""Reads of wards as administrators see them."""

from collections.abc import Sequence

from sqlalchemy import func, select

from cps.cases.models import Case
from cps.core.db import db
from cps.wards.models import Ward


def wards() -> Sequence[Ward]:
    """Return every ward, those in use first, by their codes."""
    return db.session.scalars(select(Ward).order_by(Ward.is_active.desc(), Ward.code)).all()


def open_cases() -> dict[int, int]:
    """Return how many open cases lie in each ward; complaints about staff are not counted."""
    counted = (
        select(Case.ward_id, func.count())
        .where(Case.ward_id.is_not(None), Case.closed_at.is_(None), Case.is_integrity.is_(False))
        .group_by(Case.ward_id)
    )
    return {key: number for key, number in db.session.execute(counted) if key is not None}


def ward(ward_id: int) -> Ward | None:
    """Return a ward, used or not."""
    return db.session.get(Ward, ward_id)


def lock_ward(ward_id: int) -> Ward | None:
    """Return a ward, loaded anew and locked for the running write transaction."""
    return db.session.get(Ward, ward_id, populate_existing=True, with_for_update=True)
