"""Who enters what came on paper or by chat, and looks at what was set apart."""

from typing import Any

from cps.accounts.rules import Role
from cps.core.security import Can, rule

TAKERS = frozenset({Role.AGENT, Role.OFFICER, Role.SUPERVISOR})


@rule(Can.TAKE_IN)
def take_in(actor: Any, _about: object = None) -> bool:
    """Agents, officers and supervisors; what came in has not been given to a department yet."""
    return bool(actor.is_authenticated and actor.roles & TAKERS)
