"""What residents and helpers hear of one another: by mail or text message, and in their own list."""

from collections.abc import Callable

from flask import Flask

from cps.accounts.models import Account
from cps.accounts.queries import lock_account
from cps.accounts.services import account_for_address
from cps.core import clock as real_clock
from cps.core import worker
from cps.core.db import db, transaction
from cps.helpers import queries, services
from cps.helpers.models import HelperConsent
from cps.helpers.rules import HelperScope
from cps.notifications.models import Message, TextMessage, Told
from tests.support import factories as make
from tests.support.fixtures import Clock
from tests.support.site import Site


def told(account: Account) -> list[str]:
    """Return the subjects of all that an account was told, in order, from its own list."""
    worker.run_until_idle()
    db.session.rollback()
    rows = db.select(Told).filter_by(account_id=account.id).order_by(Told.told_at, Told.about)
    return [row.subject for row in db.session.scalars(rows)]


def mails(account: Account) -> list[Message]:
    return list(db.session.scalars(db.select(Message).filter_by(account_id=account.id)))


def wish(resident: Account, helper: Account) -> HelperConsent:
    with transaction():
        person = lock_account(resident.id)
        services.name_by_address(person, HelperScope.ALL, helper.email, at=real_clock.now())
    return queries.of_resident(resident.id)[0]


def press(site: Site, account: Account, act: Callable[[Site], object]) -> None:
    act(site.another().sign_in(account))


def say_yes(consent: HelperConsent) -> Callable[[Site], object]:
    return lambda who: who.post_raw("/accounts/me/helpers/accept", {"asked": str(consent.id), "name": "Mina"})


def end(consent: HelperConsent) -> Callable[[Site], object]:
    return lambda who: who.post_raw(f"/accounts/me/helpers/{consent.id}/end")


def test_a_resident_hears_of_a_yes_and_of_an_end_by_the_helper(site: Site, clock: Clock) -> None:
    resident, helper, noise = make.make_resident(), make.make_resident(), make.make_resident()
    make.make_help(noise, helper)
    consent = wish(resident, helper)

    press(site, helper, say_yes(consent))
    assert told(resident) == ["Your helper said yes"]
    clock.move(minutes=1)
    press(site, helper, end(consent))

    assert told(resident)[1:] == ["Your helper does not help you any more"]
    assert [mail.address for mail in mails(resident)] == [resident.email] * 2
    assert "Mina" not in "".join(mail.body_text for mail in mails(resident))
    assert told(helper) == told(noise) == []


def test_a_resident_hears_of_a_no_and_nobody_of_a_wish_taken_back(site: Site) -> None:
    resident, helper = make.make_resident(), make.make_resident()
    press(site, helper, end(wish(resident, helper)))
    press(site, resident, end(wish(resident, helper)))

    assert told(resident) == ["Your helper said no"]
    assert told(helper) == []


def test_a_helper_hears_once_that_it_was_ended(site: Site) -> None:
    resident, helper = make.make_resident(), make.make_resident()
    consent = make.make_help(resident, helper)

    press(site, resident, end(consent))
    press(site, resident, end(consent))
    press(site, helper, end(consent))

    assert told(helper) == ["Somebody whom you helped has ended it"]
    assert told(resident) == []


def test_who_has_only_a_number_gets_a_text_message_in_their_language(app: Flask) -> None:
    helper = make.make_resident()
    with transaction():
        resident = account_for_address("+821012345678", language="ko", at=real_clock.now())
    consent = make.make_help(resident, helper)
    with transaction():
        services.end(queries.lock_consent(consent.id), by=helper.id, at=real_clock.now())

    told(resident)

    (text,) = db.session.scalars(db.select(TextMessage)).all()
    assert (text.phone, text.language) == (resident.phone, "ko")
    assert "/accounts/me/helpers" in text.text
