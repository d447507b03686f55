"""Views of the desk that people of the demo city keep, for themselves and for a department."""

from typing import Final

from cps.accounts import queries
from cps.demo.plan import DOMAIN
from cps.demo.world import World
from cps.departments.models import Department
from cps.triage import services

OWN: Final = (
    ("officer", "Backed by many", {"box": "department", "backed": "5", "sort": "backed"}),
    ("officer", "Reply received, oldest first", {"box": "replies", "sort": "oldest"}),
    ("supervisor", "Late by far", {"box": "department", "due": "three-times"}),
)
"""Who keeps what: account, name, and what the address of the list says."""

SHARED: Final = (
    (
        "roads",
        "supervisor",
        "New, due this week",
        {"box": "new", "assignee": "nobody", "due": "week"},
    ),
    ("roads", "supervisor", "Fixed this month", {"box": "closed", "outcome": "fixed", "within": "month"}),
)
"""Department, who shared it, name, and what the address of the list says."""


def keep(world: World) -> None:
    """Let the accounts of the demo city keep their views."""
    for account, name, asked in OWN:
        _keep(world, account, name, asked, unit=None)
    for code, account, name, asked in SHARED:
        _keep(world, account, name, asked, unit=world.departments[code])


def _keep(world: World, account: str, name: str, asked: dict[str, str], *, unit: Department | None) -> None:
    by = queries.account_by_email(f"{account}@{DOMAIN}")
    if by is not None:
        services.keep_view(name, asked, department_id=unit.id if unit else None, by=by, at=world.now)
