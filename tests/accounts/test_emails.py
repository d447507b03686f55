"""An address of mail for an account that came in by phone number."""

import pytest
from flask import Flask

from cps.accounts import queries, services
from cps.accounts.models import Account, Identity
from cps.core import clock as real_clock
from cps.core import worker
from cps.core.db import db, transaction
from cps.core.errors import AlreadyDone, RuleViolation
from cps.notifications.models import Message, TextMessage
from tests.accounts.support import at_once, facts, mailed_code, other_than
from tests.support.factories import make_resident
from tests.support.fixtures import Clock
from tests.support.page import Page
from tests.support.site import Site

ONE, KIM = "+821012345678", "kim@testford.test"
HERE = "/accounts/me/email"


def make_phone_account() -> Account:
    with transaction():
        key = services.account_for_address(ONE, language="en", at=real_clock.now()).id
    return db.session.get_one(Account, key)


def add(account_id: int, email: str = KIM) -> bool:
    with transaction():
        return services.add_email(queries.lock_account(account_id), email, at=real_clock.now())


def fresh(account: Account) -> Account:
    db.session.rollback()
    return db.session.get_one(Account, account.id, populate_existing=True)


def ask(site: Site, typed: str = "Kim@Testford.test") -> Page:
    return site.submit(HERE, form=HERE, email=typed)


def test_an_address_is_added_with_a_code_that_is_mailed_there(site: Site) -> None:
    person, other = make_phone_account(), make_resident()
    site.sign_in(person)
    assert site.get("/accounts/me").has("Add one, so that you come in even without your number")

    page = ask(site)
    assert page.path == f"{HERE}/code"
    assert fresh(person).email == ""
    page = site.submit(page, form=f"{HERE}/code", code=mailed_code(KIM))

    assert page.has("Your e-mail address is confirmed.")
    assert page.has(KIM)
    found = queries.account_by_email(KIM)
    assert found is not None
    assert found.id == person.id
    assert fresh(person).email_verified_at is not None
    assert fresh(other).email != KIM


def test_a_wrong_code_adds_nothing(site: Site) -> None:
    person = make_phone_account()
    site.sign_in(person)
    page = ask(site)

    page = site.submit(page, form=f"{HERE}/code", code=other_than(mailed_code(KIM)))

    assert page.status == 422
    assert fresh(person).email == ""
    assert queries.account_by_email(KIM) is None


def test_the_number_and_the_address_are_both_told(app: Flask) -> None:
    person = make_phone_account()

    assert add(person.id)
    worker.run_until_idle()

    (sms,) = db.session.scalars(db.select(TextMessage)).all()
    (letter,) = db.session.scalars(db.select(Message)).all()
    assert sms.text.startswith("Testford: an e-mail address was added to your account.")
    assert KIM not in sms.text
    assert letter.subject == "Your e-mail address is confirmed"


def test_an_address_of_another_account_leads_to_joining_the_two(site: Site) -> None:
    person, owner = make_phone_account(), make_resident(email=KIM)
    site.sign_in(person)
    page = ask(site)

    page = site.submit(page, form=f"{HERE}/code", code=mailed_code(KIM))

    assert page.path == "/accounts/me/join"
    assert page.has("Another account has this address.")
    assert fresh(person).email == ""
    assert fresh(owner).email == KIM


def test_known_and_unknown_addresses_get_the_same_page_until_the_code(site: Site) -> None:
    make_resident(email=KIM)
    site.sign_in(make_phone_account())

    pages = [ask(site, typed).text.replace(typed, "") for typed in (KIM, "nobody@testford.test")]

    assert pages[0] == pages[1]


def test_an_account_with_an_address_gets_no_second_one(site: Site) -> None:
    person = make_resident(email="ann@testford.test")
    site.sign_in(person)

    page = site.post_raw(HERE, {"email": KIM})

    assert page.path == HERE
    assert facts(KIM) == []
    with pytest.raises(RuleViolation, match="has an e-mail address already"):
        add(person.id)
    with pytest.raises(AlreadyDone, match="confirmed already"):
        add(person.id, "ann@testford.test")


def test_what_is_no_address_is_refused_and_kept(site: Site) -> None:
    site.sign_in(make_phone_account())

    page = ask(site, "010-1234-5678")

    assert page.status == 422
    assert page.has("Write an address like name@example.org.")
    assert page.value_of("#email") == "010-1234-5678"


def test_who_signed_in_long_ago_confirms_first_that_it_is_them(site: Site, clock: Clock) -> None:
    site.sign_in(make_phone_account())
    clock.move(minutes=16)

    for page in (site.get(HERE), site.post_raw(HERE, {"email": KIM})):
        assert page.path.startswith("/accounts/me/confirm")
    assert facts(KIM) == []


def test_of_two_who_add_one_address_at_the_same_moment_one_has_it(app: Flask) -> None:
    with transaction():
        people = [
            services.account_for_address(f"+82101234567{last}", language="en", at=real_clock.now()).id
            for last in range(3)
        ]

    results = at_once(app, 3, lambda number: add(people[number]))

    assert sorted(results) == [False, False, True]
    known = queries.address_identity(KIM)
    assert known is not None
    assert known.account_id == people[results.index(True)]
    assert db.session.query(Identity).filter_by(tag=known.tag).count() == 1
