"""A document that is not of the register, seen by a clerk at the counter: it belongs to one account."""

from datetime import date

import pytest

from cps.accounts import queries as accounts
from cps.accounts import services as joining
from cps.accounts.models import Account, Identity
from cps.accounts.rules import IdentityKind
from cps.core import clock
from cps.core.db import db, transaction
from cps.core.errors import RuleViolation
from cps.core.models import AccessRow, AuditRow
from cps.residents import queries, services
from cps.residents.rules import CounterFault, Seen
from cps.residents.services import Refused
from tests.accounts.support import at_once
from tests.support.factories import make_agent, make_resident
from tests.support.page import Page
from tests.support.site import Site

COUNTER, NOTE = "/contact/identity", "/contact/identity/document"
PASSPORT = "M 1234-5678"
CARD = Seen(IdentityKind.CARD, number=PASSPORT)
ANN = Seen(IdentityKind.IN_PERSON, name="Ann Lee", born_on=date(1990, 5, 17))


def give(account: Account, seen: Seen, by: Account) -> None:
    with transaction():
        person = accounts.lock_account(account.id)
        services.verify_document(person, seen, by=by, at=clock.now())


def marks(account: Account) -> list[IdentityKind]:
    db.session.rollback()
    return [one.kind for one in accounts.identities_of(account.id, IdentityKind.CARD, IdentityKind.IN_PERSON)]


def note(clerk: Site, account: Account, **fields: object) -> Page:
    page = clerk.submit(COUNTER, who=account.email)
    ticks = {"photo": True, "valid": True, "name": True}
    return clerk.submit(page, form=NOTE, **{**ticks, **fields})


def test_a_clerk_notes_a_card_by_its_number_of_which_only_a_tag_is_kept(site: Site) -> None:
    person, other = make_resident(), make_resident()
    clerk = make_agent()
    site.sign_in(clerk)

    page = note(site, person, kind="card", card_number=PASSPORT)

    assert page.has("The account has the identity of this document now.")
    assert (marks(person), marks(other)) == ([IdentityKind.CARD], [])
    (mark,) = db.session.scalars(db.select(Identity).filter_by(kind=IdentityKind.CARD)).all()
    assert "1234" not in mark.tag
    assert not queries.has_mark(person.id), "it makes nobody one of the register"
    (row,) = db.session.scalars(db.select(AuditRow).filter_by(action="verify-identity")).all()
    assert (row.actor_id, row.object_id) == (clerk.id, str(person.id))
    assert row.changes == {"identity": [None, "card"], "looked_at": [None, ["photo", "valid", "name"]]}
    seen = db.session.scalars(db.select(AccessRow.what).filter_by(subject_id=person.id)).all()
    assert sorted(seen) == ["identity-check", "identity-verified"]


def test_without_a_number_name_and_birth_date_make_the_tag(site: Site) -> None:
    person = make_resident()
    site.sign_in(make_agent())

    page = note(site, person, kind="in-person", full_name="Ann  LEE", birthday="17.5.1990")

    assert page.has("The account has the identity of this document now.")
    assert marks(person) == [IdentityKind.IN_PERSON]
    assert accounts.holder_of(IdentityKind.IN_PERSON, queries.document_tag(ANN)) == person.id


@pytest.mark.parametrize("missing", ["photo", "valid", "name"])
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_what_was_not_looked_at_notes_nothing(site: Site, missing: str) -> None:
    person = make_resident()
    site.sign_in(make_agent())

    page = note(site, person, kind="card", card_number=PASSPORT, **{missing: False})

    assert page.status == 422
    assert marks(person) == []


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"kind": "card"}, "The number is empty."),
        ({"kind": "in-person", "birthday": "1990-05-17"}, "The name is empty."),
        ({"kind": "in-person", "full_name": "Ann"}, "The birth date is empty."),
        ({}, "Choose one."),
    ],
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_what_is_missing_is_told(site: Site, fields: dict[str, str], words: str) -> None:
    person = make_resident()
    site.sign_in(make_agent())

    page = note(site, person, **fields)

    assert page.status == 422
    assert page.has(words)
    assert marks(person) == []


@pytest.mark.parametrize("seen", [CARD, ANN])
def test_one_document_belongs_to_one_account(site: Site, seen: Seen) -> None:
    person, other, clerk = make_resident(), make_resident(), make_agent()
    give(person, seen, clerk)

    with pytest.raises(Refused, match="join the two") as taken:
        give(other, seen, clerk)
    with pytest.raises(Refused) as again:
        give(person, seen, clerk)

    assert (taken.value.fault, again.value.fault) == (CounterFault.TAKEN, CounterFault.KNOWN)
    assert (len(marks(person)), marks(other)) == (1, [])


def test_of_two_clerks_at_the_same_moment_one_gives_it(site: Site) -> None:
    clerk = make_agent()
    people = [make_resident() for _person in range(3)]
    keys, by = [person.id for person in people], clerk.id

    def act(number: int) -> bool:
        try:
            with transaction():
                person, officer = accounts.lock_account(keys[number]), db.session.get_one(Account, by)
                services.verify_document(person, CARD, by=officer, at=clock.now())
        except Refused:
            return False
        return True

    assert sorted(at_once(site.app, 3, act)) == [False, False, True]


def test_nobody_notes_their_own_document(site: Site) -> None:
    clerk = make_agent()

    with pytest.raises(Refused) as refused:
        give(clerk, CARD, clerk)

    assert refused.value.fault is CounterFault.OWN_ACCOUNT


def test_a_document_that_an_account_left_behind_can_be_noted_for_the_next(site: Site) -> None:
    person, next_one, clerk = make_resident(), make_resident(), make_agent()
    give(person, CARD, clerk)
    with transaction():
        joining.delete_account(person.id, at=clock.now())

    give(next_one, CARD, clerk)

    assert marks(next_one) == [IdentityKind.CARD]


def test_a_card_goes_along_when_its_account_is_joined(site: Site) -> None:
    into, other, clerk = make_resident(), make_resident(), make_agent()
    give(other, CARD, clerk)

    with transaction():
        joining.join_accounts(into.id, other.id, at=clock.now())

    assert marks(into) == [IdentityKind.CARD]


def test_two_people_of_the_counter_cannot_be_joined(site: Site) -> None:
    into, other, clerk = make_resident(), make_resident(), make_agent()
    give(into, ANN, clerk)
    give(other, Seen(IdentityKind.IN_PERSON, name="Bo Kim", born_on=date(1990, 5, 17)), clerk)

    with pytest.raises(RuleViolation, match="At the counter"), transaction():
        joining.join_accounts(into.id, other.id, at=clock.now())


def test_only_the_account_that_the_clerk_opened_gets_it(site: Site) -> None:
    person, clerk = make_resident(), make_agent()
    page = site.sign_in(clerk).submit(COUNTER, who=person.email)
    colleague = site.another().sign_in(make_agent())
    sealed = page.value_of("input[name=holder]")

    fields = {"holder": sealed, "kind": "card", "card_number": PASSPORT}
    answer = colleague.post_raw(NOTE, {**fields, "photo": "y", "valid": "y", "name": "y"})

    assert answer.has("That took too long. Please begin again.")
    assert marks(person) == []
