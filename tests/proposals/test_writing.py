"""Writing a proposal: what it needs, until when its words can change, taking it back, similar ones."""

from datetime import datetime

import pytest

from cps.accounts.models import Account
from cps.cases.models import Draft
from cps.cases.queries import Filter, found, listed
from cps.cases.rules import CaseKind, MoveRefused, Status
from cps.complaints import queries as complaints
from cps.core import clock as real_clock
from cps.core.db import db, transaction
from cps.core.errors import RuleViolation
from cps.proposals import queries, services
from cps.proposals.models import Proposal
from cps.proposals.queries.drafts import find_draft
from cps.proposals.queries.lists import Stage, Wanted
from cps.proposals.queries.lists import counts as stage_counts
from cps.proposals.queries.lists import listed as listed_proposals
from cps.proposals.queries.similar import similar
from cps.proposals.services.writing import ADDITION
from tests.proposals.making import fresh, last_event, make_proposal, make_theme, set_goal, support
from tests.support.factories import (
    make_category,
    make_complaint,
    make_department,
    make_resident,
    make_ward,
)
from tests.support.fixtures import Clock

pytestmark = pytest.mark.usefixtures("app")

LONGER = "The path has no shade at all, and old people rest nowhere. Trees would help."


def test_a_proposal_gathers_from_the_moment_it_is_written_and_its_author_follows_it() -> None:
    set_goal(4, days=30)
    author = make_resident()

    proposal = make_proposal(author=author)

    assert proposal.case.kind is CaseKind.PROPOSAL
    assert proposal.case.status is Status.GATHERING
    assert proposal.needed == 4
    assert (proposal.gathers_until - proposal.opened_at).days == 30
    assert proposal.case.due_at == proposal.gathers_until


def test_the_goal_of_a_ward_counts_there_and_names_its_department() -> None:
    ward, parks = make_ward(), make_department("Parks")
    set_goal(50)
    set_goal(5, ward_id=ward.id, department_id=parks.id)

    here, elsewhere = make_proposal(ward_id=ward.id), make_proposal()

    assert (here.needed, here.case.department_id) == (5, parks.id)
    assert elsewhere.needed == 50


def test_without_a_goal_the_usual_one_for_the_people_of_the_city_counts() -> None:
    make_ward(population=20_000)

    assert make_proposal().needed == 16


def test_a_goal_of_zero_or_due_in_the_past_is_refused() -> None:
    with pytest.raises(RuleViolation, match="supports"):
        set_goal(0)
    with pytest.raises(RuleViolation, match="working days"):
        set_goal(5, answer_days=-3)


@pytest.mark.parametrize(("title", "body"), [("Trees", LONGER), ("Trees along the canal", "Please.")])
def test_too_few_words_are_refused(title: str, body: str) -> None:
    with pytest.raises(RuleViolation):
        make_proposal(title, body=body)


def test_a_category_of_complaints_is_none_of_proposals() -> None:
    with pytest.raises(RuleViolation, match="list"):
        make_proposal(category=make_category())


def test_who_cannot_be_answered_proposes_nothing() -> None:
    with pytest.raises(RuleViolation, match="Confirm"):
        make_proposal(author=make_resident(email=""))


def test_words_change_until_somebody_else_supports_them() -> None:
    author = make_resident()
    proposal = make_proposal(author=author)

    revise(proposal, author, "Plant shady trees along the canal")
    support(proposal, make_resident())

    assert fresh(proposal).case.title == "Plant shady trees along the canal"
    with pytest.raises(RuleViolation, match="supports this proposal already"):
        revise(proposal, author, "Build a car park along the canal")


def test_a_support_that_was_taken_back_leaves_the_words_as_they_are() -> None:
    author, resident = make_resident(), make_resident()
    proposal = make_proposal(author=author)
    support(proposal, resident)
    with transaction():
        services.unsupport(proposal.case_id, by=resident, at=real_clock.now())

    with pytest.raises(RuleViolation):
        revise(proposal, author, "Build a car park along the canal")


def test_somebody_else_changes_no_words() -> None:
    proposal, stranger = make_proposal(), make_resident()

    with pytest.raises(RuleViolation, match="Only who wrote"):
        revise(proposal, stranger, "Build a car park along the canal")


def test_an_author_adds_visibly_what_is_new() -> None:
    author = make_resident()
    proposal = make_proposal(author=author)
    support(proposal, make_resident())

    with transaction():
        services.add(
            queries.lock(proposal.case.reference), "A neighbour gives two trees.", by=author, at=now()
        )

    told = last_event(proposal.case)
    assert told.message == "A neighbour gives two trees."
    assert told.data == {ADDITION: True}


