"""How somebody of the staff keeps the desk."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from cps.core.db import db
from cps.insights.models import MorningStop
from cps.pages.queries.base import each
from cps.triage.models import DeskStart, SavedView


def morning_stopped_at(account_id: int) -> datetime | None:
    """Return since when somebody of the staff wants no morning report by mail."""
    return db.session.scalar(select(MorningStop.at).where(MorningStop.account_id == account_id))


def desk_views(account_id: int) -> Iterator[Any]:
    """Yield (name, what it asks for) of every list of the desk that an account keeps for itself."""
    own = SavedView.account_id == account_id
    return each(select(SavedView.name, SavedView.asked).where(own).order_by(SavedView.ord, SavedView.id))


def desk_start(account_id: int) -> str | None:
    """Return the box or the name of the view with which the desk opens, None for the usual one."""
    chosen = select(func.coalesce(DeskStart.box, SavedView.name)).outerjoin(SavedView)
    return db.session.scalar(chosen.where(DeskStart.account_id == account_id))
