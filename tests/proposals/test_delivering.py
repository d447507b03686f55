"""What follows a yes: steps, milestones, their lateness, and what people say at the end."""

from datetime import date, timedelta

import pytest

from cps.cases.rules import MoveRefused, Outcome, Status
from cps.core.errors import RuleViolation
from cps.proposals import services
from cps.proposals.queries.answers import milestones, verdicts
from cps.proposals.rules import Verdict
from cps.proposals.services import MilestoneSpec, News
from tests.proposals.making import (
    answered,
    begun,
    done,
    drafted,
    fresh,
    make_proposal,
    now,
    published,
    support,
)
from tests.support.factories import make_department, make_officer, make_resident

pytestmark = pytest.mark.usefixtures("app")

TODAY = date(2026, 11, 18)


def test_a_yes_is_delivered_step_by_step_and_at_the_end_people_are_asked() -> None:
    author, resident = make_resident(), make_resident()
    proposal, officer, unit = make_proposal(author=author), make_officer(), make_department()
    support(proposal, resident)
    drafted(proposal, officer, unit_id=unit.id)
    published(proposal, officer)

    begun(proposal, officer, budget=1_000, milestones=[MilestoneSpec("Dig", TODAY + timedelta(days=5))])
    done(proposal, lambda row: services.progress(row, 40, News("Half."), by=officer, at=now()))
    part = milestones(proposal.case_id)[0]
    done(proposal, lambda row: services.complete_milestone(
        row, part.id, TODAY, News("Dug."), by=officer, today=TODAY, at=now()))  # fmt: skip
    done(proposal, lambda row: services.deliver(row, News("Done."), by=officer, at=now()))
    for account, verdict in ((author, Verdict.YES), (resident, Verdict.YES), (resident, Verdict.PARTLY)):
        done(proposal, lambda row, a=account, v=verdict: services.judge(row, v, by=a, at=now()))  # type: ignore[misc]

    assert fresh(proposal).case.status is Status.DELIVERED
    assert verdicts(proposal.case_id) == {Verdict.YES: 1, Verdict.PARTLY: 1, Verdict.NO: 0}


def test_who_never_supported_it_is_not_asked() -> None:
    proposal, officer = answered()
    begun(proposal, officer)
    done(proposal, lambda row: services.deliver(row, News("Done."), by=officer, at=now()))
    stranger = make_resident()

    with pytest.raises(RuleViolation, match="Who wrote or supported"):
        done(proposal, lambda row: services.judge(row, Verdict.NO, by=stranger, at=now()))


def test_a_no_is_not_delivered() -> None:
    proposal, officer = answered(outcome=Outcome.DECLINED)

    with pytest.raises(RuleViolation, match="yes"):
        begun(proposal, officer)


def test_a_step_without_words_is_refused() -> None:
    proposal, officer = answered()
    begun(proposal, officer)

    with pytest.raises(MoveRefused):
        done(proposal, lambda row: services.progress(row, 10, News(" "), by=officer, at=now()))


def test_what_has_an_open_milestone_is_not_done() -> None:
    proposal, officer = answered()
    begun(proposal, officer, milestones=[MilestoneSpec("Dig", TODAY)])

    with pytest.raises(RuleViolation, match="milestone"):
        done(proposal, lambda row: services.deliver(row, News("Done."), by=officer, at=now()))


def test_a_milestone_that_is_moved_keeps_the_day_promised_first() -> None:
    proposal, officer = answered()
    begun(proposal, officer, milestones=[MilestoneSpec("Dig", TODAY)])
    part, later = milestones(proposal.case_id)[0], TODAY + timedelta(days=30)

    done(proposal, lambda row: services.move_milestone(
        row, part.id, later, News("Frost."), by=officer, at=now()))  # fmt: skip

    moved = milestones(proposal.case_id)[0]
    assert (moved.promised_on, moved.due_on) == (TODAY, later)


@pytest.mark.parametrize("percent", [-1, 100, 250])
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_a_percent_out_of_range_is_refused(percent: int) -> None:
    proposal, officer = answered()
    begun(proposal, officer)

    with pytest.raises(RuleViolation):
        done(proposal, lambda row: services.progress(row, percent, News("So far."), by=officer, at=now()))


def test_a_budget_below_zero_and_a_day_in_the_past_are_refused() -> None:
    proposal, officer = answered()

    with pytest.raises(RuleViolation, match="budget"):
        begun(proposal, officer, budget=-1)
    with pytest.raises(RuleViolation, match="ahead"):
        begun(proposal, officer, due_on=TODAY - timedelta(days=1))
