"""The official answer, what follows a yes, joining, and the discussion."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from cps.accounts.models import Account
from cps.cases.rules import MoveRefused, Outcome, Status
from cps.core import clock as real_clock
from cps.core import worker
from cps.core.db import db, transaction
from cps.core.errors import NotVisible, RuleViolation, StaleVersion, TooMany
from cps.proposals import queries, services
from cps.proposals.models import Comment, OfficialAnswer, Proposal
from cps.proposals.queries.answers import answer_of, milestones, published_answer, verdicts
from cps.proposals.queries.comments import backed_among, flagged, threads
from cps.proposals.queries.comments import counts as comment_counts
from cps.proposals.rules import Order, Settings, Stance, Verdict
from cps.proposals.services import AnswerSpec, DeliverySpec, MilestoneSpec, NewComment, News, Point
from tests.proposals.making import OPEN_TO_ALL, fresh, make_proposal, set_goal, support, supporters
from tests.proposals.test_supporting import at_once, last_event, supporting
from tests.support.factories import make_department, make_moderator, make_officer, make_resident

pytestmark = pytest.mark.usefixtures("app")

TODAY = date(2026, 11, 18)
YES = "We will plant forty lindens in spring."
TWO_READERS = Settings(second_reader=True)


def done(proposal: Proposal, act: Callable[[Proposal], object]) -> Proposal:
    with transaction():
        act(queries.lock(proposal.case.reference))
    return fresh(proposal)


def drafted(proposal: Proposal, by: Account, **fields: object) -> None:
    spec = {"outcome": Outcome.ACCEPTED, "text": YES, "language": "en", **fields}
    done(proposal, lambda row: services.draft_answer(row, AnswerSpec(**spec), by=by, at=now()))  # type: ignore[arg-type]


def published(proposal: Proposal, by: Account, settings: Settings = OPEN_TO_ALL) -> Proposal:
    return done(proposal, lambda row: services.publish_answer(row, by=by, settings=settings, at=now()))


def answered(**fields: object) -> tuple[Proposal, Account]:
    proposal, officer, unit = make_proposal(), make_officer(), make_department()
    drafted(proposal, officer, unit_id=unit.id, **fields)
    return published(proposal, officer), officer


def begun(proposal: Proposal, officer: Account, **fields: object) -> Proposal:
    spec = {"unit_id": proposal.case.department_id, **fields}
    return done(
        proposal,
        lambda row: services.begin_delivery(
            row,
            DeliverySpec(**spec),
            News("We begin."),
            by=officer,
            today=TODAY,
            at=now(),  # type: ignore[arg-type]
        ),
    )


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
def test_only_a_whole_address_is_a_link(link: str) -> None:
    proposal, officer = make_proposal(), make_officer()

    with pytest.raises(RuleViolation, match="address"):
        drafted(proposal, officer, link=link)


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


def test_comments_have_one_level_of_replies() -> None:
    proposal, resident = make_proposal(), make_resident()
    first = said(proposal, resident, "I walk there every day.", stance=Stance.FOR)
    reply = said(proposal, resident, "So do I.", parent_id=first)

    with pytest.raises(RuleViolation, match="above"):
        said(proposal, resident, "And I.", parent_id=reply)
    page = threads(proposal.case_id, Order.NEWEST)
    assert [(one.comment.id, [row.id for row in one.replies]) for one in page.rows] == [(first, [reply])]
    assert comment_counts(proposal.case_id)[Stance.FOR] == 1


def test_the_database_refuses_a_reply_to_a_reply() -> None:
    proposal, resident = make_proposal(), make_resident()
    reply = said(proposal, resident, "So do I.", parent_id=said(proposal, resident, "I walk there."))

    with pytest.raises(IntegrityError), transaction() as session:
        session.add(Comment(case_id=proposal.case_id, parent_id=reply, level=1, body="Deep.", at=now()))


def test_a_comment_of_another_proposal_is_not_replied_to_here() -> None:
    proposal, other, resident = make_proposal(), make_proposal(), make_resident()
    elsewhere = said(other, resident, "I walk there.")

    with pytest.raises(NotVisible):
        said(proposal, resident, "Here.", parent_id=elsewhere)


def test_most_backed_comments_come_first_and_each_account_backs_once() -> None:
    proposal, resident = make_proposal(), make_resident()
    liked = said(proposal, resident, "Lindens, please.")
    said(proposal, resident, "Or oaks.")
    backer = make_resident()
    for _ in range(2):
        with transaction():
            services.back(liked, by=backer, at=now())

    page = threads(proposal.case_id, Order.BACKED)

    first = page.rows[0].comment
    assert (first.id, first.backing_count) == (liked, 1)
    assert backed_among(backer.id, [liked]) == {liked}


def test_a_discussion_is_closed_with_the_answer() -> None:
    proposal, _officer = answered()

    with pytest.raises(RuleViolation, match="closed"):
        said(proposal, make_resident(), "Too late.")


def test_a_flagged_comment_waits_for_a_moderator_who_hides_it_with_a_reason() -> None:
    proposal, resident, moderator = make_proposal(), make_resident(), make_moderator()
    rude, reader = said(proposal, resident, "You are all fools."), make_resident()
    with transaction():
        services.flag(rude, "An insult.", by=reader, at=now())
    assert [row.Comment.id for row in flagged()] == [rude]

    with transaction():
        services.hide(rude, "Insults are not shown.", by=moderator, at=now())

    assert flagged() == []
    row = threads(proposal.case_id, Order.NEWEST).rows[0].comment
    assert (row.is_hidden, row.hidden_reason) == (True, "Insults are not shown.")


def test_numbers_in_comments_are_masked() -> None:
    proposal = make_proposal()

    written = said(proposal, make_resident(), "Call me at 010-1234-5678.")

    assert "1234" not in db.session.get_one(Comment, written).body


def test_nobody_fills_a_discussion_alone() -> None:
    proposal, resident = make_proposal(), make_resident()
    for place in range(10):
        said(proposal, resident, f"And number {place}.")

    with pytest.raises(TooMany):
        said(proposal, resident, "And one more.")


def said(proposal: Proposal, by: Account, body: str, **fields: object) -> int:
    with transaction():
        new = NewComment(body, "en", **fields)  # type: ignore[arg-type]
        return services.comment(proposal.case_id, new, by=by, at=now()).id


def now() -> datetime:
    return real_clock.now()
