"""How often one may try: by address, by browser, by network; nobody else is kept out."""

import pytest
from flask import Flask

from cps.accounts.rules import CodePurpose
from cps.accounts.views import limiting
from cps.accounts.views.codes import send
from cps.core import clock as real_clock
from cps.core import limits, visit
from cps.core.db import db
from cps.core.errors import TooMany
from cps.core.keys import app_key, keyed_tag
from cps.core.models import LimitWindow
from tests.accounts.support import NEW_PASSWORD, facts, mailed_code, other_than
from tests.support.factories import PASSWORD, make_resident
from tests.support.fixtures import Clock
from tests.support.page import Page
from tests.support.site import Site

pytestmark = pytest.mark.settings(rate_limits=True)

ANN = "ann@example.org"


def guess(site: Site, email: str = ANN) -> Page:
    return site.post_raw("/accounts/sign-in", {"email": email, "password": "a guess of mine"})


def ask(site: Site, email: str = ANN) -> Page:
    return site.post_raw("/accounts/prove", {"email": email})


def test_a_password_may_be_guessed_ten_times_a_quarter_of_an_hour(site: Site, clock: Clock) -> None:
    make_resident(email=ANN, password=PASSWORD)
    assert [guess(site.another()).status for _ in range(10)] == [422] * 10

    refused = site.post_raw("/accounts/sign-in", {"email": ANN, "password": PASSWORD})

    assert refused.status == 429
    assert 0 < int(refused.header("Retry-After")) <= 900
    assert refused.value_of("#email") == ANN
    clock.move(minutes=15)
    assert site.post_raw("/accounts/sign-in", {"email": ANN, "password": PASSWORD}).path == "/accounts/me"


def test_an_address_nobody_has_is_limited_alike(site: Site) -> None:
    answers = [guess(site.another()).status for _ in range(11)]

    assert answers == [422] * 10 + [429]


def test_one_address_spent_does_not_keep_others_out(site: Site) -> None:
    make_resident(email="bob@example.org", password=PASSWORD)
    for _ in range(11):
        guess(site.another())

    page = site.post_raw("/accounts/sign-in", {"email": "bob@example.org", "password": PASSWORD})

    assert page.path == "/accounts/me"


def test_one_browser_may_not_guess_at_many_addresses(site: Site) -> None:
    answers = [guess(site, f"person{number}@example.org").status for number in range(21)]

    assert answers == [422] * 20 + [429]


def test_a_spent_password_still_lets_one_in_by_code(site: Site) -> None:
    make_resident(email=ANN, password=PASSWORD)
    for _ in range(11):
        guess(site.another())

    ask(site)

    assert site.submit(code=mailed_code(ANN)).path == "/accounts/me"


def test_six_mails_an_hour_go_to_one_address(site: Site, clock: Clock) -> None:
    answers = [ask(site.another()).status for _ in range(7)]

    assert answers == [200] * 6 + [429]
    assert len(facts(ANN)) == 6
    clock.move(hours=1)
    assert ask(site.another()).status == 200


def test_twenty_mails_a_day_go_to_one_address(site: Site, clock: Clock) -> None:
    sent = 0
    for _ in range(5):
        sent += sum(ask(site.another()).status == 200 for _ in range(6))
        clock.move(hours=1)

    assert sent == len(facts(ANN)) == 20


def test_one_browser_asks_for_ten_mails_an_hour(site: Site) -> None:
    answers = [ask(site, f"person{number}@example.org").status for number in range(11)]

    assert answers == [200] * 10 + [429]


def test_a_refused_mail_keeps_what_was_typed(site: Site) -> None:
    for _ in range(6):
        ask(site.another())

    page = site.post_raw("/accounts/register", {"email": ANN, "password": NEW_PASSWORD})

    assert page.status == 429
    assert page.value_of("#email") == ANN
    assert NEW_PASSWORD not in page.html


def test_no_password_is_hashed_beyond_the_limit(app: Flask, site: Site) -> None:
    for _ in range(6):
        ask(site.another())

    with app.test_request_context(), pytest.raises(TooMany):
        send(CodePurpose.VERIFY_EMAIL, ANN, password_hash=lambda: pytest.fail("it was hashed"))


def test_asking_again_counts_too(site: Site) -> None:
    ask(site)
    answers = [site.post_raw("/accounts/code/again").status for _ in range(6)]

    assert answers == [200] * 5 + [429]


def test_codes_are_guessed_thirty_times_at_most(site: Site) -> None:
    tried = []
    for _ in range(6):
        ask(site)
        wrong = other_than(mailed_code(ANN))
        tried += [site.post_raw("/accounts/code", {"code": wrong}).status for _ in range(6)]

    assert tried == [422] * 30 + [429] * 6


def test_what_is_counted_shows_neither_address_nor_network(site: Site) -> None:
    guess(site)

    buckets = " ".join(db.session.scalars(db.select(LimitWindow.bucket)))
    assert "ann" not in buckets
    assert "127.0.0.1" not in buckets


def test_a_carriers_shared_address_lets_many_people_in(site: Site) -> None:
    answers = {ask(site.another(), f"person{number}@example.org").status for number in range(40)}

    assert answers == {200}


def test_changing_a_password_counts_guesses_at_the_old_one(site: Site, clock: Clock) -> None:
    site.sign_in(make_resident(email=ANN, password=PASSWORD))
    clock.move(minutes=16)

    wrong = {"current": "a guess of mine", "password": NEW_PASSWORD}
    answers = [site.post_raw("/accounts/me/password", wrong).status for _ in range(11)]

    assert answers == [422] * 10 + [429]


def test_who_has_used_up_the_networks_tries_adds_no_rows_and_spends_nobodys(site: Site) -> None:
    here = keyed_tag(app_key("limits"), "127.0.0.1")[:40]
    for _time in range(300):
        limits.count(limiting.PASSWORD.network, here, at=real_clock.now())
    before = db.session.scalar(db.select(db.func.count()).select_from(LimitWindow))

    answers = [guess(site.another(), f"person{number}@example.org").status for number in range(3)]

    assert answers == [429] * 3
    assert db.session.scalar(db.select(db.func.count()).select_from(LimitWindow)) == before


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::2", "2001:db8:1:2::/64"),
        ("", "unknown"),
    ],
)
def test_all_addresses_of_one_line_are_one_network(app: Flask, address: str, network: str) -> None:
    with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
        assert visit.network() == network
