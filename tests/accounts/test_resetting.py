"""An administrator turns off the second step of somebody who has lost phone and recovery codes."""

import pytest

from cps.accounts import queries, services
from cps.accounts.models import Account
from cps.accounts.rules import CheckedHow, Grounds, ResetReason
from cps.core import clock as real_clock
from cps.core import totp, worker
from cps.core.db import db, transaction
from cps.core.errors import AlreadyDone, RuleViolation
from cps.core.models import AuditRow
from cps.notifications.models import Message, TextMessage
from tests.accounts.support import sessions
from tests.support.factories import PASSWORD, make_account, make_administrator, make_officer, make_resident
from tests.support.fixtures import Clock
from tests.support.page import Page
from tests.support.site import Site

HERE = "/admin/accounts/two-step"
ANN, ONE = "ann@example.org", "+821012345678"
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
GROUNDS = Grounds(ResetReason.LOST, CheckedHow.DOCUMENT)


def turn_on(account: Account) -> Account:
    code = totp.code_of(SECRET, totp.step_at(real_clock.now()))
    with transaction():
        services.turn_on(queries.lock_account(account.id), SECRET, code, at=real_clock.now())
    worker.run_until_idle()
    with transaction() as session:
        session.execute(db.delete(Message))
    return account


def has_second_step(account: Account) -> bool:
    db.session.rollback()
    return queries.two_step_of(account.id) is not None


def administrator(site: Site) -> Account:
    """Sign an administrator in who has just written their password."""
    person = make_administrator(password=PASSWORD)
    site.sign_in(person)
    site.submit(site.get(HERE), form="/accounts/me/confirm", password=PASSWORD)
    return person


def reset(site: Site, typed: str = ANN, **fields: str) -> Page:
    values = {"reason": "lost", "checked": "document", **fields}
    return site.submit(site.get(HERE), form=HERE, email=typed, **values)


def test_it_is_off_its_devices_are_signed_out_and_others_keep_theirs(site: Site) -> None:
    officer, other = turn_on(make_officer(email=ANN)), turn_on(make_officer())
    site.another().sign_in(officer)
    administrator(site)

    page = reset(site)

    assert page.has(f"The second step of {ANN} is off.")
    assert not has_second_step(officer)
    assert sessions(officer) == []
    assert has_second_step(other)


def test_who_why_and_how_it_was_checked_is_written_down(site: Site) -> None:
    officer = turn_on(make_officer(email=ANN))
    by = administrator(site)

    reset(site, reason="stolen", checked="called-back")

    (row,) = db.session.scalars(db.select(AuditRow).filter_by(action="reset-two-step")).all()
    assert (row.actor_id, row.object_id) == (by.id, str(officer.id))
    assert row.changes == {"reason": [None, "stolen"], "checked": [None, "called-back"]}


def test_its_owner_is_told_that_it_was_the_city(site: Site) -> None:
    officer = turn_on(make_officer(email=ANN))
    administrator(site)

    reset(site)
    worker.run_until_idle()

    told = db.session.scalars(db.select(Message).filter_by(account_id=officer.id)).all()
    assert [letter.subject for letter in told] == ["The city turned off your second step"]


def test_somebody_with_only_a_number_is_found_by_it_and_told_there(site: Site) -> None:
    with transaction():
        key = services.account_for_address(ONE, language="en", at=real_clock.now()).id
    turn_on(db.session.get_one(Account, key))
    administrator(site)

    assert reset(site, "010-1234-5678").has("is off. They are told.")
    worker.run_until_idle()

    texts = db.session.scalars(db.select(TextMessage.text).filter_by(account_id=key)).all()
    assert any("The second step of your account is off" in text for text in texts)


def test_nobody_does_it_for_themselves(site: Site, clock: Clock) -> None:
    by = administrator(site)
    turn_on(by)
    site.sign_in(by)
    site.submit(site.get(HERE), form="/accounts/me/confirm", password=PASSWORD)

    page = reset(site, by.email)

    assert page.status == 422
    assert page.has("For your own account ask another administrator.")
    assert has_second_step(by)
    with pytest.raises(RuleViolation, match="another administrator"), transaction():
        services.reset_two_step(queries.lock_account(by.id), GROUNDS, by=by.id, at=real_clock.now())


def test_without_a_reason_or_a_check_nothing_is_done(site: Site) -> None:
    officer = turn_on(make_officer(email=ANN))
    administrator(site)

    page = site.submit(site.get(HERE), form=HERE, email=ANN)

    assert page.status == 422
    assert page.all(".error-summary a") or page.has("Choose one.")
    assert has_second_step(officer)


def test_an_unknown_address_and_one_without_a_second_step_are_refused(site: Site) -> None:
    make_resident(email=ANN)
    administrator(site)

    assert reset(site, "nobody@example.org").has("There is no account with this address.")
    assert reset(site).has("This account has no second step.")
    account = queries.account_by_email(ANN)
    assert account is not None
    with pytest.raises(AlreadyDone), transaction():
        services.reset_two_step(account, GROUNDS, by=None, at=real_clock.now())


def test_the_password_is_asked_before(site: Site) -> None:
    officer = turn_on(make_officer(email=ANN))
    site.sign_in(make_administrator(password=PASSWORD))

    assert site.get(HERE).path.startswith("/accounts/me/confirm")
    fields = {"email": ANN, "reason": "lost", "checked": "document"}
    assert site.post_raw(HERE, fields).path.startswith("/accounts/me/confirm")
    assert has_second_step(officer)


def test_others_than_administrators_find_no_such_page(site: Site) -> None:
    officer = turn_on(make_officer(email=ANN))
    site.sign_in(make_account())

    assert site.get(HERE).status == 404
    assert site.post_raw(HERE, {"email": ANN, "reason": "lost", "checked": "document"}).status == 404
    assert has_second_step(officer)
