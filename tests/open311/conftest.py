"""A department, a category, and the system of another city that nobody is connected to yet."""

from collections.abc import Iterator

import pytest
from flask import Flask

from cps.departments.models import Category, Department
from tests.open311.other_city import OtherCity, serving
from tests.support import factories as make


@pytest.fixture
def roads(app: Flask) -> Department:
    return make.make_department("Roads")


@pytest.fixture
def pothole(roads: Department) -> Category:
    return make.make_category("Pothole", department=roads)


@pytest.fixture
def city() -> OtherCity:
    return OtherCity()


@pytest.fixture
def url(city: OtherCity) -> Iterator[str]:
    """The address of the other system."""
    with serving(city) as address:
        yield address
