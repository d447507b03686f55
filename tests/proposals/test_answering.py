"""The official answer: whole, read by two where the city wants it, published once."""

import pytest
from sqlalchemy.exc import IntegrityError

from cps.cases.rules import Outcome, Status
from cps.core import worker
from cps.core.db import db, transaction
from cps.core.errors import RuleViolation, StaleVersion
from cps.departments.models import DeclineReason
from cps.proposals import services
from cps.proposals.models import OfficialAnswer
from cps.proposals.queries.answers import answer_of, published_answer
from cps.proposals.rules import Settings
from cps.proposals.services import AnswerSpec, Point
from tests.proposals.making import (
    answered,
    done,
    drafted,
    fresh,
    last_event,
    make_proposal,
    now,
    published,
    support,
    supporters,
)
from tests.support.factories import make_department, make_officer, make_reason

pytestmark = pytest.mark.usefixtures("app")

YES = "We will plant forty lindens in spring."
TWO_READERS = Settings(second_reader=True)


def test_a_published_answer_decides_the_proposal_and_stands_in_its_story() -> None:
    proposal, _officer = answered(points=[Point("When", "In spring."), Point("Where", "Along the canal.")])

    answer = published_answer(proposal.case_id)
    assert proposal.case.status is Status.ANSWERED
    assert proposal.case.outcome is Outcome.ACCEPTED
    assert last_event(proposal.case).message == YES
    assert answer is not None
    assert [point["heading"] for point in answer.points] == ["When", "Where"]


def test_a_draft_is_read_by_nobody_else() -> None:
    proposal, officer = make_proposal(), make_officer()

    drafted(proposal, officer)

    assert published_answer(proposal.case_id) is None
    assert fresh(proposal).case.status is Status.GATHERING


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ({}, "which department"),
        ({"outcome": None}, "what the answer is"),
        ({"text": " "}, "Write the answer"),
        ({"outcome": Outcome.ALREADY_DONE}, "done already"),
        ({"outcome": Outcome.NOT_OURS}, "who decides"),
    ],
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_an_answer_is_refused_until_it_is_whole(missing: dict[str, object], sentence: str) -> None:
    proposal, officer, unit = make_proposal(), make_officer(), make_department()
    drafted(proposal, officer, **({"unit_id": unit.id, **missing} if missing else {}))

    with pytest.raises(RuleViolation, match=sentence):
        published(proposal, officer)


def test_the_database_itself_refuses_a_published_answer_without_a_unit() -> None:
    proposal, officer = make_proposal(), make_officer()
    drafted(proposal, officer)

    with pytest.raises(IntegrityError), transaction():
        db.session.get_one(OfficialAnswer, proposal.case_id).published_at = now()


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "www.city.test/trees", "https://", "https://a@b.test"]
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_only_a_whole_address_is_a_link(link: str) -> None:
    proposal, officer = make_proposal(), make_officer()

    with pytest.raises(RuleViolation, match="address"):
        drafted(proposal, officer, link=link)


def test_a_no_keeps_the_citys_reason_as_it_was_worded_when_it_was_written() -> None:
    reason = make_reason("too-dear", "declined")
    make_reason("no-road", "not-ours")
    proposal, _officer = answered(outcome=Outcome.DECLINED, reason="too-dear")

    with transaction() as session:
        session.get_one(DeclineReason, reason.id).text = {"en": "Other words."}

    answer, kept = published_answer(proposal.case_id), last_event(proposal.case).data["reason"]
    assert answer is not None
    assert (answer.reason_code, answer.reason_text["en"]) == ("too-dear", "Reason too-dear.")
    assert kept == {"code": "too-dear", "text": answer.reason_text}


@pytest.mark.parametrize("reason", ["no-road", "retired", "unknown"])
@pytest.mark.first_case("what is chosen is judged before the database is asked")
def test_a_reason_that_is_not_for_this_answer_is_refused(reason: str) -> None:
    make_reason("no-road", "not-ours", "cannot-be-done")
    make_reason("retired", "declined", is_active=False)
    proposal, officer = make_proposal(), make_officer()

    with pytest.raises(RuleViolation, match="not for this answer"):
        drafted(proposal, officer, outcome=Outcome.DECLINED, reason=reason)

    assert answer_of(proposal.case_id) is None


def test_a_no_may_have_its_reason_in_own_words_and_a_yes_has_none() -> None:
    make_reason("too-dear", "declined")
    own, yes, officer = make_proposal(), make_proposal(), make_officer()

    drafted(own, officer, outcome=Outcome.DECLINED)
    drafted(yes, officer, outcome=Outcome.ACCEPTED, reason="too-dear")

    assert [answer_of(one.case_id).reason_code for one in (own, yes)] == ["", ""]  # type: ignore[union-attr]


@pytest.mark.parametrize("outcome", [Outcome.PARTLY, None])
def test_the_database_itself_refuses_a_reason_without_a_no(outcome: Outcome | None) -> None:
    make_reason("too-dear", "declined")
    proposal, officer = make_proposal(), make_officer()
    drafted(proposal, officer, outcome=Outcome.DECLINED, reason="too-dear")

    with pytest.raises(IntegrityError), transaction():
        db.session.get_one(OfficialAnswer, proposal.case_id).outcome = outcome


def test_where_the_city_wants_it_somebody_else_reads_an_answer_first() -> None:
    proposal, writer, reader, unit = make_proposal(), make_officer(), make_officer(), make_department()
    drafted(proposal, writer, unit_id=unit.id)

    with pytest.raises(RuleViolation, match="somebody else reads"):
        published(proposal, writer, TWO_READERS)
    with pytest.raises(RuleViolation, match="Somebody else than who wrote"):
        done(proposal, lambda row: services.approve_answer(row, by=writer, at=now()))
    done(proposal, lambda row: services.approve_answer(row, by=reader, at=now()))

    assert published(proposal, writer, TWO_READERS).case.status is Status.ANSWERED


def test_an_answer_that_was_changed_must_be_read_anew() -> None:
    proposal, writer, reader, unit = make_proposal(), make_officer(), make_officer(), make_department()
    drafted(proposal, writer, unit_id=unit.id)
    done(proposal, lambda row: services.approve_answer(row, by=reader, at=now()))
    drafted(proposal, writer, unit_id=unit.id, text="We will not.")

    with pytest.raises(RuleViolation, match="somebody else reads"):
        published(proposal, writer, TWO_READERS)


def test_two_officers_do_not_overwrite_each_others_draft() -> None:
    proposal, officer = make_proposal(), make_officer()
    drafted(proposal, officer)
    drafted(proposal, officer, text="Another text.")

    with pytest.raises(StaleVersion):
        done(proposal, lambda row: services.draft_answer(row, AnswerSpec(), by=officer, at=now(), version=1))


def test_an_answer_is_published_once() -> None:
    proposal, officer = answered()

    with pytest.raises(RuleViolation, match="no draft"):
        published(proposal, officer)


def test_every_supporter_is_told_of_the_answer_once() -> None:
    proposal, officer, unit = make_proposal(), make_officer(), make_department()
    support(proposal, *supporters(2))
    drafted(proposal, officer, unit_id=unit.id)
    published(proposal, officer)

    worker.run_until_idle()

    assert published_answer(proposal.case_id) is not None
    assert answer_of(proposal.case_id).published_by_id == officer.id  # type: ignore[union-attr]
