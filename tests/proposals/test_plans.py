"""How the database goes about what is read of proposals, in a city with very many of them."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from cps.core.db import db, transaction
from cps.proposals import queries
from cps.proposals.models import Proposal
from cps.proposals.queries import lists, whole
from cps.proposals.queries.lists import Stage, Wanted
from cps.proposals.queries.similar import similar
from tests.proposals.making import fresh, make_proposal, now, support, supporters
from tests.support.plans import copy_case, learn_sizes, plans_of, reads_all_cases

pytestmark = pytest.mark.usefixtures("app")

MANY = 5_000


def many_that_ended() -> None:
    """Put very many proposals beside what gathers, all answered long ago."""
    model = make_proposal("Something that was answered long ago")
    copy_case(model.case, MANY)
    own = [column.name for column in Proposal.__table__.columns if column.name != "case_id"]
    names = ", ".join(own)
    chosen = ", ".join(f"proposal.{name}" for name in own)
    with db.engine.begin() as connection:
        copied = "cases.reference LIKE 'r%' AND proposal.case_id = :id"
        connection.execute(
            text(
                f"INSERT INTO proposal (case_id, {names})"
                f" SELECT cases.id, {chosen} FROM cases CROSS JOIN proposal WHERE {copied}"
            ),
            {"id": model.case_id},
        )
        at = now() - timedelta(days=400)
        ended = "UPDATE cases SET status = 'answered', outcome = 'declined', closed_at = :at"
        connection.execute(text(f"{ended} WHERE reference LIKE 'r%'"), {"at": at})
    learn_sizes()


def reads_all_proposals(plan: str) -> bool:
    lines = [line.strip() for line in plan.splitlines()]
    return reads_all_cases(plan) or any(
        line == "SCAN proposal" or "Seq Scan on proposal " in f"{line} " for line in lines
    )


def test_the_page_of_a_proposal_does_not_read_the_others() -> None:
    proposal, other = make_proposal(), make_proposal()
    support(proposal, *supporters(2))
    with transaction():
        fresh(other).case.joined_to_id = proposal.case_id
    many_that_ended()
    reference, case_id = proposal.case.reference, proposal.case_id

    plans = plans_of(lambda: (whole.get(reference), queries.count(case_id)))

    assert len(plans) == 3  # the page, the count, and what counts it with the joined one
    assert not [(one, plan) for one, plan in plans.items() if reads_all_proposals(plan)]


def test_the_list_of_those_that_gather_does_not_read_the_ones_that_ended() -> None:
    gathering = [make_proposal() for _ in range(30)]
    many_that_ended()
    wanted = Wanted(Stage.GATHERING)
    first = lists.listed(wanted)

    plans = plans_of(lambda: (lists.listed(wanted), lists.listed(wanted, after=first.next_key)))

    assert len(plans) == 2
    assert not [(one, plan) for one, plan in plans.items() if reads_all_proposals(plan)]
    both = [*first.rows, *lists.listed(wanted, after=first.next_key).rows]
    assert {row.id for row in both} >= {one.case_id for one in gathering}
    assert [row.rank for row in both] == sorted((row.rank for row in both), reverse=True)


def test_what_is_alike_in_rare_words_is_found_by_these() -> None:
    alike = make_proposal("A zebra crossing at the school")
    many_that_ended()

    plans = plans_of(lambda: similar("Zebra crossing"))

    assert [one.row.id for one in similar("Zebra crossing")] == [alike.case_id]
    assert not [plan for plan in plans.values() if "ix_cases_joined_to_id (joined_to_id=?)" in plan]
