"""Supporting: once each, in time, counted from rows; proved with real threads."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from cps.cases.models import Case, Follow, Support
from cps.cases.rules import EventKind, Outcome, Status
from cps.core import clock as real_clock
from cps.core import worker
from cps.core.db import db, transaction
from cps.core.errors import NotVisible, RuleViolation
from cps.core.models import OutboxFact
from cps.proposals import queries, services
from cps.proposals.models import Recount, StepReached
from cps.proposals.rules import Assurance, Settings
from tests.proposals.making import (
    OPEN_TO_ALL,
    at_once,
    fresh,
    last_event,
    make_proposal,
    set_goal,
    support,
    supporters,
    supporting,
)
from tests.support.factories import make_complaint, make_officer, make_resident
from tests.support.fixtures import Clock

pytestmark = pytest.mark.usefixtures("app")


def rows(case_id: int) -> int:
    return db.session.scalar(select(func.count()).where(Support.case_id == case_id)) or 0


def test_a_support_counts_at_once_on_the_page_and_in_lists_when_the_worker_has_counted() -> None:
    proposal, other = make_proposal(), make_proposal()
    support(other, make_resident())

    support(proposal, make_resident(), make_resident())

    assert queries.count(proposal.case_id).total == 2
    worker.run_until_idle()
    assert fresh(proposal).case.support_count == 2
    assert fresh(other).case.support_count == 1


def test_a_second_support_of_the_same_account_changes_nothing() -> None:
    proposal, resident = make_proposal(), make_resident()

    support(proposal, resident, resident)

    assert queries.count(proposal.case_id).total == 1


def test_who_supports_hears_of_it_from_now_on() -> None:
    proposal, resident = make_proposal(), make_resident()

    support(proposal, resident)

    assert db.session.get(Follow, (proposal.case_id, resident.id)) is not None


def test_a_support_is_taken_back_at_will() -> None:
    proposal, resident = make_proposal(), make_resident()
    support(proposal, resident)

    with transaction():
        gone = services.unsupport(proposal.case_id, by=resident, at=real_clock.now())

    worker.run_until_idle()
    assert gone
    assert queries.count(proposal.case_id).total == fresh(proposal).case.support_count == 0


def test_authors_do_not_support_themselves() -> None:
    author = make_resident()
    proposal = make_proposal(author=author)

    with pytest.raises(RuleViolation, match="your own"):
        support(proposal, author)


def test_who_has_proven_nothing_is_asked_to_first() -> None:
    proposal = make_proposal()

    with pytest.raises(RuleViolation, match="Confirm"):
        support(proposal, make_resident(email=""))


def test_a_city_can_ask_for_the_register_of_residents() -> None:
    proposal = make_proposal()

    with pytest.raises(RuleViolation, match="register"):
        support(proposal, make_resident(), settings=Settings(Assurance.REGISTER))


def test_support_after_the_deadline_is_refused_with_a_sentence(clock: Clock) -> None:
    proposal = make_proposal()
    clock.set_to(proposal.gathers_until)

    with pytest.raises(RuleViolation, match="time to support"):
        support(proposal, make_resident())


def test_a_withdrawn_proposal_takes_no_support() -> None:
    author = make_resident()
    proposal = make_proposal(author=author)
    with transaction():
        locked = queries.lock(proposal.case.reference)
        services.withdraw(locked, "I thought of something better.", by=author, at=real_clock.now())

    with pytest.raises(RuleViolation, match="taken it back"):
        support(proposal, make_resident())


def test_a_complaint_is_no_proposal_to_support() -> None:
    complaint, resident = make_complaint(), make_resident()

    with pytest.raises(NotVisible, match="no proposal"), transaction():
        services.support(complaint.id, by=resident, settings=OPEN_TO_ALL, at=real_clock.now())


def test_the_goal_obliges_the_department_to_answer_within_its_working_days() -> None:
    set_goal(2, answer_days=5)
    proposal = make_proposal()

    support(proposal, *supporters(2))
    worker.run_until_idle()

    case = fresh(proposal).case
    assert case.status is Status.ANSWER_DUE
    assert case.due_at == case.promised_at
    assert case.due_at.date().isoformat() == "2026-11-25"  # five working days after Wednesday the 18th
    assert case.clock_started_at == real_clock.now()


def test_one_support_below_the_goal_obliges_nobody() -> None:
    set_goal(3)
    proposal = make_proposal()

    support(proposal, *supporters(2))
    worker.run_until_idle()

    assert fresh(proposal).case.status is Status.GATHERING


def test_who_proposes_while_a_goal_holds_keeps_it_when_the_city_changes_it() -> None:
    set_goal(2)
    proposal = make_proposal()
    set_goal(50)

    support(proposal, *supporters(2))
    worker.run_until_idle()

    assert fresh(proposal).case.status is Status.ANSWER_DUE


def test_time_that_runs_out_gets_a_short_answer_and_never_silence(clock: Clock) -> None:
    set_goal(3, days=10)
    proposal = make_proposal()
    support(proposal, make_resident())
    clock.move(days=10)

    worker.run_until_idle()

    case = fresh(proposal).case
    told = last_event(case)
    assert case.status is Status.EXPIRED
    assert told.kind is EventKind.MOVED
    assert "1 of the 3 supports" in told.message


def test_enough_support_before_the_end_counts_though_the_worker_came_after_it(clock: Clock) -> None:
    set_goal(2, days=10)
    proposal = make_proposal()
    support(proposal, *supporters(2))
    clock.move(days=11)

    worker.run_until_idle()

    assert fresh(proposal).case.status is Status.ANSWER_DUE


def test_an_officer_lifts_one_below_the_line_with_a_reason_that_everybody_reads() -> None:
    proposal, officer = make_proposal(), make_officer()

    with transaction():
        locked = queries.lock(proposal.case.reference)
        services.lift(locked, "The budget is decided this month.", by=officer, at=real_clock.now())

    case = fresh(proposal).case
    assert case.status is Status.ANSWER_DUE
    assert last_event(case).message == "The budget is decided this month."


def test_lifting_without_a_reason_is_refused() -> None:
    proposal, officer = make_proposal(), make_officer()

    with pytest.raises(RuleViolation, match="Say why"), transaction():
        services.lift(queries.lock(proposal.case.reference), " ", by=officer, at=real_clock.now())


def test_a_lift_tells_nobody_how_its_author_is_reached() -> None:
    author = make_resident(email="mina@example.org")
    proposal, officer = make_proposal(author=author), make_officer()

    with transaction():
        locked = queries.lock(proposal.case.reference)
        services.lift(locked, "Asked by mina@example.org.", by=officer, at=real_clock.now())

    reached = db.session.scalars(select(StepReached)).one()
    assert "mina" not in reached.reason
    assert reached.reason == last_event(proposal.case).message


def test_pressing_sixteen_times_at_once_makes_one_support(app: Flask) -> None:
    proposal, resident = make_proposal(), make_resident()

    told = at_once(app, [supporting(proposal.case_id, resident.id)] * 16)

    assert sum(one is True for one in told) == rows(proposal.case_id) == 1


def test_many_who_support_at_once_are_all_counted_and_oblige_the_city_once(app: Flask) -> None:
    set_goal(8)
    proposal = make_proposal()
    ids = [account.id for account in supporters(16)]

    case_id = proposal.case_id
    at_once(app, [supporting(case_id, account_id) for account_id in ids])
    at_once(app, [lambda: services.recount(case_id, at=real_clock.now())] * 4)
    worker.run_until_idle()

    reached = db.session.scalars(select(StepReached)).all()
    facts = db.session.scalar(select(func.count()).where(OutboxFact.fact == "proposal-reached"))
    assert fresh(proposal).case.support_count == rows(proposal.case_id) == 16
    assert [step.case_id for step in reached] == [proposal.case_id]
    assert facts == 1


def test_support_and_the_end_at_the_same_moment_agree(app: Flask, clock: Clock) -> None:
    """Either the support came before the end and is in its answer, or it is refused."""
    set_goal(50, days=1)
    proposal = make_proposal()
    ids = [account.id for account in supporters(7)]
    before = proposal.gathers_until - timedelta(seconds=1)
    case_id, end = proposal.case_id, proposal.gathers_until
    clock.set_to(end)

    told = at_once(
        app,
        [
            *(supporting(case_id, account_id, at=before) for account_id in ids),
            lambda: services.end(case_id, language="en", at=end),
        ],
    )

    in_time = sum(one is True for one in told[:-1])
    assert told[-1] is True
    assert rows(proposal.case_id) == in_time
    assert f"had {in_time} of the 50" in last_event(fresh(proposal).case).message


def test_two_workers_end_a_proposal_once(app: Flask, clock: Clock) -> None:
    proposal = make_proposal()
    case_id = proposal.case_id
    clock.set_to(proposal.gathers_until)

    told = at_once(app, [lambda: services.end(case_id, language="en", at=real_clock.now())] * 4)

    assert sorted(map(bool, told)) == [False, False, False, True]


def test_nothing_waits_to_be_counted_when_the_worker_is_done() -> None:
    support(make_proposal(), *supporters(3))

    worker.run_until_idle()

    assert db.session.scalars(select(Recount)).all() == []


def test_a_support_makes_no_page_of_an_officer_stale() -> None:
    proposal = make_proposal()
    version = proposal.case.version

    support(proposal, make_resident())
    worker.run_until_idle()

    assert fresh(proposal).case.version == version


def test_what_the_city_has_answered_takes_no_support() -> None:
    proposal = make_proposal()
    with transaction():
        row = db.session.get_one(Case, proposal.case_id)
        row.status, row.outcome, row.closed_at = Status.ANSWERED, Outcome.DECLINED, real_clock.now()

    with pytest.raises(RuleViolation, match="answered"):
        support(proposal, make_resident())
