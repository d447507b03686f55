"""The second step of signing in: turned on, asked for, used once, turned off, reset, wanted of staff."""

import pytest
from flask import Flask

from cps.accounts import queries, services
from cps.accounts.models import Account, RecoveryCode, TwoStep
from cps.core import clock as real_clock
from cps.core import totp, worker
from cps.core.db import db, transaction
from cps.core.errors import RuleViolation
from cps.core.models import AuditRow
from cps.notifications.models import Message
from tests.accounts.support import account_of, at_once, mailed_code, other_than, sessions
from tests.support.factories import PASSWORD, make_account, make_officer, make_resident
from tests.support.fixtures import Clock
from tests.support.page import Page
from tests.support.site import Site

ANN = "ann@example.org"
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


def code_now(*, steps: int = 0) -> str:
    return totp.code_of(SECRET, totp.step_at(real_clock.now()) + steps)


def turn_on(account: Account, clock: Clock) -> list[str]:
    """Turn it on, and let the code that did it grow old; returns the recovery codes."""
    with transaction():
        codes = services.turn_on(queries.lock_account(account.id), SECRET, code_now(), at=real_clock.now())
    clock.move(minutes=2)
    assert codes
    return codes


def sign_in(site: Site) -> Page:
    return site.submit("/accounts/sign-in", email=ANN, password=PASSWORD)


def is_signed_in(site: Site) -> bool:
    return site.get("/accounts/me", follow=False).status == 200


# Turning it on


def test_a_code_of_the_app_turns_it_on_and_shows_ten_recovery_codes(site: Site) -> None:
    site.sign_in(make_resident(email=ANN))
    page = site.get("/accounts/me/two-step")
    secret = page.text_of(".secret-text").replace(" ", "")

    page = site.submit(code=totp.code_of(secret, totp.step_at(real_clock.now())))

    codes = page.all(".recovery-codes li")
    assert len(set(codes)) == 10
    kept = db.session.scalars(db.select(RecoveryCode.code_hash)).all()
    assert len(kept) == 10
    assert not set(codes) & set(kept)
    assert secret not in db.session.scalars(db.select(TwoStep.sealed_secret)).one()


def test_the_recovery_codes_can_be_saved_from_the_page_that_shows_them(site: Site) -> None:
    site.sign_in(make_resident(email=ANN))
    secret = site.get("/accounts/me/two-step").text_of(".secret-text").replace(" ", "")
    page = site.submit(code=totp.code_of(secret, totp.step_at(real_clock.now())))
    codes = page.all(".recovery-codes li")

    file = site.submit(page, form="/accounts/me/two-step/file")

    assert file.header("Content-Disposition").startswith("attachment")
    assert all(code in file.text for code in codes)
    other = site.another().sign_in(make_resident())
    sealed = page.form("/accounts/me/two-step/file", set()).filled({}, None)["codes"]
    assert other.post_raw("/accounts/me/two-step/file", {"codes": sealed}).status == 400


def test_a_wrong_code_turns_nothing_on_and_keeps_the_secret(site: Site) -> None:
    site.sign_in(make_resident(email=ANN))
    before = site.get("/accounts/me/two-step").text_of(".secret-text")

    page = site.submit(code="000000")

    assert page.status == 422
    assert page.text_of(".secret-text") == before
    assert queries.two_step_of(account_of(ANN).id) is None


def test_turning_it_on_signs_out_all_other_devices_and_tells_by_mail(site: Site) -> None:
    account = make_resident(email=ANN)
    other = site.another().sign_in(account)
    site.sign_in(account)
    secret = site.get("/accounts/me/two-step").text_of(".secret-text").replace(" ", "")

    site.submit(code=totp.code_of(secret, totp.step_at(real_clock.now())))
    worker.run_until_idle()

    assert is_signed_in(site)
    assert not is_signed_in(other)
    assert db.session.scalars(db.select(Message.address)).all() == [ANN]


# Coming in


def test_after_the_password_the_code_is_asked_and_signs_in(site: Site, clock: Clock) -> None:
    turn_on(make_resident(email=ANN, password=PASSWORD), clock)

    page = sign_in(site)

    assert page.path == "/accounts/second-step"
    assert not is_signed_in(site)
    site.submit("/accounts/second-step", code=code_now())
    assert is_signed_in(site)


def test_after_a_code_by_mail_the_code_is_asked_too(site: Site, clock: Clock) -> None:
    turn_on(make_resident(email=ANN), clock)
    site.submit("/accounts/sign-in", button="Send me a code instead", email=ANN)

    page = site.submit("/accounts/code", code=mailed_code(ANN))

    assert page.path == "/accounts/second-step"
    assert sessions(account_of(ANN)) == []
    site.submit(code=code_now())
    assert is_signed_in(site)


