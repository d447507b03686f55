"""What may be the same as a case is found beside it, however many cases the city has elsewhere."""

from datetime import timedelta

from flask import Flask

from cps.cases.models import Case
from cps.cases.policy import reach_of, workable
from cps.cases.queries import Near, similar_candidates
from cps.cases.rules import Status
from tests.support.factories import make_complaint, make_officer
from tests.support.fixtures import WEDNESDAY
from tests.support.plans import copy_case, learn_sizes, plan_of

DAY = timedelta(days=1)
HERE, ELSEWHERE = {"lat": 37.5, "lon": 127.0}, {"lat": 37.6, "lon": 127.1}


def fill() -> Case:
    """Make thousands of cases, of which some are near the one that is returned."""
    closed = {"status": Status.CLOSED, "at": WEDNESDAY - DAY, "closed_at": WEDNESDAY}
    for number, place in enumerate((HERE, ELSEWHERE, ELSEWHERE)):
        copy_case(make_complaint(**closed, **place), 300 + number * 4_000, f"{number}-")
    case = make_complaint(**HERE)
    learn_sizes()
    return case


def cell_of(case: Case) -> tuple[int, int]:
    assert case.cell_x is not None
    assert case.cell_y is not None
    return case.cell_x, case.cell_y


def test_similar_public_cases_are_chosen_by_the_index_of_places(app: Flask) -> None:
    near = Near(WEDNESDAY - 30 * DAY, cell=cell_of(fill()))

    plan = plan_of(lambda: similar_candidates(near))

    assert "ix_cases_near" in plan


def test_what_an_officer_may_see_besides_is_chosen_by_the_same_index(app: Flask) -> None:
    officer = make_officer()
    case, also = fill(), workable(officer.roles, reach_of(officer))
    near = Near(WEDNESDAY - 30 * DAY, cell=cell_of(case), but_id=case.id, also=also)

    plan = plan_of(lambda: similar_candidates(near))

    assert "ix_cases_near" in plan
