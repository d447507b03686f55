"""A helper of the demo city: the second resident helps the first."""

from datetime import timedelta
from typing import Final

from cps.accounts import queries as accounts
from cps.demo.world import World
from cps.helpers import queries, services
from cps.helpers.rules import HelperScope

SINCE: Final = timedelta(days=20)


def make(world: World) -> None:
    """Let the second resident see all reports of the first."""
    at = world.now - SINCE
    first, second = (accounts.lock_account(one.id) for one in world.residents[:2])
    code = services.name_by_code(first, HelperScope.ALL, at=at)
    consent = queries.lock_of_code(code, at=at)
    if consent is not None:
        services.accept(consent, second, second.display_name, at=at)
