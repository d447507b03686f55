"""One-time codes: good once, for a while, for the browser that asked, and only the newest."""

from datetime import timedelta

import pytest
from flask import Flask

from cps.accounts import queries, services
from cps.accounts.models import OneTimeCode
from cps.accounts.rules import CODE_TRIES, CodePurpose
from cps.core.db import db, transaction
from cps.core.outbox import Fact
from tests.accounts.support import at_once, facts, mailed_code, other_than
from tests.support.factories import make_resident
from tests.support.fixtures import WEDNESDAY, Clock

pytestmark = pytest.mark.usefixtures("app")

ANN = "ann@example.org"
BROWSER = "a browser"
SIGN_IN = CodePurpose.SIGN_IN


def ask(email: str = ANN, *, purpose: CodePurpose = SIGN_IN, browser: str = BROWSER) -> str:
    with transaction():
        services.new_code(purpose, email, asked_by=browser, language="en", at=WEDNESDAY)
    return mailed_code(email)


def check(
    code: str,
    email: str = ANN,
    *,
    purpose: CodePurpose = SIGN_IN,
    browser: str = BROWSER,
    after: timedelta = timedelta(),
) -> bool:
    with transaction():
        return services.check_code(purpose, email, code, asked_by=browser, at=WEDNESDAY + after)


def test_the_mailed_code_is_good() -> None:
    ask("somebody.else@example.org")
    code = ask()

    assert check(code)


def test_a_code_is_stated_with_everything_its_mail_needs() -> None:
    with transaction():
        row = services.new_code(SIGN_IN, ANN, asked_by=BROWSER, language="ko", at=WEDNESDAY)
        about = row.id

    fact = facts(ANN)[0]
    assert (fact.fact, fact.about_id) == (Fact.CODE_WANTED, about)
    assert fact.payload["language"] == "ko"
    assert fact.payload["purpose"] == "sign-in"
    assert len(fact.payload["code"]) == 6


def test_neither_code_nor_address_can_be_read_from_the_table() -> None:
    code = ask()

    row = db.session.scalars(db.select(OneTimeCode)).one()
    assert code not in f"{row.code_hash}{row.target_tag}"
    assert "ann" not in row.target_tag


def test_a_code_is_good_only_once() -> None:
    code = ask()

    assert check(code)
    assert not check(code)


def test_another_code_is_not_good() -> None:
    assert not check(other_than(ask()))


def test_a_code_is_good_for_a_quarter_of_an_hour() -> None:
    code = ask()

    assert not check(code, after=timedelta(minutes=15))
    assert check(code, after=timedelta(minutes=14, seconds=59))


def test_after_five_tries_even_the_right_code_is_not_good() -> None:
    code = ask()
    for _ in range(CODE_TRIES):
        assert not check(other_than(code))

    assert not check(code)


def test_the_last_of_five_tries_may_be_right() -> None:
    code = ask()
    for _ in range(CODE_TRIES - 1):
        check(other_than(code))

    assert check(code)


def test_only_the_newest_code_is_good() -> None:
    first, second = ask(), ask()

    assert first == second or not check(first)
    assert check(second)


def test_a_used_newest_code_does_not_make_an_older_one_good() -> None:
    first, second = ask(), ask()
    check(second)

    assert not check(first)


def test_a_code_is_good_for_its_own_purpose_only() -> None:
    code = ask()

    assert not check(code, purpose=CodePurpose.RESET_PASSWORD)


def test_a_code_is_good_for_its_own_address_only() -> None:
    ask("bob@example.org")
    code = ask()

    assert code == mailed_code("bob@example.org") or not check(code, "bob@example.org")


def test_a_code_is_good_only_in_the_browser_that_asked() -> None:
    code = ask()

    assert not check(code, browser="another browser")


def test_a_stranger_cannot_spoil_a_code_by_asking_or_guessing() -> None:
    code = ask()
    ask(browser="a stranger")
    for _ in range(CODE_TRIES + 1):
        check("000000", browser="a stranger")

    assert check(code)


def test_a_code_used_twice_at_once_is_good_once(app: Flask) -> None:
    code = ask()

    assert sorted(at_once(app, 6, lambda _n: check(code))) == [False] * 5 + [True]


def test_guesses_made_at_once_are_all_counted(app: Flask) -> None:
    code = ask()

    at_once(app, CODE_TRIES, lambda _n: check(other_than(code)))

    assert db.session.scalars(db.select(OneTimeCode.tries)).one() == CODE_TRIES
    assert not check(code)


def test_who_registers_a_known_address_gets_a_code_with_other_words() -> None:
    make_resident(email=ANN)
    make_resident()
    with transaction():
        services.registration_code(
            CodePurpose.VERIFY_EMAIL, ANN, asked_by=BROWSER, language="en", at=WEDNESDAY
        )

    assert [fact.fact for fact in facts(ANN)] == [Fact.ADDRESS_ALREADY_KNOWN]
    assert check(mailed_code(ANN), purpose=CodePurpose.VERIFY_EMAIL)


def test_codes_that_have_ended_are_forgotten(clock: Clock) -> None:
    ask()
    clock.move(minutes=14)
    with transaction():
        services.new_code(SIGN_IN, "bob@example.org", asked_by=BROWSER, language="en", at=clock.now)
        services.forget_expired(WEDNESDAY + timedelta(minutes=15))

    left = db.session.scalars(db.select(OneTimeCode)).all()
    assert [row.created_at for row in left] == [clock.now]


def test_there_is_no_code_for_an_address_nobody_asked_for() -> None:
    ask("bob@example.org")

    assert not check("123456")
    assert queries.newest_code(SIGN_IN, "0" * 64) is None
