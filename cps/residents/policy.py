"""Who may say at a counter that somebody is a person of the register."""

from typing import Any

from cps.accounts.rules import Role
from cps.core.security import Can, rule

CLERKS = frozenset({Role.AGENT, Role.OFFICER, Role.ADMINISTRATOR})


@rule(Can.VERIFY_IDENTITY)
def verify_identity(actor: Any, _about: object = None) -> bool:
    """Those who meet residents look at their documents; nobody at their own (`services.verify`)."""
    return bool(actor.is_authenticated and actor.roles & CLERKS)
