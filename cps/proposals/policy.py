"""Who may do what with proposals, beyond what holds for every case."""

from typing import Any

from cps.cases.policy import Viewer
from cps.core.security import Can, rule


def _account(actor: Any) -> Any:
    return actor.account if isinstance(actor, Viewer) else actor


@rule(Can.PROPOSE)
def propose(actor: Any, _about: object = None) -> bool:
    """Everybody with an account may propose something; that it is proven is asked at the end."""
    return bool(_account(actor).is_authenticated)


@rule(Can.DISCUSS)
def discuss(actor: Any, _about: object = None) -> bool:
    """Everybody with an account may take part in a discussion."""
    return bool(_account(actor).is_authenticated)
