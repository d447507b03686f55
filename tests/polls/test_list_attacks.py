"""One line of a list is one vote, however its person joins accounts and gives numbers and addresses away."""

from datetime import timedelta

from flask import Flask

from cps.accounts import queries as accounts
from cps.accounts import services as own
from cps.accounts.models import Account
from cps.accounts.rules import IdentityKind
from cps.core import clock as real_clock
from cps.core.db import db, transaction
from cps.polls import queries
from cps.polls.eligibility import NotEligible, WhyNot
from cps.polls.models import VoterRoll
from cps.polls.rules import CountKey
from cps.polls.services.casting import VoteRefused
from tests.polls.test_voter_list import OTHER, OURS, open_with, owner_of
from tests.support import polls
from tests.support.fixtures import Clock


def heard(account: Account) -> str:
    """Vote in the poll; returns what the voter hears."""
    key = account.id
    db.session.rollback()
    db.session.expire_all()
    try:
        return polls.vote(queries.get_poll("park"), db.session.get_one(Account, key), "park").value
    except (VoteRefused, NotEligible) as refused:
        return refused.reason.value


def join(into: Account, other: Account) -> None:
    with transaction():
        own.join_accounts(into.id, other.id, at=real_clock.now())


def give_up(account: Account, kind: IdentityKind, address: str) -> None:
    with transaction():
        own.give_up_address(accounts.lock_account(account.id), kind, accounts.address_tag(address))


def new_account(address: str) -> Account:
    with transaction():
        return own.account_for_address(address, language="en", at=real_clock.now())


def votes() -> int:
    db.session.rollback()
    return db.session.scalar(db.select(db.func.count()).select_from(VoterRoll)) or 0


def test_a_listed_number_does_not_lend_its_line_to_another_number(app: Flask) -> None:
    listed, other, stranger = owner_of(OURS), owner_of(OTHER), polls.make_voter()
    with transaction():
        accounts.lock_account(listed.id).phone = OURS
        newer = accounts.lock_identity(IdentityKind.PHONE, accounts.address_tag(OTHER))
        assert newer is not None
        newer.verified_at += timedelta(days=1)
    open_with(CountKey.PHONE, OURS)
    join(listed, other)

    assert heard(stranger) == WhyNot.NO_PHONE
    first = heard(listed)
    give_up(listed, IdentityKind.PHONE, OTHER)

    assert [first, heard(listed), votes()] == ["recorded", "already-voted", 1]


def test_a_listed_address_that_was_given_away_lends_its_line_to_no_other_account(
    app: Flask, clock: Clock
) -> None:
    listed, old, older = (polls.make_voter(email=f"{name}@testford.test") for name in ("ann", "ben", "carl"))
    open_with(CountKey.ACCOUNT, "ann@testford.test")
    clock.move(hours=1)
    assert [heard(old), heard(older), heard(listed)] == [WhyNot.NOT_LISTED, WhyNot.NOT_LISTED, "recorded"]

    join(old, listed)
    assert heard(old) == "already-voted"
    give_up(old, IdentityKind.EMAIL, "ann@testford.test")
    again = new_account("ann@testford.test")
    assert heard(again) == WhyNot.VERIFIED_TOO_LATE
    join(older, again)

    assert [heard(older), votes()] == [WhyNot.NOT_LISTED, 1]


def test_a_listed_address_of_a_joined_account_still_votes_once(app: Flask) -> None:
    listed, into = (polls.make_voter(email=f"{name}@testford.test") for name in ("ann", "ben"))
    open_with(CountKey.ACCOUNT, "ann@testford.test")

    join(into, listed)

    assert [heard(into), heard(into), votes()] == ["recorded", "already-voted", 1]
