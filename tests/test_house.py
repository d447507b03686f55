"""The test house itself: a database for each test, makers of rows, visitors."""

import pytest

from cps.accounts.models import Account
from cps.cases.models import Case
from cps.cases.rules import CLOSED, COMPLAINT_MOVES, Outcome, Status
from cps.core.db import db
from cps.core.models import City
from cps.departments.rules import Datatype
from tests.support import factories
from tests.support.fixtures import Database
from tests.support.site import Site

pytestmark = pytest.mark.usefixtures("app")


@pytest.mark.parametrize("status", [*COMPLAINT_MOVES])
def test_a_complaint_can_be_made_in_every_status(status: Status) -> None:
    ward = factories.make_ward()

    case = factories.make_complaint(status, ward=ward, reporter=factories.make_resident())

    assert case.ward_id == ward.id
    assert (case.outcome is Outcome.FIXED) is (status in CLOSED)


def test_an_officer_can_be_made_with_a_department() -> None:
    department = factories.make_department()

    officer = factories.make_officer(department)

    assert officer.is_staff


def test_a_category_can_be_made_with_questions() -> None:
    depth = factories.question("depth", Datatype.SINGLE, choices={"deep": "Deep", "flat": "Flat"})

    category = factories.make_category(questions=[depth])

    assert [one.code for one in category.questions] == ["depth"]


def test_every_test_has_a_city_and_nothing_else_of_other_tests() -> None:
    assert db.session.get_one(City, 1).zone == "Asia/Seoul"
    assert db.session.scalar(db.select(db.func.count(Case.id))) == 0
    assert db.session.scalar(db.select(db.func.count(Account.id))) == 0


def test_two_visitors_are_signed_in_apart(site: Site) -> None:
    site.sign_in(factories.make_resident())
    other = site.another()

    assert other.cookie("cps") is None
    assert site.cookie("cps")


@pytest.mark.first_case("what tells these cases apart is no row")
@pytest.mark.parametrize("case", [0, 1])
def test_of_cases_that_differ_before_the_database_postgresql_sees_the_first(
    database: Database, case: int
) -> None:
    assert case == 0 or database.kind == "sqlite"
