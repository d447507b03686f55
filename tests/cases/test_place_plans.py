"""What may be the same as a case, and the list of a street, are found by where cases are."""

from datetime import timedelta

from flask import Flask

from cps.cases.models import Case
from cps.cases.policy import reach_of, workable
from cps.cases.queries import Filter, Near, listed, similar_candidates
from cps.cases.rules import Status
from cps.cases.rules.boxes import Box
from cps.core.db import db
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


def test_the_list_of_a_street_is_chosen_without_reading_its_cases(app: Flask) -> None:
    fill()
    street = Box(126.99, 37.49, 127.01, 37.51)

    plan = plan_of(lambda: listed(Filter(box=street)))

    by_index_alone = {"sqlite": "USING COVERING INDEX ix_cases_near", "postgresql": "Index Only Scan"}
    assert by_index_alone[db.engine.dialect.name] in plan
    assert "ix_cases_near" in plan
