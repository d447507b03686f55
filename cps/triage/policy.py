"""Who may arrange the desk of a whole department, and who looks after it."""

from typing import Any

from cps.accounts.rules import Role
from cps.cases.policy import reach_of
from cps.core.security import Can, rule
from cps.triage.models import SavedView


@rule(Can.SHARE_VIEWS)
def share_views(actor: Any, department_id: int | None) -> bool:
    """The supervisors of a department choose the views that everybody in it sees."""
    if not getattr(actor, "is_authenticated", False) or Role.SUPERVISOR not in actor.roles:
        return False
    return department_id in reach_of(actor).departments


@rule(Can.CHANGE_VIEW)
def change_view(actor: Any, view: SavedView) -> bool:
    """One's own, or one of a department whose views one chooses."""
    if view.department_id is not None:
        return share_views(actor, view.department_id)
    return bool(view.account_id == actor.id)


@rule(Can.SUPERVISE)
def supervise(actor: Any, _about: object = None) -> bool:
    """Supervisors see load, lateness and samples of the departments they work in."""
    return Role.SUPERVISOR in getattr(actor, "roles", frozenset())
