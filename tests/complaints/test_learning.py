"""Learning from sorted complaints, and what the desk and the filing make of it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from cps.cases import services as cases
from cps.cases.models import Case
from cps.cases.queries import lock_case
from cps.cases.rules import Status
from cps.complaints import learning
from cps.complaints.rules import SUGGESTIONS
from cps.core.db import db, transaction
from cps.core.models import AuditRow, City
from cps.departments import queries as departments
from cps.departments.models import Category, LearnedWords
from cps.departments.suggesting import Band, Measured, words_of
from tests.complaints.steps import file_one
from tests.support.factories import (
    make_administrator,
    make_category,
    make_complaint,
    make_department,
    make_officer,
)
from tests.support.fixtures import WEDNESDAY
from tests.support.site import Site

DAY = timedelta(days=1)
SUGGESTED = "/admin/suggestions"


@pytest.fixture
def lamps(app: Flask) -> Category:
    return make_category("Street light")


@pytest.fixture
def holes(app: Flask) -> Category:
    return make_category("Pothole")


def taught(lamps: Category, holes: Category) -> None:
    """Learn from many complaints, made as rows alone."""
    template = make_complaint(Status.IN_PROGRESS, category=lamps, acknowledged_at=WEDNESDAY)
    columns = {c.key: getattr(template, c.key) for c in Case.__mapper__.column_attrs}
    rows = list(_copies(columns, lamps, holes))
    with transaction() as session:
        session.execute(db.insert(Case), rows)
    learning.learn_now(WEDNESDAY)


def _copies(columns: dict[str, object], lamps: Category, holes: Category) -> Iterator[dict[str, object]]:
    left_out = {"id", "is_listed", "reference", "external_id", "title", "body", "category_id"}
    kept = {name: value for name, value in columns.items() if name not in left_out}
    for number in range(120):
        category, words = ((lamps, "The lamp is dark"), (holes, "The hole is deep"))[number % 2]
        reference = f"26119{number:07}"
        yield {**kept, "reference": reference, "external_id": reference, "title": words, "body": words,
               "category_id": category.id}  # fmt: skip


def test_what_the_city_has_sorted_is_learned_from_and_nothing_private(
    lamps: Category, holes: Category
) -> None:
    corrected = make_complaint(Status.IN_PROGRESS, category=holes, title="Dark", acknowledged_at=WEDNESDAY)
    make_complaint(category=lamps, title="Unseen")
    make_complaint(Status.IN_PROGRESS, category=lamps, title="Secret", is_private=True)
    officer = make_officer()
    with transaction():
        cases.categorise(lock_case(corrected.reference), lamps, by=officer, at=WEDNESDAY)

    (one,) = learning.examples()

    assert one[1] == lamps.code
    assert words_of("Dark") <= one[0]


def test_it_is_learned_once_a_day(lamps: Category, holes: Category) -> None:
    taught(lamps, holes)

    learning.learn_anew(WEDNESDAY + DAY / 2)
    assert db.session.get_one(LearnedWords, 1).learned_at == WEDNESDAY
    learning.learn_anew(WEDNESDAY + DAY)
    assert db.session.get_one(LearnedWords, 1).learned_at == WEDNESDAY + DAY


def test_too_few_complaints_suggest_nothing(lamps: Category) -> None:
    make_complaint(Status.IN_PROGRESS, category=lamps, acknowledged_at=WEDNESDAY)
    learning.learn_now(WEDNESDAY)

    assert departments.learned_words() is None
    assert learning.suggestions("lamp") == []


def test_the_desk_says_how_sure_the_words_are_and_one_press_corrects_the_category(
    site: Site, lamps: Category, holes: Category
) -> None:
    taught(lamps, holes)
    roads = make_department("Roads")
    case = make_complaint(category=holes, department=roads, title="The lamp is dark", body="The lamp is dark")
    site.sign_in(make_officer(roads))

    page = site.get(f"/desk/{case.reference}")
    button = next(words for words in page.form("form[action*='/sort']").buttons if "Street light" in words)
    assert "% sure" in button
    site.submit(page, form="form[action*='/sort']", button=button)

    assert db.session.get_one(Case, case.id, populate_existing=True).category_id == lamps.id


def let_apply(least: float) -> None:
    with transaction() as session:
        city = session.get_one(City, 1)
        city.settings = {**city.settings, SUGGESTIONS: least}


def measured_right(right: int) -> None:
    """Let the measure say that so many of a hundred sure suggestions were right."""
    with transaction() as session:
        row = session.get_one(LearnedWords, 1)
        row.measured = Measured(700, 100, right, right, 1.0, [Band(0.5, 100, 0.9, right)]).written()


def test_a_sure_suggestion_is_applied_only_where_that_is_on_and_right_often_enough(
    site: Site, lamps: Category, holes: Category
) -> None:
    taught(lamps, holes)
    measured_right(99)
    assert file_one(site, holes, "The lamp is dark").category_id == holes.id  # nobody turned it on

    let_apply(0.5)
    case = file_one(site, holes, "The lamp is dark")
    assert (case.category_id, case.department_id) == (lamps.id, lamps.department_id)
    told = db.session.scalars(db.select(AuditRow).filter_by(action="apply-suggestion")).one()
    assert told.changes["category_id"] == [holes.id, lamps.id]

    measured_right(60)
    assert file_one(site, holes, "The lamp is dark").category_id == holes.id


def test_it_is_turned_on_only_above_a_measured_threshold(
    site: Site, lamps: Category, holes: Category
) -> None:
    site.sign_in(make_administrator(display_name="Ada"))
    assert "Nothing learned yet" in site.get(SUGGESTED).text
    taught(lamps, holes)
    measured_right(60)
    page = site.get(SUGGESTED)
    assert "They were not yet" in page.text

    assert site.post_raw(SUGGESTED, {"applies": "y", "form_key": "a-key-of-the-form"}).status == 422

    measured_right(99)
    page = site.submit(SUGGESTED, applies=True)
    assert db.session.get_one(City, 1, populate_existing=True).settings[SUGGESTIONS] == 0.5
    assert "Ada" in page.text
