"""Departments and categories as pages read them."""

import pytest

from cps.core.db import db, transaction
from cps.departments import queries
from cps.departments.models import Category
from cps.departments.rules import CategoryKind
from tests.support import factories

pytestmark = pytest.mark.usefixtures("app")


def test_a_category_is_known_with_its_department_and_questions() -> None:
    roads = factories.make_department("Roads", code="roads")
    factories.make_category(
        "Pothole", code="pothole", department=roads, questions=[factories.question("depth")]
    )
    factories.make_category("Noise")

    known = queries.catalogue().category("pothole")

    assert known is not None
    assert (known.department.code, [one.code for one in known.questions]) == ("roads", ["depth"])


def test_only_active_categories_of_the_kind_are_offered_in_their_order() -> None:
    factories.make_category("Second", code="second", ord=2)
    factories.make_category("First", code="first", ord=1)
    factories.make_category("Gone", code="gone", is_active=False)
    factories.make_category("Idea", code="idea", kind=CategoryKind.PROPOSAL)

    offered = queries.catalogue().offered()

    assert [one.code for one in offered] == ["first", "second"]
    assert queries.catalogue().category("gone") is not None


def test_the_next_request_knows_a_changed_name() -> None:
    category_id = factories.make_category("Pothole", code="pothole").id
    queries.catalogue()

    with transaction():
        db.session.get_one(Category, category_id).name = {"en": "Hole in the road"}
    db.session.remove()

    assert queries.catalogue().categories[category_id].name == {"en": "Hole in the road"}


def test_what_does_not_exist_is_not_known() -> None:
    assert queries.catalogue().category("nothing") is None
    assert queries.catalogue().department("nobody") is None
