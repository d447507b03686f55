"""Registering and signing in by phone number, with codes by text message."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from cps.accounts import queries, services
from cps.accounts.models import Account, OneTimeCode, SignInSession
from cps.accounts.rules import CODE_TRIES
from cps.cases.models import Case
from cps.core import clock as real_clock
from cps.core import worker
from cps.core.db import db, transaction
from cps.core.models import City
from cps.core.sms_text import segments
from cps.notifications.models import TextMessage
from tests.accounts.support import facts, mailed_code, other_than, sessions
from tests.support.factories import PASSWORD, QUICK, make_complaint, make_resident
from tests.support.fixtures import Clock
from tests.support.page import Page
from tests.support.site import Site

ONE, TYPED = "+821012345678", "０１０-１２３４ 5678"
BY_CODE = "Send me a code instead"


def make_phone_account(phone: str = ONE, password: str = "") -> Account:
    with transaction():
        hashed = QUICK.hash(password) if password else ""
        account = services.account_for_address(
            phone, language="en", at=real_clock.now(), password_hash=hashed
        )
        key = account.id
    return db.session.get_one(Account, key)


def make_both(password: str = "") -> Account:
    account = make_resident(email="kim@testford.test", password=password)
    with transaction():
        services.prove_phone(queries.lock_account(account.id), ONE, at=real_clock.now())
    return account


def ask(site: Site, typed: str = TYPED) -> Page:
    return site.submit("/accounts/sign-in", button=BY_CODE, email=typed, password="")


def write(site: Site, code: str) -> Page:
    return site.submit(site.get("/accounts/code"), form="/accounts/code", code=code)


def test_registering_by_number_makes_an_account_that_has_nothing_but_it(site: Site) -> None:
    page = site.submit("/accounts/register", email=TYPED, password="")
    assert page.has("as a text message to")
    assert page.has("010-1234-5678")
    assert queries.account_by_address(ONE) is None

    page = write(site, mailed_code(ONE))

    assert page.has("Welcome. Your account is ready.")
    account = queries.account_by_address(ONE)
    assert account is not None
    assert (account.phone, account.email, account.email_verified_at) == (ONE, "", None)
    assert account.phone_verified_at is not None


def test_every_spelling_of_a_number_opens_the_same_account(site: Site) -> None:
    account = make_phone_account()
    make_resident()

    for typed in ("010 1234 5678", "+82-10-1234-5678", "٠١٠١٢٣٤٥٦٧٨"):
        visitor = site.another()
        ask(visitor, typed)
        assert write(visitor, mailed_code(ONE)).path == "/accounts/me"

    assert db.session.query(Account).filter(Account.phone != "").one().id == account.id


def test_a_wrong_code_opens_nothing(site: Site) -> None:
    make_phone_account()
    ask(site)

    page = write(site, other_than(mailed_code(ONE)))

    assert page.status == 422
    assert site.get("/accounts/me").path.startswith("/accounts/sign-in")


def test_the_password_of_an_account_is_asked_after_the_code(site: Site) -> None:
    make_phone_account(password=PASSWORD)
    ask(site)

    page = write(site, mailed_code(ONE))
    assert page.path == "/accounts/code/password"
    assert site.get("/accounts/me").path.startswith("/accounts/sign-in")
    page = site.submit("/accounts/code/password", password="not this one at all")
    assert page.status == 422
    page = site.submit("/accounts/code/password", password=PASSWORD)

    assert page.path == "/accounts/me"


def test_the_page_of_the_password_opens_only_after_the_code(site: Site) -> None:
    make_phone_account(password=PASSWORD)
    ask(site)

    page = site.get("/accounts/code/password")

    assert page.path == "/accounts/sign-in"


def test_number_and_password_sign_in_without_a_message(site: Site) -> None:
    make_phone_account(password=PASSWORD)

    page = site.submit("/accounts/sign-in", button="Sign in", email="010-1234-5678", password=PASSWORD)

    assert page.path == "/accounts/me"
    assert facts(ONE) == []


def test_who_registers_a_number_that_has_an_account_says_whose_it_is(site: Site) -> None:
    old = make_phone_account()
    site.submit("/accounts/register", email=TYPED, password="")
    page = write(site, mailed_code(ONE))
    assert page.path == "/accounts/code/number"

    page = site.submit("/accounts/code/number", whose="new")

    assert page.has("The number comes to it in a week")
    known = queries.account_by_address(ONE)
    assert known is not None
    assert known.id == old.id
    assert queries.claim_on(old.id) is not None
    assert site.get("/accounts/me/phone").has("You wait for a number")


def test_one_number_makes_no_crowd_of_accounts_that_wait_for_it(site: Site) -> None:
    make_phone_account()
    for _visitor in range(2):
        visitor = site.another()
        visitor.submit("/accounts/register", email=TYPED, password="")
        write(visitor, mailed_code(ONE))
        visitor.submit("/accounts/code/number", whose="new")

    assert db.session.query(Account).count() == 2


def test_an_account_that_only_waits_for_a_number_backs_nothing(site: Site) -> None:
    make_phone_account()
    site.submit("/accounts/register", email=TYPED, password="")
    write(site, mailed_code(ONE))
    site.submit("/accounts/code/number", whose="new")
    case = make_complaint()

    page = site.submit(f"/complaints/{case.reference}/support")

    assert page.has("Confirm an e-mail address or a phone number first")
    assert db.session.get_one(Case, case.id, populate_existing=True).support_count == 0


def test_who_says_that_the_account_is_theirs_goes_on_with_it(site: Site) -> None:
    make_phone_account()
    site.submit("/accounts/register", email=TYPED, password="")
    write(site, mailed_code(ONE))

    page = site.submit("/accounts/code/number", whose="mine")

    assert page.path == "/accounts/me"
    assert db.session.query(Account).count() == 1


def test_a_new_password_of_who_has_an_address_of_mail_is_never_a_numbers_affair(site: Site) -> None:
    account = make_resident(email="kim@testford.test", password=PASSWORD)
    with transaction():
        services.prove_phone(queries.lock_account(account.id), ONE, at=real_clock.now())

    site.submit("/accounts/reset", email=TYPED)

    assert facts(ONE) == []
    page = write(site, mailed_code("kim@testford.test"))
    assert page.path == "/accounts/me/password"


def test_a_code_opens_an_account_that_has_mail_and_no_password_only_from_its_mail(site: Site) -> None:
    both = make_both()
    make_phone_account("+821099998888")

    page = ask(site)

    assert page.has("If the account has an e-mail address and no password, they went there instead.")
    assert facts(ONE) == []
    assert write(site, mailed_code("kim@testford.test")).path == "/accounts/me"
    assert len(sessions(both)) == 1


def test_who_registers_the_number_of_such_an_account_and_says_it_is_theirs_needs_its_mail(site: Site) -> None:
    both = make_both()
    site.submit("/accounts/register", email=TYPED, password="")
    page = write(site, mailed_code(ONE))
    assert page.path == "/accounts/code/number"

    page = site.submit("/accounts/code/number", whose="mine")

    assert page.path == "/accounts/code"
    assert len(sessions(both)) == 0
    assert write(site, mailed_code("kim@testford.test")).path == "/accounts/me"


def test_a_code_for_registering_a_number_signs_nobody_in_with_an_older_cookie(site: Site) -> None:
    both = make_both()
    site.submit("/accounts/prove", email=TYPED)
    kept = site.cookie("cps")
    assert kept
    site.submit("/accounts/register", email=TYPED, password="")
    code = mailed_code(ONE)
    site.client.set_cookie("cps", kept)

    page = site.post_raw("/accounts/code", {"code": code})

    assert page.status == 422
    assert len(sessions(both)) == 0


def test_a_number_whose_account_has_mail_and_a_password_gets_its_code_by_text(site: Site) -> None:
    make_both(password=PASSWORD)

    ask(site)

    assert facts("kim@testford.test") == []
    assert write(site, mailed_code(ONE)).path == "/accounts/code/password"


def test_known_and_unknown_numbers_get_the_same_page(site: Site) -> None:
    make_phone_account()

    known, unknown = ask(site), ask(site.another(), "010-9999-8888")

    assert known.text.replace("010-1234-5678", "") == unknown.text.replace("010-9999-8888", "")


def test_the_message_with_a_code_is_one_segment_and_says_what_it_is_for(site: Site) -> None:
    ask(site)
    code = mailed_code(ONE)
    worker.run_until_idle()

    (sent,) = db.session.scalars(db.select(TextMessage)).all()
    assert sent.text == (
        f"Testford: {code} is your code to sign in. Tell it to nobody: the city never asks for it."
    )
    assert segments(sent.text) == 1


def test_a_message_speaks_the_language_of_who_asked(site: Site) -> None:
    site.submit("/language", button="한국어")
    site.submit("/accounts/register", email=TYPED, password="")
    worker.run_until_idle()

    (sent,) = db.session.scalars(db.select(TextMessage)).all()
    assert sent.language == "ko"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("010-1234-5678 ext 3", "without an extension"),
        ("02-123-4567", "No text message reaches this number"),
        ("010-12", "or a mobile number like"),
        ("+84 91 234 5678", "numbers of this country"),
    ],
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_a_number_that_cannot_be_used_is_refused_in_words(site: Site, typed: str, words: str) -> None:
    page = ask(site, typed)

    assert page.status == 422
    assert page.has(words)
    assert page.value_of("#email") == typed


def test_a_spent_budget_sends_the_code_by_mail_to_who_has_an_address(site: Site) -> None:
    account = make_resident(email="kim@testford.test")
    with transaction():
        services.prove_phone(queries.lock_account(account.id), ONE, at=real_clock.now())
    spend_codes()

    page = ask(site)

    assert page.has("We cannot send text messages now.")
    assert facts(ONE) == []
    assert write(site, mailed_code("kim@testford.test")).path == "/accounts/me"


def test_a_spent_budget_tells_an_unknown_number_the_same_and_makes_no_code(site: Site) -> None:
    spend_codes()

    page = ask(site)

    assert page.has("We cannot send text messages now.")
    assert db.session.scalars(db.select(OneTimeCode)).all() == []


def test_a_spent_budget_leads_who_registers_to_mail_or_the_counter(site: Site) -> None:
    spend_codes()

    page = site.submit("/accounts/register", email=TYPED, password="")

    assert page.status == 429
    assert page.has("Use your e-mail address, or come to the city’s counter.")
    assert page.has("To report a problem you need no code.")


def test_who_has_spent_the_tries_of_a_code_reads_that_a_new_one_is_needed(site: Site) -> None:
    make_phone_account()
    ask(site)
    right = mailed_code(ONE)
    for _ in range(CODE_TRIES):
        write(site, other_than(right))

    page = write(site, right)

    assert page.status == 422
    assert page.has("After 5 tries, ask for a new code.")


@pytest.mark.settings(rate_limits=True)
def test_a_thousand_tries_of_a_code_open_nothing(site: Site, clock: Clock) -> None:
    make_phone_account()
    statuses: list[int] = []
    for _hour in range(3):
        for visitor in (site.another() for _visitor in range(7)):
            ask(visitor)
            right = mailed_code(ONE)
            guesses = [other_than(right)] * CODE_TRIES + [right] * 45
            statuses += [visitor.post_raw("/accounts/code", {"code": one}).status for one in guesses]
        clock.move(hours=1)

    assert len(statuses) > 1000
    assert set(statuses) <= {200, 422, 429}
    assert sum(code.tries for code in db.session.scalars(db.select(OneTimeCode))) <= 8 * CODE_TRIES
    assert db.session.scalars(db.select(SignInSession)).all() == []


@pytest.mark.settings(rate_limits=True)
def test_whoever_tries_wrong_codes_for_a_number_does_not_lock_its_owner_out(site: Site) -> None:
    make_phone_account()
    ask(site)
    code = mailed_code(ONE)
    for stranger in (site.another(), site.another()):
        ask(stranger)
        for _try in range(20):
            stranger.post_raw("/accounts/code", {"code": other_than(mailed_code(ONE))})

    assert write(site, code).path == "/accounts/me"


@pytest.mark.settings(rate_limits=True)
def test_one_number_gets_three_messages_an_hour(site: Site, clock: Clock) -> None:
    statuses = [ask(site.another()).status for _visitor in range(5)]

    assert statuses == [200, 200, 200, 429, 429]
    clock.move(hours=1)
    assert ask(site.another()).status == 200


def test_without_a_gateway_a_city_asks_for_mail_only(app: Flask, site: Site) -> None:
    from cps.config import Env

    app.extensions["cps_config"] = replace(app.extensions["cps_config"], env=Env.PRODUCTION)

    page = ask(site)

    assert page.status == 422
    assert page.has("Write an address like name@example.org.")
    assert not page.has("E-mail or phone number")


def test_a_code_for_ones_own_number_does_not_sign_anybody_in(site: Site) -> None:
    site.sign_in(make_resident())
    site.submit("/accounts/me/phone", form="/accounts/me/phone", phone=TYPED)
    code = mailed_code(ONE)
    visitor = site.another()
    ask(visitor)

    assert write(visitor, code).status == 422 or code == mailed_code(ONE)


def test_adding_a_number_and_removing_it_on_ones_own_page(site: Site) -> None:
    person = make_resident()
    site.sign_in(person)

    page = site.submit("/accounts/me/phone", form="/accounts/me/phone", phone=TYPED)
    assert page.path == "/accounts/me/phone/code"
    page = site.submit(page, form="/accounts/me/phone/code", code=mailed_code(ONE))
    assert page.has("Your phone number is confirmed.")
    assert page.has("010-1234-5678")
    page = site.submit(page, form="/accounts/me/phone/remove")

    assert page.has("Your number is removed.")
    assert not page.has("010-1234-5678")


def test_a_claimed_number_is_kept_with_one_button_and_a_code(site: Site, clock: Clock) -> None:
    old, new = make_phone_account(), make_resident()
    with transaction():
        services.prove_phone(queries.lock_account(new.id), ONE, at=real_clock.now())
    worker.run_until_idle()
    site.sign_in(old)
    page = site.get("/accounts/me/phone")
    assert page.has("Is this still your number?")

    page = site.submit(page, form="/accounts/me/phone/keep")
    page = site.submit(page, form="/accounts/me/phone/code", code=mailed_code(ONE))

    assert page.has("Confirmed: the number stays with you.")
    assert queries.claim_on(old.id) is None


def spend_codes() -> None:
    with transaction() as session:
        city = session.get_one(City, 1)
        settings: dict[str, Any] = {"budgets": {"code": {"hourly": 0}}}
        city.settings = {**city.settings, "sms": settings}
