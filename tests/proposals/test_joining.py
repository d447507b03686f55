"""Joining proposals: each account counts once, both addresses stay, it can be undone."""

from collections.abc import Callable

import pytest
from flask import Flask

from cps.accounts.models import Account
from cps.cases.rules import Outcome, Status
from cps.core import worker
from cps.core.db import db, transaction
from cps.core.errors import RuleViolation
from cps.proposals import queries, services
from cps.proposals.models import Proposal
from tests.proposals.making import (
    at_once,
    fresh,
    make_proposal,
    now,
    set_goal,
    support,
    supporters,
    supporting,
)
from tests.support.factories import make_officer, make_resident
from tests.support.fixtures import Clock

pytestmark = pytest.mark.usefixtures("app")


def joined(one: Proposal, other: Proposal, officer: Account) -> None:
    with transaction():
        both = queries.lock_both(one.case.reference, other.case.reference)
        services.join(*both, "Both want trees.", by=officer, at=now())


def parted(one: Proposal, other: Proposal, officer: Account) -> None:
    with transaction():
        row, _into = queries.lock_both(one.case.reference, other.case.reference)
        services.part(row, "One wants hedges.", by=officer, at=now())


def test_joined_proposals_count_each_account_once_and_keep_both_addresses() -> None:
    one, other, officer, both = make_proposal(), make_proposal(), make_officer(), make_resident()
    support(one, both, *supporters(2))
    support(other, both, make_resident())

    joined(one, other, officer)
    worker.run_until_idle()

    counted = queries.count(other.case_id)
    assert (counted.total, counted.own, counted.joined) == (4, 2, 2)
    assert fresh(other).case.support_count == 4
    assert fresh(one).case.outcome is Outcome.JOINED
    assert queries.find(one.case.reference) is not None


def test_a_join_can_oblige_the_city_to_answer() -> None:
    set_goal(3)
    one, other, officer = make_proposal(), make_proposal(), make_officer()
    support(one, *supporters(2))
    support(other, make_resident())

    joined(one, other, officer)
    worker.run_until_idle()

    assert fresh(other).case.status is Status.ANSWER_DUE


def test_a_supporter_of_a_joined_proposal_may_leave() -> None:
    one, other, officer, resident = make_proposal(), make_proposal(), make_officer(), make_resident()
    support(one, resident)
    joined(one, other, officer)

    with transaction():
        services.unsupport(one.case_id, by=resident, at=now())

    worker.run_until_idle()
    assert fresh(other).case.support_count == 0


def test_a_joined_proposal_takes_no_new_support_and_names_the_reason() -> None:
    one, other, officer = make_proposal(), make_proposal(), make_officer()
    joined(one, other, officer)

    with pytest.raises(RuleViolation, match="joined to another"):
        support(one, make_resident())


def test_a_join_is_undone_and_both_stand_as_before() -> None:
    one, other, officer = make_proposal(), make_proposal(), make_officer()
    support(one, make_resident())
    joined(one, other, officer)

    parted(one, other, officer)
    worker.run_until_idle()

    assert fresh(one).case.status is Status.GATHERING
    assert fresh(one).case.answered_at is None
    assert (fresh(one).case.support_count, fresh(other).case.support_count) == (1, 0)
    joined(one, other, officer)  # and it can be joined again


def test_nothing_is_joined_to_a_proposal_whose_time_is_over(clock: Clock) -> None:
    other, officer = make_proposal(), make_officer()
    clock.move(days=1)
    one = make_proposal()
    clock.set_to(other.gathers_until)

    with pytest.raises(RuleViolation, match="time of the other"):
        joined(one, other, officer)


def test_proposals_are_not_joined_in_chains_or_circles() -> None:
    one, other, third, officer = make_proposal(), make_proposal(), make_proposal(), make_officer()
    joined(one, other, officer)

    for case, into in ((other, one), (other, third), (third, one), (third, third)):
        with pytest.raises(RuleViolation):
            joined(case, into, officer)


def test_two_that_are_joined_to_each_other_at_once_make_one_join(app: Flask) -> None:
    one, other, officer = make_proposal(), make_proposal(), make_officer()
    officer_id, references = officer.id, (one.case.reference, other.case.reference)

    def join(first: str, second: str) -> Callable[[], object]:
        def act() -> bool:
            both = queries.lock_both(first, second)
            by = db.session.get_one(Account, officer_id)
            services.join(*both, "Both want trees.", by=by, at=now())
            return True

        return act

    told = at_once(app, [join(*references), join(*references[::-1])])

    assert sum(one is True for one in told) == 1


def test_support_while_a_proposal_is_joined_counts_or_is_refused(app: Flask) -> None:
    one, other, officer = make_proposal(), make_proposal(), make_officer()
    ids, officer_id = [account.id for account in supporters(7)], officer.id
    references = (one.case.reference, other.case.reference)

    def join() -> bool:
        both = queries.lock_both(*references)
        services.join(*both, "Same.", by=db.session.get_one(Account, officer_id), at=now())
        return True

    told = at_once(app, [*(supporting(one.case_id, account_id) for account_id in ids), join])
    worker.run_until_idle()

    assert told[-1] is True
    assert fresh(other).case.support_count == sum(one is True for one in told[:-1])
