"""Reads of the reasons with which the city says no."""

from collections.abc import Sequence

from sqlalchemy import select

from cps.core.db import db
from cps.departments.models import DeclineReason

_IN_ORDER = (DeclineReason.is_active.desc(), DeclineReason.ord, DeclineReason.id)


def decline_reasons() -> Sequence[DeclineReason]:
    """Return every reason, those in use first, in the order in which they are offered."""
    return db.session.scalars(select(DeclineReason).order_by(*_IN_ORDER)).all()


def offered_reasons() -> list[DeclineReason]:
    """Return the reasons in use, in the order in which they are offered."""
    return [one for one in decline_reasons() if one.is_active]


def decline_reason(reason_id: int) -> DeclineReason | None:
    """Return one reason, in use or not."""
    return db.session.get(DeclineReason, reason_id)
