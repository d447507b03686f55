"""What is left of somebody who goes, or whose two accounts become one: counts stay true."""

from collections.abc import Callable

import pytest
from flask import Flask

from cps.accounts import services as accounts
from cps.accounts.models import Account
from cps.core import clock, doctor, worker
from cps.core.db import db, transaction
from cps.proposals import queries, services
from cps.proposals.models import Comment, DeliveryVerdict, Proposal
from cps.proposals.rules import Verdict
from cps.proposals.services import NewComment
from tests.proposals.making import (
    answered,
    at_once,
    begun,
    done,
    fresh,
    make_proposal,
    now,
    support,
    supporting,
)
from tests.support.factories import make_resident

pytestmark = pytest.mark.usefixtures("app")


def gone(account: Account) -> None:
    account_id = account.id
    with transaction():
        accounts.delete_account(account_id, at=clock.now())
    worker.run_until_idle()


def joined(into: Account, other: Account) -> None:
    keys = into.id, other.id
    with transaction():
        accounts.join_accounts(*keys, at=clock.now())
    db.session.expire_all()
    worker.run_until_idle()


def is_whole() -> bool:
    names = {"proposals' supports", "comments"}
    return all(one.is_well for one in doctor.examine(at=clock.now()) if one.name in names)


def said(proposal: Proposal, by: Account, body: str) -> int:
    with transaction():
        return services.comment(proposal.case_id, NewComment(body, "en", shows_name=True), by=by, at=now()).id


def test_who_goes_takes_their_support_along_and_the_count_follows() -> None:
    proposal, resident = make_proposal(), make_resident()
    support(proposal, resident, make_resident())
    worker.run_until_idle()

    gone(resident)

    assert fresh(proposal).case.support_count == queries.count(proposal.case_id).total == 1
    assert is_whole()


def test_comments_of_who_goes_stay_without_their_name() -> None:
    proposal, resident = make_proposal(), make_resident(display_name="Mina Harbour")
    written = said(proposal, resident, "I am Mina Harbour and I walk there.")

    gone(resident)

    kept = db.session.get_one(Comment, written)
    assert (kept.account_id, kept.shows_name) == (None, False)
    assert "Mina" not in kept.body


@pytest.mark.parametrize(
    ("name", "body", "stays"),
    [
        ("Mina Harbour", "MINA HARBOUR walks there.", "[name hidden] walks there."),
        ("Ann", "Ann likes the annex.", "[name hidden] likes the annex."),
        ("e", "Trees, please.", "Trees, please."),
    ],
)
def test_a_name_is_hidden_however_it_is_written_and_within_no_other_word(
    name: str, body: str, stays: str
) -> None:
    resident = make_resident(display_name=name)
    written = said(make_proposal(), resident, body)

    gone(resident)

    assert db.session.get_one(Comment, written).body == stays


def test_what_somebody_said_of_a_delivery_goes_with_them() -> None:
    author = make_resident()
    proposal, officer = answered(author=author)
    begun(proposal, officer)
    done(proposal, lambda row: services.deliver(row, services.News("Done."), by=officer, at=now()))
    done(proposal, lambda row: services.judge(row, Verdict.NO, by=author, at=now()))

    gone(author)

    assert db.session.scalars(db.select(DeliveryVerdict)).all() == []


def test_two_accounts_that_become_one_support_once() -> None:
    proposal, one, other = make_proposal(), make_resident(), make_resident()
    support(proposal, one, other)
    worker.run_until_idle()

    joined(one, other)

    assert fresh(proposal).case.support_count == queries.count(proposal.case_id).total == 1
    assert is_whole()


def test_an_author_whose_second_account_supported_it_supports_it_no_more() -> None:
    author, other = make_resident(), make_resident()
    proposal = make_proposal(author=author)
    support(proposal, other)
    worker.run_until_idle()

    joined(author, other)

    assert fresh(proposal).case.support_count == 0
    assert is_whole()


def test_two_accounts_that_become_one_back_a_comment_once() -> None:
    proposal, one, other = make_proposal(), make_resident(), make_resident()
    written = said(proposal, make_resident(), "Lindens, please.")
    for account in (one, other):
        with transaction():
            services.back(written, by=account, at=now())

    joined(one, other)

    assert db.session.get_one(Comment, written).backing_count == 1
    assert is_whole()


def test_who_supports_while_their_account_is_deleted_is_not_counted(app: Flask) -> None:
    proposal, other = make_proposal(), make_proposal()
    accounts_of_some = [make_resident().id for _ in range(6)]
    support(other, make_resident())
    acts: list[Callable[[], object]] = []
    for account_id in accounts_of_some:
        acts += [deleting(account_id), supporting(proposal.case_id, account_id)]

    at_once(app, acts)

    assert queries.count(proposal.case_id).counted == 0
    worker.run_until_idle()
    assert is_whole()


def deleting(account_id: int) -> Callable[[], object]:
    """Return the act of somebody who deletes their account, for `at_once`."""
    return lambda: accounts.delete_account(account_id, at=clock.now())
