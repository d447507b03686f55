"""Archives of one's own data."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from cps.core.db import db
from cps.pages.models import OwnArchive


def archive_of(account_id: int) -> OwnArchive | None:
    """Return the archive that an account asked for last, loaded anew."""
    return db.session.get(OwnArchive, account_id, populate_existing=True)


def gone_archives(at: datetime, *, limit: int) -> Sequence[OwnArchive]:
    """Return archives whose time is over."""
    over = select(OwnArchive).where(OwnArchive.gone_at <= at).order_by(OwnArchive.gone_at).limit(limit)
    return db.session.scalars(over).all()


def count_gone_archives(at: datetime) -> int:
    """Return how many archives are kept whose time is over."""
    return db.session.scalar(select(func.count()).where(OwnArchive.gone_at <= at)) or 0
