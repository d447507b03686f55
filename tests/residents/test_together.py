"""Two accounts that claim one person at the same moment: one has it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from cps.accounts.models import Account, Identity
from cps.accounts.rules import IdentityKind
from cps.core.db import db
from tests.residents.steps import CODE, entries, make_entry, make_proof, owner
from tests.support.factories import make_agent, make_resident, make_ward
from tests.support.page import Page
from tests.support.site import Site

OWN, VERIFY = "/accounts/me/register", "/contact/identity/verify"
NUMBER = "900517-1234567"
MANY = 6


def at_once(*acts: Callable[[], Page]) -> list[int]:
    """Do things at the same moment, each in a thread of its own; returns how each was answered."""
    db.session.rollback()
    barrier = Barrier(len(acts))

    def one(act: Callable[[], Page]) -> int:
        barrier.wait()
        return act().status

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(one, acts))


def by_letter(site: Site, account: Account, code: str = CODE) -> Callable[[], Page]:
    visitor = site.another().sign_in(account)
    data = visitor.get(OWN).form(OWN).filled({"code": code, "born_on": "1990-05-17"}, None)
    return lambda: visitor.post_raw(OWN, data, with_token=False, follow=False)


def at_the_counter(site: Site, account: Account, **fields: str) -> Callable[[], Page]:
    clerk = site.another().sign_in(make_agent())
    form = clerk.submit("/contact/identity", who=account.email).form(VERIFY)
    data = form.filled({"number": NUMBER, "born_on": "1990-05-17", **fields}, None)
    return lambda: clerk.post_raw(VERIFY, data, with_token=False, follow=False)


def marks() -> list[int | None]:
    db.session.rollback()
    return list(
        db.session.scalars(db.select(Identity.account_id).where(Identity.kind == IdentityKind.REGISTER))
    )


def test_of_many_accounts_that_use_one_letter_one_has_the_person(site: Site) -> None:
    people = [make_resident() for _n in range(MANY)]
    entry = make_entry(code=CODE)

    answers = at_once(*(by_letter(site, person) for person in people))

    assert answers == [303] + [422] * (MANY - 1)
    assert marks() == [owner(entry)]


def test_of_a_letter_and_a_counter_one_has_the_person(site: Site) -> None:
    ann, bob = make_resident(), make_resident()
    entry = make_entry(code=CODE, register_number=NUMBER)

    answers = at_once(by_letter(site, ann), at_the_counter(site, bob))

    assert answers in ([303, 422], [303, 409])
    assert owner(entry) in {ann.id, bob.id}
    assert len(marks()) == 1


def test_one_account_that_proves_to_be_two_people_at_once_is_one(site: Site) -> None:
    ann = make_resident()
    make_entry(code=CODE)
    make_entry(code="0123456789AB")

    at_once(by_letter(site, ann), by_letter(site, ann, "0123456789AB"))

    assert marks() == [ann.id]


def test_a_mark_that_an_account_left_behind_goes_to_one_of_many(site: Site) -> None:
    people = [make_resident() for _n in range(MANY)]
    entry = make_entry(code=CODE)
    make_proof(entry, None)

    answers = at_once(*(by_letter(site, person) for person in people))

    assert answers == [303] + [422] * (MANY - 1)
    assert marks() == [owner(entry)]


@pytest.mark.parametrize("clerks", [4])
def test_clerks_who_enter_one_new_person_at_once_make_one_entry(site: Site, clerks: int) -> None:
    make_ward("harbour")
    people = [make_resident() for _n in range(clerks)]

    answers = at_once(*(at_the_counter(site, person, ward="harbour") for person in people))

    assert answers == [303] + [422] * (clerks - 1)
    assert len(entries()) == 1
    assert len(marks()) == 1


def test_pressing_twice_with_one_letter_is_one_proof(site: Site) -> None:
    ann, entry = make_resident(), make_entry(code=CODE)
    press = by_letter(site, ann)

    assert at_once(press, press, press) == [303, 303, 303]
    assert owner(entry) == ann.id
