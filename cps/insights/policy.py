"""Who reads the morning report, who says who else does, who sees figures that are still internal."""

from typing import Any

from cps.accounts.rules import Role
from cps.core.security import Can, rule

READERS = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR})


@rule(Can.READ_MORNING)
def read_morning(actor: Any, _about: object = None) -> bool:
    """Heads of department read that of their own, administrators that of all."""
    return _reads(actor)


@rule(Can.SEE_INTERNAL_FIGURES)
def see_internal_figures(actor: Any, _about: object = None) -> bool:
    """The same people see figures before they are public."""
    return _reads(actor)


def _reads(actor: Any) -> bool:
    return bool(getattr(actor, "roles", frozenset()) & READERS)
