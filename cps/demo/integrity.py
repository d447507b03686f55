"""Complaints about staff in the demo city: whom one names, the two who may read reporters, one look."""

from datetime import timedelta
from typing import Final

from cps.accounts import queries as accounts
from cps.accounts.models import Account
from cps.cases.services import integrity as services
from cps.cases.services.integrity import About
from cps.demo import queries
from cps.demo.plan import DOMAIN
from cps.demo.world import World

TITLE: Final = 'Asked for "coffee money" for a permit'
DEPARTMENT: Final = "buildings"
PERSON: Final = "The clerk at the second window, tall, with glasses"
READERS: Final = ("integrity", "integrity2")
REASON: Final = "The yellow slip is needed as proof; I ask whether we may have it."


def make(world: World) -> None:
    """Name both readers, say whom one complaint is about, and let one of the two look who reported it."""
    readers = [_staff(name) for name in READERS]
    services.name_readers(readers, by=_staff("admin"), at=world.now - timedelta(days=90))
    case = queries.case_titled(TITLE)
    services.keep_about(case, About(world.departments[DEPARTMENT].id, PERSON), at=case.received_at)
    services.open_reporter(case, by=readers[0], at=world.now - timedelta(hours=20), reason=REASON)


def _staff(name: str) -> Account:
    account = accounts.account_by_email(f"{name}@{DOMAIN}")
    if account is None:
        raise LookupError(name)
    return account
