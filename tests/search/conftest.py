"""A city in which the cases of the table were told."""

from datetime import timedelta

import pytest
from flask import Flask

from cps.cases.vocabulary import learn_words
from cps.core import clock
from tests.search.tables import told
from tests.support.factories import make_category, make_complaint


@pytest.fixture
def keys(app: Flask) -> dict[int, str]:
    """Fill the database with the cases of the table, and as many that nobody may find; keys by id."""
    category, begins = make_category(), clock.now() - timedelta(days=1)
    made = {}
    for place, one in enumerate(told()):
        texts = {"title": one.title, "body": one.body, "address": one.address}
        case = make_complaint(category=category, at=begins + timedelta(minutes=place), **texts)
        make_complaint(category=category, is_private=place % 2 == 0, is_hidden=place % 2 == 1, **texts)
        made[case.id] = one.key
    learn_words(clock.now())
    return made
