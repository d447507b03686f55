"""What an administrator sets for proposals: goals by area, who may support, who reads an answer."""

import pytest

from cps.core import city as cities
from cps.core.db import db
from cps.proposals import queries
from cps.proposals.models import Threshold
from cps.proposals.rules import Assurance, Settings
from tests.proposals.making import make_proposal, make_theme, set_goal
from tests.support.factories import make_administrator, make_department, make_ward
from tests.support.site import Site

PAGE, GOAL = "/admin/proposals", "/admin/proposals/goal"


@pytest.fixture
def office(site: Site) -> Site:
    """An administrator."""
    return site.sign_in(make_administrator(display_name="Ada Admin"))


def held() -> list[Threshold]:
    db.session.rollback()
    db.session.expire_all()
    return list(queries.thresholds())


def test_a_city_that_sets_nothing_reads_the_usual_goal_and_why(office: Site) -> None:
    make_ward(population=300_000)

    page = office.get(PAGE)

    assert "40 supports within 60 days, answer in 20 working days" in page.text
    assert "cube root of 300,000 people" in page.text


def test_where_a_ward_does_not_say_how_many_live_there_the_reason_says_so(office: Site) -> None:
    make_ward(population=None)

    assert "not every ward says how many people live there" in office.get(PAGE).text


def test_a_goal_of_the_city_is_set_and_holds_for_what_comes(office: Site) -> None:
    before = make_proposal()

    page = office.submit(PAGE, form=GOAL, supports="25", days="45", answer_days="15", why="As promised.")

    (goal,) = held()
    assert (goal.area, goal.supports, goal.days, goal.answer_days) == ("city", 25, 45, 15)
    assert goal.why == {cities.get().default_language: "As promised."}
    assert "25 supports within 45 days, answer in 15 working days" in page.text
    assert before.needed != 25
    assert make_proposal().needed == 25


def test_a_goal_of_a_category_in_a_ward_names_its_department(office: Site) -> None:
    ward, theme, parks = make_ward(), make_theme(), make_department("Parks office")

    page = office.submit(
        PAGE, form=GOAL, ward=ward.code, category=theme.code, department=parks.code, supports="12"
    )

    (goal,) = held()
    assert (goal.ward_id, goal.category_id, goal.department_id) == (ward.id, theme.id, parks.id)
    assert "Parks, Ward 1" in page.text
    assert "Parks office" in page.text


@pytest.mark.parametrize("field", ["supports", "days", "answer_days"])
@pytest.mark.parametrize("value", ["0", "-3", "", "many", "99999999"])
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_zero_days_that_lie_behind_and_nonsense_are_refused_beside_their_field(
    office: Site, field: str, value: str
) -> None:
    page = office.submit(PAGE, form=GOAL, **{field: value})

    assert page.status == 422
    assert f'id="{field}-error"' in page.html
    assert held() == []


def test_what_the_city_does_not_have_is_refused(office: Site) -> None:
    for name in ("ward", "category", "department"):
        numbers = {"supports": "5", "days": "5", "answer_days": "5", "form_key": "k"}
        page = office.post_raw(GOAL, {**numbers, name: "atlantis"})
        assert page.status == 422

    assert held() == []


def test_the_form_is_filled_with_the_goal_to_change(office: Site) -> None:
    theme = make_theme()
    set_goal(7, 30, 10)
    set_goal(4, 20, 9, category_id=theme.id)

    page = office.get(f"{PAGE}?area=category:{theme.id}")
    office.submit(page, form=GOAL, days="21")

    assert [(one.area, one.supports, one.days) for one in held()] == [
        ("city", 7, 30),
        (f"category:{theme.id}", 4, 21),
    ]


def test_a_goal_is_taken_away_and_no_other(office: Site) -> None:
    theme = make_theme()
    set_goal(7)
    set_goal(4, category_id=theme.id)

    office.post_raw(f"{GOAL}/drop", {"area": f"category:{theme.id}"})
    page = office.post_raw(f"{GOAL}/drop", {"area": "ward:999"})

    assert [one.area for one in held()] == ["city"]
    assert "No goal is set there." in page.text


def test_who_may_support_and_the_second_reader_are_set(office: Site) -> None:
    office.submit(PAGE, form=PAGE, assurance="register", second_reader=True)

    db.session.rollback()
    assert Settings.of(cities.get().settings) == Settings(Assurance.REGISTER, second_reader=True)


def test_a_wrong_assurance_is_refused(office: Site) -> None:
    assert office.post_raw(PAGE, {"assurance": "none"}).status == 422
    assert Settings.of(cities.get().settings) == Settings()


def test_every_change_stands_in_the_history_with_who_made_it(office: Site) -> None:
    set_goal(7)
    office.submit(PAGE, form=GOAL, supports="9", days="30", answer_days="20")
    office.submit(PAGE, form=PAGE, assurance="register")
    office.post_raw(f"{GOAL}/drop", {"area": "city"})

    page = office.get(PAGE)

    assert "supports: 7 → 9" in page.text
    assert "on the console" in page.text
    assert "Ada Admin" in page.text
    assert "Taken away" in page.text
    assert "no second reader" in page.text
