"""Who answers calls, who calls back, who looks after the contact centre."""

from typing import Any

from cps.accounts.rules import Role
from cps.core.security import Can, rule

AGENTS = frozenset({Role.AGENT, Role.SUPERVISOR})
CALLERS_BACK = AGENTS | {Role.OFFICER}


@rule(Can.ANSWER_CALLS)
def answer_calls(actor: Any, _about: object = None) -> bool:
    """Agents, and supervisors who help them, find callers and file for them."""
    return bool(_roles(actor) & AGENTS)


@rule(Can.CALL_BACK)
def call_back(actor: Any, _about: object = None) -> bool:
    """Officers call back whom an agent has handed to their department."""
    return bool(_roles(actor) & CALLERS_BACK)


@rule(Can.MANAGE_CALLS)
def manage_calls(actor: Any, _about: object = None) -> bool:
    """Supervisors name what calls are about, limit abusive callers and look at what others decided."""
    return Role.SUPERVISOR in _roles(actor)


def _roles(actor: Any) -> frozenset[Role]:
    return getattr(actor, "roles", frozenset())
