"""An officer of a department at the desk."""

import pytest

from cps.accounts.models import Account
from cps.departments.models import Category, Department
from tests.support.factories import make_category, make_department, make_officer
from tests.support.site import Site


@pytest.fixture
def roads(app: object) -> Department:
    """The department of the officer."""
    return make_department("Roads")


@pytest.fixture
def category(roads: Department) -> Category:
    """A category of that department in which nothing is repaired."""
    return make_category("Lamp", department=roads)


@pytest.fixture
def officer(roads: Department) -> Account:
    """The officer."""
    return make_officer(roads, display_name="Jo Officer")


@pytest.fixture
def desk(site: Site, officer: Account) -> Site:
    """The officer at the desk."""
    return site.sign_in(officer)
