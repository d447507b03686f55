"""The proposals of the demo city: of every state, whole, and the same each time."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from cps.cases.models import Case, Support
from cps.cases.rules import OUTCOMES, PROPOSAL_MOVES, CaseKind, Outcome, Status
from cps.core import clock, doctor
from cps.core.db import db
from cps.demo.content import load as load_content
from cps.demo.proposals import FIRST_NUMBER
from cps.proposals.models import Comment, OfficialAnswer, Proposal, Recount
from cps.proposals.queries.answers import milestones, verdicts
from cps.proposals.queries.lists import Stage, counts
from cps.proposals.rules import Part, Verdict, is_late
from tests.demo.conftest import demo_database
from tests.support.fixtures import Database

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def database(request: pytest.FixtureRequest, run_folder: Path, tmp_path: Path) -> Iterator[Database]:
    """The demo city in place of the city of the other tests."""
    yield from demo_database(request.param, run_folder, tmp_path / "instance")


def cases(*conditions: object) -> list[Case]:
    proposals = select(Case).where(Case.kind == CaseKind.PROPOSAL, *conditions)  # type: ignore[arg-type]
    return list(db.session.scalars(proposals.order_by(Case.id)))


def test_every_state_and_every_answer_is_there_in_two_languages() -> None:
    found = cases()

    assert {case.status for case in found} == set(PROPOSAL_MOVES) - {Status.DRAFT}
    assert {case.outcome for case in found if case.outcome} == OUTCOMES[CaseKind.PROPOSAL]
    assert {case.language for case in found} == {"en", "ko"}
    assert all(counts().values())


def test_each_written_proposal_is_there_under_a_number_of_its_own() -> None:
    assert len(cases()) == len(load_content().proposals)
    assert FIRST_NUMBER + len(cases()) < 10_000_000


def test_what_the_doctor_recounts_is_whole_and_nothing_waits_to_be_counted() -> None:
    found = {one.name: one for one in doctor.examine(at=clock.now())}

    for name in ("proposals", "proposals' supports", "comments"):
        assert found[name].is_well, found[name].text
    assert db.session.scalars(select(Recount)).all() == []


def test_nobody_supports_after_the_end_or_their_own_proposal() -> None:
    late = select(func.count()).select_from(Support).join(Proposal, Proposal.case_id == Support.case_id)
    own = select(func.count()).select_from(Support).join(Case, Case.id == Support.case_id)

    assert db.session.scalar(late.where(Support.at >= Proposal.gathers_until)) == 0
    assert (
        db.session.scalar(own.where(Case.kind == CaseKind.PROPOSAL, Support.account_id == Case.reporter_id))
        == 0
    )


def test_a_delivery_is_late_and_another_one_was_judged() -> None:
    today = clock.now().date()
    (delivered,) = cases(Case.status == Status.DELIVERED)
    running = cases(Case.status == Status.IN_DELIVERY)
    parts = [
        Part(part.promised_on, part.due_on, part.done_on) for case in running for part in milestones(case.id)
    ]

    assert any(is_late(part, today) for part in parts)
    assert verdicts(delivered.id)[Verdict.YES] > verdicts(delivered.id)[Verdict.NO] > 0


def test_every_answer_has_a_unit_and_one_comes_in_points() -> None:
    answers = db.session.scalars(select(OfficialAnswer)).all()

    assert all(answer.unit_id for answer in answers)
    assert any(len(answer.points) >= 3 for answer in answers)


def test_joined_ones_count_where_they_were_joined() -> None:
    (joined,) = cases(Case.outcome == Outcome.JOINED)

    assert joined.joined_to is not None
    assert joined.joined_to.support_count > joined.support_count


def test_people_discuss_and_the_city_answers() -> None:
    said = db.session.scalars(select(Comment)).all()

    assert len(said) >= 30
    assert any(one.is_official for one in said)
    assert any(one.level for one in said)
    assert max(one.backing_count for one in said) >= 5


def test_an_answer_waits_to_be_read() -> None:
    drafts = db.session.scalars(select(OfficialAnswer).where(OfficialAnswer.published_at.is_(None))).all()

    assert [case.status for case in cases(Case.id.in_([one.case_id for one in drafts]))] == [
        Status.ANSWER_DUE
    ]


def test_each_stage_has_its_list() -> None:
    assert set(counts()) == set(Stage)