def test_a_forgotten_password_is_changed_only_after_the_second_step(site: Site, clock: Clock) -> None:
    turn_on(make_resident(email=ANN, password=PASSWORD), clock)
    site.submit("/accounts/reset", email=ANN)

    page = site.submit("/accounts/code", code=mailed_code(ANN))
    assert page.path == "/accounts/second-step"

    assert site.submit(code=code_now()).path == "/accounts/me/password"


def test_it_leads_on_to_where_one_wanted_to_go(site: Site, clock: Clock) -> None:
    turn_on(make_resident(email=ANN, password=PASSWORD), clock)
    site.get("/accounts/me/cases")
    site.submit(email=ANN, password=PASSWORD)

    assert site.submit(code=code_now()).path == "/accounts/me/cases"


def test_a_code_comes_in_once(site: Site, clock: Clock) -> None:
    turn_on(make_resident(email=ANN, password=PASSWORD), clock)
    sign_in(site)
    site.submit(code=code_now())
    other = site.another()
    sign_in(other)

    page = other.submit(code=code_now())

    assert page.status == 422
    assert not is_signed_in(other)


def test_the_code_that_turned_it_on_is_spent(app: Flask) -> None:
    account = make_resident()
    with transaction():
        services.turn_on(queries.lock_account(account.id), SECRET, code_now(), at=real_clock.now())

    with transaction():
        assert not services.take_second_step(account.id, code_now(), at=real_clock.now())


def test_of_two_at_once_with_one_code_one_comes_in(app: Flask, clock: Clock) -> None:
    key = make_resident(email=ANN).id
    turn_on(account_of(ANN), clock)
    code = code_now()

    def take(_number: int) -> bool:
        with transaction():
            return services.take_second_step(key, code, at=real_clock.now())

    assert sorted(at_once(app, 4, take)) == [False, False, False, True]


@pytest.mark.parametrize("steps", [-2, 2, 3])
def test_a_code_of_another_time_is_refused(app: Flask, clock: Clock, steps: int) -> None:
    account = make_resident()
    turn_on(account, clock)

    with transaction():
        assert not services.take_second_step(account.id, code_now(steps=steps), at=real_clock.now())


def test_a_recovery_code_comes_in_once_however_it_is_typed(app: Flask, clock: Clock) -> None:
    account, other = make_resident(email=ANN), make_resident()
    codes = turn_on(account, clock)
    foreign = turn_on(other, clock)
    at = real_clock.now()

    with transaction():
        assert not services.take_second_step(account.id, foreign[0], at=at)
        assert services.take_second_step(account.id, codes[0].lower().replace("-", " "), at=at)
        assert not services.take_second_step(account.id, codes[0], at=at)
        assert services.take_second_step(account.id, codes[1], at=at)
    assert queries.count_recovery_codes(account.id) == 8


def test_a_recovery_code_on_the_page_says_how_many_are_left(site: Site, clock: Clock) -> None:
    codes = turn_on(make_resident(email=ANN, password=PASSWORD), clock)
    sign_in(site)

    page = site.submit(code=codes[3])

    assert "9 are left" in page.text


@pytest.mark.settings(rate_limits=True)
def test_tries_are_limited_also_from_new_browsers(site: Site, clock: Clock) -> None:
    turn_on(make_resident(email=ANN, password=PASSWORD), clock)
    statuses = []
    for _try in range(11):
        visitor = site.another()
        sign_in(visitor)
        if visitor.page is None or visitor.page.path != "/accounts/second-step":
            clock.move(minutes=16)
            continue
        statuses.append(visitor.submit(code=other_than(code_now())).status)

    assert 422 in statuses
    assert statuses.count(422) <= 10


def test_without_the_first_step_nobody_reaches_the_second(site: Site, clock: Clock) -> None:
    turn_on(make_resident(email=ANN, password=PASSWORD), clock)

    page = site.post_raw("/accounts/second-step", {"code": code_now()})

    assert page.path == "/accounts/sign-in"
    assert not is_signed_in(site)


def test_a_password_changed_in_between_ends_the_half_way(site: Site, clock: Clock) -> None:
    account = make_resident(email=ANN, password=PASSWORD)
    turn_on(account, clock)
    sign_in(site)
    with transaction():
        services.set_password(queries.lock_account(account.id), "another hash")

    site.submit("/accounts/second-step", code=code_now())

    assert not is_signed_in(site)


