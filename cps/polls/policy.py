"""Who may see a poll, run one, and take votes at the counter."""

from typing import Any

from cps.accounts.rules import Role
from cps.core.security import Can, rule

AT_THE_COUNTER = frozenset({Role.AGENT, Role.OFFICER, Role.SUPERVISOR, Role.ADMINISTRATOR})


@rule(Can.MANAGE_POLLS)
def manage_polls(actor: Any, _about: object = None) -> bool:
    """Administrators run polls from the draft to the final result."""
    return Role.ADMINISTRATOR in actor.roles


@rule(Can.TAKE_VOTES)
def take_votes(actor: Any, _about: object = None) -> bool:
    """Those who work at a counter give passes and ballots on paper; none of them sees a choice."""
    return bool(AT_THE_COUNTER & actor.roles)
