"""Who says for the city what it knows."""

from typing import Any

from cps.accounts.rules import Role
from cps.core.security import Can, rule

MAKERS = frozenset({Role.OFFICER, Role.SUPERVISOR})
TELLERS = MAKERS | {Role.AGENT, Role.ADMINISTRATOR}


def _has_one_of(actor: Any, roles: frozenset[Role]) -> bool:
    return bool(actor.is_authenticated and actor.roles & roles)


@rule(Can.MAKE_NOTICES)
def make_notices(actor: Any, _about: object = None) -> bool:
    """Officers and supervisors make, change and end notices, also those of others: outages do not wait."""
    return _has_one_of(actor, MAKERS)


@rule(Can.TELL_NOTICES)
def tell_notices(actor: Any, _about: object = None) -> bool:
    """Whoever answers people for the city reads what to tell them."""
    return _has_one_of(actor, TELLERS)
