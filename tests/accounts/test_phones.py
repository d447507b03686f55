"""Phone numbers of accounts: one belongs to one, a new owner gets it only after the old one was told."""

from datetime import timedelta

import pytest
from flask import Flask

from cps.accounts import queries, services
from cps.accounts.models import Account, Identity, PhoneClaim
from cps.accounts.rules import IdentityKind
from cps.accounts.services import PhoneProof
from cps.accounts.services.phones import CLAIM_WAITS
from cps.core import clock as real_clock
from cps.core import upkeep, worker
from cps.core.db import db, transaction
from cps.core.errors import RuleViolation
from cps.notifications.models import Message, TextMessage
from tests.accounts.support import at_once
from tests.support.factories import make_resident
from tests.support.fixtures import WEDNESDAY, Clock

ONE, OTHER = "+821012345678", "+821087654321"


def prove(account: Account, phone: str = ONE) -> PhoneProof:
    key = account.id
    with transaction():
        return services.prove_phone(queries.lock_account(key), phone, at=real_clock.now())


def holder(phone: str = ONE) -> int | None:
    db.session.rollback()
    known = queries.address_identity(phone)
    return known.account_id if known else None


def fresh(account: Account) -> Account:
    key = account.id
    db.session.rollback()
    return db.session.get_one(Account, key, populate_existing=True)


def test_a_number_that_nobody_has_is_ones_own_at_once(app: Flask, clock: Clock) -> None:
    person, other = make_resident(), make_resident()

    assert prove(person) is PhoneProof.LINKED

    assert (fresh(person).phone, fresh(person).phone_verified_at) == (ONE, WEDNESDAY)
    assert holder() == person.id
    assert fresh(other).phone == ""


def test_proving_ones_own_number_again_keeps_since_when_it_is_proven(app: Flask, clock: Clock) -> None:
    person = make_resident()
    prove(person)
    clock.move(days=30)

    assert prove(person) is PhoneProof.OWN

    known = queries.address_identity(ONE)
    assert known is not None
    assert known.verified_at == WEDNESDAY


def test_a_changed_number_gives_up_the_one_before(app: Flask, clock: Clock) -> None:
    person = make_resident()
    prove(person)
    clock.move(days=1)

    prove(person, OTHER)

    assert fresh(person).phone == OTHER
    assert (holder(ONE), holder(OTHER)) == (None, person.id)
    known = queries.address_identity(OTHER)
    assert known is not None
    assert known.verified_at == WEDNESDAY + timedelta(days=1)


def test_of_two_who_claim_a_number_at_the_same_moment_one_has_it(app: Flask, clock: Clock) -> None:
    people = [make_resident().id for _person in range(4)]

    def claim(number: int) -> PhoneProof:
        with transaction():
            account = queries.lock_account(people[number])
            return services.prove_phone(account, ONE, at=real_clock.now())

    results = at_once(app, 4, claim)

    assert results.count(PhoneProof.LINKED) == 1
    assert results.count(PhoneProof.CLAIMED) == 3
    assert holder() == people[results.index(PhoneProof.LINKED)]
    rows = db.session.scalars(db.select(Identity).filter_by(kind=IdentityKind.PHONE)).all()
    assert len(rows) == 1


def test_a_number_of_another_account_moves_only_after_its_holder_was_told(app: Flask, clock: Clock) -> None:
    old, new = make_resident(email="old@testford.test"), make_resident()
    prove(old)
    worker.run_until_idle()
    clock.move(days=1)

    assert prove(new) is PhoneProof.CLAIMED
    clock.move(days=8)
    upkeep.run(real_clock.now())
    assert holder() == old.id, "nobody has told the holder yet"
    worker.run_until_idle()
    upkeep.run(real_clock.now())

    assert holder() == new.id
    assert (fresh(old).phone, fresh(new).phone) == ("", ONE)
    told = db.session.scalars(db.select(Message).filter_by(account_id=old.id)).all()
    assert any(letter.subject == "Is this still your number? •••• 5678" for letter in told)


def test_a_holder_has_a_week_to_say_that_it_is_still_theirs(app: Flask, clock: Clock) -> None:
    old, new = make_resident(), make_resident()
    prove(old)
    prove(new)
    worker.run_until_idle()
    clock.move(days=6)
    upkeep.run(real_clock.now())
    assert holder() == old.id

    assert prove(old) is PhoneProof.OWN
    clock.move(days=30)
    upkeep.run(real_clock.now())

    assert holder() == old.id
    assert db.session.scalars(db.select(PhoneClaim)).all() == []


def test_who_has_only_the_number_is_told_on_the_phone_itself(app: Flask, clock: Clock) -> None:
    with transaction():
        old_id = services.account_for_address(ONE, language="en", at=real_clock.now()).id
    new = make_resident()

    prove(new)
    worker.run_until_idle()

    (sent,) = db.session.scalars(db.select(TextMessage).filter_by(account_id=old_id)).all()
    assert sent.text.startswith("Testford: somebody else confirmed your number •••• 5678.")
    assert "/accounts/me/phone" in sent.text


def test_the_newest_of_those_who_wait_gets_the_number(app: Flask, clock: Clock) -> None:
    old, first, second = make_resident(), make_resident(), make_resident()
    for person in (old, first):
        prove(person)
    clock.move(days=1)
    prove(second)
    worker.run_until_idle()

    clock.move(seconds=CLAIM_WAITS.total_seconds())
    upkeep.run(real_clock.now())

    assert holder() == second.id


def test_the_last_way_into_an_account_cannot_be_removed(app: Flask, clock: Clock) -> None:
    with transaction():
        key = services.account_for_address(ONE, language="en", at=real_clock.now()).id

    with pytest.raises(RuleViolation, match="only way"), transaction():
        services.remove_phone(queries.lock_account(key))

    assert holder() == key


def test_a_removed_number_belongs_to_nobody_and_can_be_proven_by_the_next(app: Flask, clock: Clock) -> None:
    person, next_one = make_resident(), make_resident()
    prove(person)
    with transaction():
        services.remove_phone(queries.lock_account(person.id))

    assert (holder(), fresh(person).phone) == (None, "")
    assert prove(next_one) is PhoneProof.LINKED


def test_an_account_is_told_by_mail_that_it_has_another_number(app: Flask, clock: Clock) -> None:
    person = make_resident()

    prove(person)
    worker.run_until_idle()

    (letter,) = db.session.scalars(db.select(Message)).all()
    assert letter.subject == "A phone number was added to your account"
    assert ONE not in letter.body_text