def test_no_service_begins_a_session_without_the_second_step(app: Flask, clock: Clock) -> None:
    account = make_resident()
    turn_on(account, clock)

    with pytest.raises(RuleViolation), transaction():
        services.sign_in(queries.lock_account(account.id), device="", at=real_clock.now())


def test_an_account_with_a_second_step_is_joined_to_none_until_it_is_off(app: Flask, clock: Clock) -> None:
    into, other = make_resident(), make_resident()
    turn_on(other, clock)

    with pytest.raises(RuleViolation), transaction():
        services.join_accounts(into.id, other.id, at=real_clock.now())


# Turning it off


def test_it_is_turned_off_only_after_the_password_and_told_by_mail(site: Site, clock: Clock) -> None:
    account = make_resident(email=ANN, password=PASSWORD)
    turn_on(account, clock)
    worker.run_until_idle()
    site.sign_in(account)

    page = site.submit("/accounts/me/two-step", form="/accounts/me/two-step/off")

    assert page.path.startswith("/accounts/me/confirm?")
    assert queries.two_step_of(account.id) is not None
    page = site.submit(form="/accounts/me/confirm", password=PASSWORD)
    assert page.path == "/accounts/me/two-step"
    site.submit(form="/accounts/me/two-step/off")
    worker.run_until_idle()
    assert queries.two_step_of(account.id) is None
    assert db.session.scalar(db.select(db.func.count(Message.id))) == 2


def test_who_has_no_password_confirms_with_a_code(site: Site, clock: Clock) -> None:
    account = make_resident(email=ANN)
    turn_on(account, clock)
    site.sign_in(account)
    site.submit("/accounts/me/two-step", form="/accounts/me/two-step/off")

    page = site.submit(form="/accounts/me/confirm/send")
    assert (
        site.submit(page, form="/accounts/me/confirm/code", code=other_than(mailed_code(ANN))).status == 422
    )
    page = site.submit(form="/accounts/me/confirm/code", code=mailed_code(ANN))

    assert page.path == "/accounts/me/two-step"
    site.submit(form="/accounts/me/two-step/off")
    assert queries.two_step_of(account.id) is None


def test_a_confirmation_ends_after_a_quarter_of_an_hour(site: Site, clock: Clock) -> None:
    account = make_resident(email=ANN, password=PASSWORD)
    turn_on(account, clock)
    site.sign_in(account)
    site.submit("/accounts/me/confirm", form="/accounts/me/confirm", password=PASSWORD)
    clock.move(minutes=16)

    page = site.post_raw("/accounts/me/two-step/off")

    assert page.path.startswith("/accounts/me/confirm?")
    assert queries.two_step_of(account.id) is not None


def test_the_command_resets_it_signs_out_and_leaves_a_trace(app: Flask, clock: Clock) -> None:
    from cps.admin.two_step_command import reset_two_step_command

    account, other = make_officer(email=ANN), make_officer()
    turn_on(account, clock)
    turn_on(other, clock)

    result = app.test_cli_runner().invoke(reset_two_step_command, [ANN])

    assert result.exit_code == 0, result.output
    assert queries.two_step_of(account.id) is None
    assert queries.two_step_of(other.id) is not None
    rows = db.session.scalars(db.select(AuditRow).filter_by(action="reset-two-step")).all()
    assert [row.object_id for row in rows] == [str(account.id)]
    assert sessions(account) == []


# Staff


@pytest.mark.settings(staff_two_step=True)
def test_staff_without_it_reach_only_the_page_that_turns_it_on(site: Site, clock: Clock) -> None:
    site.sign_in(make_officer(email=ANN))

    for path in ("/desk", "/accounts/me", "/complaints", "/"):
        assert site.get(path).path == "/accounts/me/two-step"
    assert site.post_raw("/accounts/me/profile", {"display_name": "Ann"}).status == 403


@pytest.mark.settings(staff_two_step=True)
def test_staff_work_once_it_is_on(site: Site, clock: Clock) -> None:
    site.sign_in(make_officer(email=ANN))
    secret = site.get("/accounts/me/two-step").text_of(".secret-text").replace(" ", "")

    site.submit(code=totp.code_of(secret, totp.step_at(real_clock.now())))

    assert site.get("/desk").path == "/desk"


@pytest.mark.settings(staff_two_step=True)
def test_residents_are_free_to_have_none(site: Site) -> None:
    site.sign_in(make_account())

    assert site.get("/accounts/me").path == "/accounts/me"


@pytest.mark.settings(staff_two_step=True)
def test_staff_can_always_sign_out(site: Site) -> None:
    site.sign_in(make_officer())

    site.get("/accounts/sign-out")
    site.post_raw("/accounts/sign-out")

    assert not is_signed_in(site)