def test_a_number_in_a_proposal_is_masked_as_in_every_case() -> None:
    proposal = make_proposal(body=f"{LONGER} Call me: 010-1234-5678.")

    assert "1234" not in fresh(proposal).case.body


def test_a_number_in_what_an_author_says_later_is_masked_too() -> None:
    author = make_resident()
    proposal = make_proposal(author=author)
    reference = proposal.case.reference

    with transaction():
        services.add(queries.lock(reference), "Ask 010-1234-5678.", by=author, at=now())
    added = last_event(proposal.case).message
    with transaction():
        services.withdraw(queries.lock(reference), "Ask 010-1234-5678.", by=author, at=now())

    assert "1234" not in added
    assert "1234" not in last_event(proposal.case).message


def test_withdrawing_needs_a_reason() -> None:
    author = make_resident()
    proposal = make_proposal(author=author)

    with pytest.raises(MoveRefused), transaction():
        services.withdraw(queries.lock(proposal.case.reference), " ", by=author, at=now())


def test_similar_proposals_are_found_while_writing_with_the_answer_of_an_old_one() -> None:
    old = make_proposal("Plant more trees along the canal path")
    make_proposal("Open the library on Sundays")
    make_complaint(title="Trees along the canal path are dead")

    found_now = similar("Trees for the canal path", LONGER)

    assert [one.row.reference for one in found_now] == [old.case.reference]


def test_similar_proposals_are_found_in_korean() -> None:
    old = make_proposal(
        "도서관을 일요일에도 열어 주세요", body="일요일에 아이들이 갈 곳이 없습니다. " * 3, language="ko"
    )
    make_proposal(
        "자전거 도로를 넓혀 주세요", body="자전거 도로가 너무 좁아서 위험합니다. " * 3, language="ko"
    )

    assert [one.row.reference for one in similar("일요일 도서관")] == [old.case.reference]


def test_lists_of_complaints_show_no_proposal_and_the_other_way_round() -> None:
    proposal, complaint = make_proposal("Plant trees at the town hall"), make_complaint(title="Dead trees")

    assert [row.id for row in listed(Filter()).rows] == [complaint.id]
    assert [row.id for row in found(Filter(words="trees")).page.rows] == [complaint.id]
    assert [row.id for row in listed_proposals(Wanted()).rows] == [proposal.case_id]
    assert [
        row.id for row in listed_proposals(Wanted(None, Filter(CaseKind.PROPOSAL, words="trees"))).rows
    ] == [proposal.case_id]


def test_a_new_proposal_stands_above_an_old_one_and_a_much_wanted_one_above_both(clock: Clock) -> None:
    wanted = make_proposal()
    clock.move(hours=1)
    plain = make_proposal()
    clock.move(days=1)
    new = make_proposal()
    support(wanted, *(make_resident() for _ in range(4)))

    with transaction():
        services.recount(wanted.case_id, at=now())

    assert [row.id for row in listed_proposals(Wanted()).rows] == [
        one.case_id for one in (wanted, new, plain)
    ]


def test_a_list_pages_by_key_without_losing_or_repeating(clock: Clock) -> None:
    theme, author = make_theme(), make_resident()
    made = []
    for _ in range(5):
        made.append(make_proposal(author=author, category=theme).case_id)
        clock.move(hours=1)

    seen, after = [], None
    while True:
        page = listed_proposals(Wanted(), after=after, size=2)
        seen += [row.id for row in page.rows]
        after = page.next_key
        if after is None:
            break

    assert seen == made[::-1]


def test_each_stage_has_its_number() -> None:
    make_proposal()
    make_complaint()

    assert stage_counts()[Stage.GATHERING] == 1
    assert sum(stage_counts().values()) == 1


def test_a_draft_of_a_proposal_is_not_one_of_a_complaint() -> None:
    with transaction():
        draft = services.begin_draft("a" * 64, account_id=None, at=now())
        services.keep_draft(draft, {"title": "Trees"}, at=now())

    kept = db.session.scalars(db.select(Draft)).one()
    assert kept.content == {"typed": {"title": "Trees"}}
    assert find_draft("a" * 64, account_id=None, at=now()) is not None
    assert complaints.find_draft("a" * 64, account_id=None, at=now()) is None


def revise(proposal: Proposal, by: Account, title: str) -> None:
    with transaction():
        locked = queries.lock(proposal.case.reference)
        services.revise(locked, title=title, body=LONGER, by=by, at=now())


def now() -> datetime:
    return real_clock.now()
