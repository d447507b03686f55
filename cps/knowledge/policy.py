"""Who writes and who publishes what the city answers."""

from typing import Any

from cps.accounts.rules import Role
from cps.core.security import Can, rule

WRITERS = frozenset({Role.AGENT, Role.SUPERVISOR, Role.ADMINISTRATOR})
PUBLISHERS = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR})


def _has_one_of(actor: Any, roles: frozenset[Role]) -> bool:
    return bool(actor.is_authenticated and actor.roles & roles)


@rule(Can.EDIT_ANSWERS)
def edit_answers(actor: Any, _about: object = None) -> bool:
    """Agents hear what people ask; supervisors and administrators look after what is said."""
    return _has_one_of(actor, WRITERS)


@rule(Can.PUBLISH_ANSWERS)
def publish_answers(actor: Any, _about: object = None) -> bool:
    """Agents draft, supervisors and administrators publish."""
    return _has_one_of(actor, PUBLISHERS)
