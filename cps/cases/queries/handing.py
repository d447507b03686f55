"""Reads of transfers between departments, and of departments that nobody looks at."""

from collections.abc import Sequence

from sqlalchemy import select

from cps.cases.handoff_models import Transfer
from cps.core.db import db


def transfers_of(case_id: int) -> Sequence[Transfer]:
    """Return every transfer of a case, the oldest first."""
    found = select(Transfer).where(Transfer.case_id == case_id).order_by(Transfer.id)
    return db.session.scalars(found).all()


def waiting_transfer(case_id: int) -> Transfer | None:
    """Return the transfer of a case that its department has not answered yet."""
    found = select(Transfer).where(Transfer.case_id == case_id, Transfer.answered_at.is_(None))
    return db.session.scalars(found).one_or_none()


def transfers_told_by(event_ids: Sequence[int]) -> Sequence[Transfer]:
    """Return the transfers that began with these events."""
    return db.session.scalars(select(Transfer).where(Transfer.event_id.in_(event_ids))).all()
