"""`cps proposals`: goals and settings from the console."""

import pytest
from click.testing import Result
from flask import Flask

from cps.core import city as cities
from cps.core.db import db
from cps.core.errors import RuleViolation
from cps.proposals import queries
from cps.proposals.goal_commands import proposals_group
from cps.proposals.rules import Assurance, Settings
from tests.proposals.making import make_proposal, make_theme, set_goal
from tests.support.factories import make_department, make_ward


def run(app: Flask, *given: str) -> Result:
    db.session.rollback()
    answer = app.test_cli_runner().invoke(proposals_group, given)
    db.session.rollback()
    return answer


def test_a_goal_of_a_category_in_a_ward_counts_there(app: Flask) -> None:
    make_ward("north")
    make_theme(code="idea")
    parks = make_department("Parks", code="parks")
    set_goal(50)

    answer = run(
        app, "goal", "--supports", "7", "--ward", "north", "--category", "idea", "--department", "parks"
    )

    assert answer.exit_code == 0, answer.output
    assert "north idea: 7 in 60 days" in answer.output
    assert [row.department_id for row in queries.thresholds()] == [None, parks.id]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (("--supports", "0"), "Ask for 1"),
        (("--supports", "5", "--answer-days", "-1"), "Ask for 1"),
        (("--supports", "5", "--ward", "nowhere"), "no ward"),
        (("--supports", "5", "--category", "nothing"), "no category"),
        (("--supports", "5", "--department", "nobody"), "no department"),
    ],
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_a_goal_that_makes_no_sense_is_refused(app: Flask, given: tuple[str, ...], told: str) -> None:
    answer = run(app, "goal", *given)

    assert isinstance(answer.exception, RuleViolation)
    assert told in answer.exception.message
    assert queries.thresholds() == []


def test_a_dropped_goal_leaves_the_wider_one(app: Flask) -> None:
    ward = make_ward("north")
    ward_id = ward.id
    set_goal(50)
    set_goal(5, ward_id=ward_id)

    run(app, "drop-goal", "--ward", "north")

    assert make_proposal(ward_id=ward_id).needed == 50


def test_a_goal_that_is_not_there_cannot_be_dropped(app: Flask) -> None:
    assert isinstance(run(app, "drop-goal").exception, RuleViolation)


def test_settings_change_one_by_one(app: Flask) -> None:
    run(app, "settings", "--assurance", "register")
    answer = run(app, "settings", "--second-reader")

    assert "assurance: register" in answer.output
    assert Settings.of(cities.get().settings) == Settings(Assurance.REGISTER, second_reader=True)


def test_without_an_option_nothing_changes(app: Flask) -> None:
    answer = run(app, "settings")

    assert "usual: 40" in answer.output
    assert "proposals" not in cities.get().settings
