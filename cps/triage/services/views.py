"""Saved views of the desk: kept, renamed, put in order, shared, deleted; and with what a desk opens."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from cps.accounts.models import Account
from cps.core import audit
from cps.core.db import db
from cps.core.errors import RuleViolation, StaleVersion
from cps.core.i18n import gettext as _
from cps.triage import queries
from cps.triage.models import DeskStart, SavedView
from cps.triage.rules import Box

MOST_VIEWS = 20
"""Of one person, and of one department: all are counted wherever the desk is shown."""


def keep_view(
    name: str, asked: Mapping[str, str], *, department_id: int | None, by: Account, at: datetime
) -> SavedView:
    """Keep what a list was asked for under a name, for oneself or for a department.

    Raises RuleViolation where the owner has a view of that name already, or as many as there may be.
    """
    view = SavedView(name=name, asked=dict(asked), made_at=at)
    _give(view, department_id=department_id, by=by)
    db.session.add(view)
    db.session.flush()
    _note("keep-view", view, by, at)
    return view


def share_view(view: SavedView, department_id: int, *, by: Account, at: datetime) -> None:
    """Make somebody's own view one of their department; raises RuleViolation as `keep_view` does."""
    _give(view, department_id=department_id, by=by)
    db.session.flush()
    _note("share-view", view, by, at)


def rename_view(view: SavedView, name: str, *, version: int | None, by: Account, at: datetime) -> None:
    """Give a view another name.

    Raises StaleVersion where somebody else changed it meanwhile, RuleViolation where the name is taken.
    """
    if view.version != version:
        raise StaleVersion(_("Somebody else changed this view meanwhile. Look at it again."))
    others = [one for one in _beside(view) if one.id != view.id]
    _refuse_taken(name, others)
    view.name = name
    db.session.flush()
    _note("rename-view", view, by, at)


def move_view_up(view: SavedView) -> None:
    """Put a view one place farther up among those of its owner; the first stays where it is."""
    views = list(_beside(view))
    place = views.index(view)
    if place > 0:
        views[place - 1], views[place] = view, views[place - 1]
    for number, one in enumerate(views):
        one.ord = number
    db.session.flush()


def delete_view(view: SavedView, *, by: Account, at: datetime) -> None:
    """End a view; whose desk opened with it begins again as their role says."""
    _note("delete-view", view, by, at)
    db.session.delete(view)
    db.session.flush()


def begin_with(start: Box | SavedView | None, *, account_id: int) -> None:
    """Let somebody's desk open with a box or a view they see; None: as their role says."""
    row = queries.start_row(account_id)
    if start is None:
        if row is not None:
            db.session.delete(row)
    else:
        row = row or DeskStart(account_id=account_id)
        row.box = start.value if isinstance(start, Box) else None
        row.view_id = start.id if isinstance(start, SavedView) else None
        db.session.add(row)
    db.session.flush()


def forget_views(account_id: int) -> None:
    """Forget somebody's own views and with what their desk opened."""
    begin_with(None, account_id=account_id)
    for view in queries.lock_views(account_id=account_id):
        db.session.delete(view)
    db.session.flush()


def _give(view: SavedView, *, department_id: int | None, by: Account) -> None:
    """Make a view the last of its owner's, whose others nobody changes meanwhile."""
    account_id = by.id if department_id is None else None
    others = queries.lock_views(account_id=account_id, department_id=department_id)
    _refuse_taken(view.name, others)
    if len(others) >= MOST_VIEWS:
        raise RuleViolation(_("There are %(most)s views already. Delete one first.", most=MOST_VIEWS))
    view.account_id, view.department_id = account_id, department_id
    view.ord = max((one.ord for one in others), default=-1) + 1


def _beside(view: SavedView) -> list[SavedView]:
    """Return all views of the owner of one, itself among them, locked and in order."""
    return list(queries.lock_views(account_id=view.account_id, department_id=view.department_id))


def _refuse_taken(name: str, others: Sequence[SavedView]) -> None:
    if any(one.name.casefold() == name.casefold() for one in others):
        raise RuleViolation(_("There is a view called “%(name)s” already. Choose another name.", name=name))


def _note(action: str, view: SavedView, by: Account, at: datetime) -> None:
    """Leave a trace of what concerns a whole department; what is one's own is nobody else's affair."""
    if view.department_id is not None:
        audit.record(action, about=("saved-view", view.id), by=by.id, at=at)
