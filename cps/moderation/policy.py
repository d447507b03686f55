"""Who moderates, and who wrote a thing and may appeal."""

from typing import Any

from cps.accounts.rules import Role
from cps.cases.policy import Viewer, is_reporter
from cps.core.security import Can, rule
from cps.moderation.queries import Found


def _account(actor: Any) -> Any:
    return actor.account if isinstance(actor, Viewer) else actor


@rule(Can.MODERATE)
def moderate(actor: Any, _about: object = None) -> bool:
    """Moderators hide what breaks the rules, with a reason. Private cases are shown to none of them."""
    return Role.MODERATOR in getattr(_account(actor), "roles", frozenset())


@rule(Can.APPEAL)
def appeal(actor: Any, found: Found) -> bool:
    """The author appeals: by account, and who reported a case also by its secret link or PIN."""
    account = _account(actor)
    own = account.is_authenticated and found.author_id is not None and found.author_id == account.id
    return bool(own or (found.is_by_reporter and is_reporter(actor, found.case)))
