"""The proposals that one account wrote, and those it supports; each list pages by key."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, select

from cps.cases.models import Case, Support
from cps.core.db import db
from cps.core.paging import Page, page_of, read_key
from cps.proposals.queries.lists import IS_PROPOSAL, LIST_SIZE, ROW


def written_by(account_id: int, *, after: str | None = None) -> Page[Row[Any]]:
    """Return one page of what an account proposed, newest first; what a moderator hid too."""
    return _page(ROW.where(IS_PROPOSAL, Case.reporter_id == account_id), after)


def count_proposed(account_id: int, *, since: datetime) -> int:
    """Return how many proposals an account has made since a moment."""
    own = select(func.count(Case.id)).where(IS_PROPOSAL, Case.reporter_id == account_id)
    return db.session.scalar(own.where(Case.entered_at >= since)) or 0


def supported_by(account_id: int, *, after: str | None = None) -> Page[Row[Any]]:
    """Return one page of the listed proposals that an account supports, newest first."""
    mine = ROW.join(Support, Support.case_id == Case.id)
    return _page(mine.where(IS_PROPOSAL, Support.account_id == account_id, Case.is_listed.is_(True)), after)


def _page(statement: Select[*tuple[Any, ...]], after: str | None) -> Page[Row[Any]]:
    key = read_key(after, int)
    if key is not None:
        statement = statement.where(Case.id < key[0])
    rows = db.session.execute(statement.order_by(Case.id.desc()).limit(LIST_SIZE + 1)).all()
    return page_of(rows, LIST_SIZE, lambda row: (row.id,))
