"""What is held of phones stands in one's own data, and of nobody else's."""

from cps.accounts import queries, services
from cps.core import clock as real_clock
from cps.core import worker
from cps.core.db import transaction
from tests.support.factories import make_resident
from tests.support.site import Site

ONE, OTHER = "+821012345678", "+821087654321"


def test_ones_own_data_has_numbers_messages_and_joined_accounts(site: Site) -> None:
    with transaction():
        phone_only = services.account_for_address(OTHER, language="en", at=real_clock.now()).id
    mine, holder = make_resident().id, make_resident().id
    for account, number in ((holder, ONE), (mine, ONE)):
        with transaction():
            services.prove_phone(queries.lock_account(account), number, at=real_clock.now())
    with transaction():
        account = services.join_accounts(mine, phone_only, at=real_clock.now())
    worker.run_until_idle()

    held = site.sign_in(account).get("/accounts/me/data.json").json
    assert held["account"]["phone"] == OTHER
    assert held["account"]["phone_verified_at"] is not None
    assert {row["kind"] for row in held["proven"]} == {"email", "phone"}
    assert [row["purpose"] for row in held["text_messages_to_you"]] == ["notice"]
    assert len(held["joined_accounts"]) == 1
    assert [row["phone"] for row in held["numbers_waited_for"]] == [ONE]


def test_of_others_nothing_stands_in_it(site: Site) -> None:
    other = make_resident().id
    with transaction():
        services.prove_phone(queries.lock_account(other), ONE, at=real_clock.now())

    held = site.sign_in(make_resident()).get("/accounts/me/data.json").json

    assert held["text_messages_to_you"] == held["joined_accounts"] == held["numbers_waited_for"] == []
    assert ONE not in str(held)
