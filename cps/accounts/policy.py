"""Who may use an account, and who looks after the city."""

from typing import Any

from cps.accounts.rules import Role
from cps.core.security import Can, rule


@rule(Can.USE_OWN_ACCOUNT)
def use_own_account(actor: Any, _about: object = None) -> bool:
    """Everybody who is signed in has pages of their own."""
    return bool(actor.is_authenticated)


@rule(Can.MANAGE_CITY)
def manage_city(actor: Any, _about: object = None) -> bool:
    """Administrators look after accounts, departments and settings."""
    return Role.ADMINISTRATOR in actor.roles
