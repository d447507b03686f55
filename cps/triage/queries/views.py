"""Saved views of the desk, and with what it opens."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, and_, or_, select

from cps.accounts.models import Account
from cps.cases.policy import reach_of
from cps.core.db import db
from cps.departments.models import Department
from cps.triage.models import DeskStart, SavedView

_IN_ORDER = (SavedView.account_id.is_(None), SavedView.department_id, SavedView.ord, SavedView.id)
"""One's own first, then those of each department."""


def views_for(account: Account) -> Sequence[SavedView]:
    """Return the views that somebody sees: their own, then those of the departments they work in."""
    return db.session.scalars(_seen_by(account).order_by(*_IN_ORDER)).all()


def view_for(view_id: int, account: Account) -> SavedView | None:
    """Return a view if this person sees it."""
    return db.session.scalars(_seen_by(account).where(SavedView.id == view_id)).one_or_none()


def lock_views(*, account_id: int | None = None, department_id: int | None = None) -> Sequence[SavedView]:
    """Return the views of one owner in their order. Whoever holds the owner's row is alone in adding one."""
    owner = select(Account.id).where(Account.id == account_id)
    if department_id is not None:
        owner = select(Department.id).where(Department.id == department_id)
    db.session.execute(owner.with_for_update(key_share=True))
    own = SavedView.account_id == account_id
    if department_id is not None:
        own = SavedView.department_id == department_id
    in_order = select(SavedView).where(own).order_by(SavedView.ord, SavedView.id)
    return db.session.scalars(in_order.with_for_update()).all()


def start_of(account: Account) -> dict[str, str]:
    """Return the values with which somebody's desk opens; nothing where their role says it."""
    is_seen = and_(SavedView.id == DeskStart.view_id, _is_seen_by(account))
    chosen = select(DeskStart.box, SavedView.asked).outerjoin(SavedView, is_seen)
    row = db.session.execute(chosen.where(DeskStart.account_id == account.id)).one_or_none()
    if row is None:
        return {}
    return row.asked or ({"box": row.box} if row.box else {})


def start_row(account_id: int) -> DeskStart | None:
    """Return what somebody chose to begin with."""
    return db.session.get(DeskStart, account_id)


def _is_seen_by(account: Account) -> ColumnElement[bool]:
    shared = SavedView.department_id.in_(reach_of(account).departments)
    return or_(SavedView.account_id == account.id, shared)


def _seen_by(account: Account) -> Select[SavedView]:
    return select(SavedView).where(_is_seen_by(account))
