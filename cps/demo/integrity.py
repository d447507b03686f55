"""Complaints about staff in the demo city: whom they name, who may read reporters, one handed over."""

from datetime import timedelta
from typing import Final

from cps.accounts import queries as accounts
from cps.accounts.models import Account
from cps.cases.models import Case
from cps.cases.queries import lock_case
from cps.cases.services import integrity as services
from cps.cases.services.about_staff import Finding, make_about_staff
from cps.cases.services.integrity import About
from cps.demo import queries
from cps.demo.plan import DOMAIN
from cps.demo.world import World
from cps.departments import queries as departments

TITLE: Final = 'Asked for "coffee money" for a permit'
DEPARTMENT: Final = "buildings"
PERSON: Final = "The clerk at the second window, tall, with glasses"
READERS: Final = ("integrity", "integrity2")
REASON: Final = "The yellow slip is needed as proof; I ask whether we may have it."
HANDED_OVER: Final = "Bass through the wall until three"
FOUND: Final = (
    "He says on the phone that an inspector drinks there for nothing and warns the bar before each visit."
)


def make(world: World) -> None:
    """Name both readers, say whom one complaint is about, let one of the two look, and hand over another."""
    readers = [_staff(name) for name in READERS]
    services.name_readers(readers, by=_staff("admin"), at=world.now - timedelta(days=90))
    case = queries.case_titled(TITLE)
    services.keep_about(case, About(world.departments[DEPARTMENT].id, PERSON), at=case.received_at)
    services.open_reporter(case, by=readers[0], at=world.now - timedelta(hours=20), reason=REASON)
    _hand_over(queries.case_titled(HANDED_OVER), world)


def _hand_over(case: Case, world: World) -> None:
    """Let the officer of a case find that it is about staff."""
    officer = world.staff.acts_for(world.department_codes[case.department_id], is_integrity=False)
    found = Finding(departments.catalogue().about_staff()[0], About(person="The inspector"), FOUND, "en")
    make_about_staff(lock_case(case.reference), found, by=officer, at=world.now - timedelta(hours=5))


def _staff(name: str) -> Account:
    account = accounts.account_by_email(f"{name}@{DOMAIN}")
    if account is None:
        raise LookupError(name)
    return account
