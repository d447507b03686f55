"""Who is told of what happens to a proposal, and in which words."""

import pytest
from sqlalchemy import select

from cps.cases.rules import Outcome
from cps.core import worker
from cps.core.db import db, transaction
from cps.notifications.models import Message
from cps.proposals import queries, services
from tests.proposals.making import (
    answered,
    begun,
    done,
    drafted,
    make_proposal,
    now,
    published,
    set_goal,
    support,
    supporters,
)
from tests.support.factories import make_department, make_officer, make_resident
from tests.support.fixtures import Clock

pytestmark = pytest.mark.usefixtures("app")


def letters(address: str) -> list[Message]:
    worker.run_until_idle()
    mine = select(Message).where(Message.address == address).order_by(Message.id)
    return list(db.session.scalars(mine))


def test_who_proposes_hears_what_happens_next_and_until_when_it_gathers() -> None:
    author = make_resident()

    make_proposal("Plant trees along the canal", author=author)

    letter = letters(author.email)[0]
    assert "proposal" in letter.subject
    assert "Gathers support until" in letter.body_text
    assert "Answer promised by" not in letter.body_text


def test_the_department_hears_once_that_it_owes_an_answer_and_by_when() -> None:
    parks = make_department("Parks", email="parks@testford.test")
    set_goal(2, department_id=parks.id)
    proposal = make_proposal()
    make_proposal()

    support(proposal, *supporters(2))

    told = letters("parks@testford.test")
    assert len(told) == 1
    assert "Answer promised by" in told[0].body_text


def test_author_and_supporters_hear_that_the_goal_is_reached_and_each_once() -> None:
    set_goal(2)
    author, resident, other = make_resident(), make_resident(), make_resident()
    proposal = make_proposal(author=author)

    support(proposal, resident, other)

    assert [letter.subject for letter in letters(resident.email)] == [
        f"The city must answer – {proposal.case.title}"
    ]
    assert len(letters(author.email)) == 2  # and that it was received


def test_every_supporter_reads_the_answer() -> None:
    proposal, officer, unit, resident = make_proposal(), make_officer(), make_department(), make_resident()
    support(proposal, resident)
    drafted(proposal, officer, unit_id=unit.id, outcome=Outcome.DECLINED, text="The bank is too steep.")

    published(proposal, officer)

    assert "The bank is too steep." in letters(resident.email)[-1].body_text


def test_supporters_of_a_joined_proposal_hear_that_they_may_leave() -> None:
    one, other, officer, resident = make_proposal(), make_proposal(), make_officer(), make_resident()
    support(one, resident)
    with transaction():
        both = queries.lock_both(one.case.reference, other.case.reference)
        services.join(*both, "Both want trees.", by=officer, at=now())

    told = letters(resident.email)

    assert len(told) == 1
    assert "take yours back" in " ".join(told[0].body_text.split())


def test_supporters_hear_when_time_ran_out(clock: Clock) -> None:
    proposal, resident = make_proposal(), make_resident()
    support(proposal, resident)
    clock.set_to(proposal.gathers_until)

    told = letters(resident.email)[-1]

    assert "The city says:" in told.body_text
    assert "1 of the 40" in " ".join(told.body_text.split())


def test_at_the_end_supporters_are_asked_whether_it_is_what_they_wanted() -> None:
    author = make_resident()
    proposal, officer = answered(author=author)
    begun(proposal, officer)
    done(proposal, lambda row: services.deliver(row, services.News("Done."), by=officer, at=now()))

    *_before, begins, last = letters(author.email)
    assert begins.subject == f"Being done – {proposal.case.title}"
    assert last.subject == f"Delivered – {proposal.case.title}"
    assert "Is this what you wanted?" in last.body_text
