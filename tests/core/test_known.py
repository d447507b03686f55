"""What a process remembers of tables that change seldom."""

from contextlib import suppress
from dataclasses import dataclass, field

import pytest
from sqlalchemy import select

from cps.core.db import db, transaction
from cps.core.known import Known, mark
from cps.departments.models import Department
from tests.support import factories

pytestmark = pytest.mark.usefixtures("app")


@dataclass
class Counted:
    """Department codes as a known thing, and how often they were read."""

    times: int = 0
    known: Known[list[str]] = field(init=False)

    def __post_init__(self) -> None:
        self.known = Known(self.read, Department)

    def read(self) -> list[str]:
        self.times += 1
        return list(db.session.scalars(select(Department.code).order_by(Department.id)))

    def get(self) -> list[str]:
        """Return what a new request would see."""
        db.session.remove()
        return self.known.get()


def test_a_known_thing_is_made_once_while_its_rows_stay_the_same() -> None:
    counted = Counted()

    assert counted.get() == counted.get() == ["front-desk"]
    assert counted.times == 1


def test_a_known_thing_is_made_anew_when_a_row_appears_or_changes() -> None:
    counted = Counted()
    counted.get()

    roads_id = factories.make_department(code="roads").id
    assert counted.get() == ["front-desk", "roads"]

    with transaction():
        db.session.get_one(Department, roads_id).code = "streets"
    assert counted.get() == ["front-desk", "streets"]
    assert counted.times == 3


def test_a_row_of_another_table_changes_nothing_known() -> None:
    counted = Counted()
    counted.get()

    factories.make_ward()

    counted.get()
    assert counted.times == 1


def test_what_is_read_in_a_write_transaction_that_comes_to_nothing_is_not_remembered() -> None:
    counted = Counted()
    with suppress(ZeroDivisionError), transaction() as session:
        session.add(Department(code="nowhere", name={"en": "Nowhere"}))
        session.flush()
        assert counted.known.get() == ["front-desk", "nowhere"]
        raise ZeroDivisionError
    factories.make_department(code="roads")

    assert counted.get() == ["front-desk", "roads"]


def test_a_write_transaction_sees_each_of_its_own_changes() -> None:
    counted = Counted()
    with transaction() as session:
        counted.known.get()
        session.add(Department(code="roads", name={"en": "Roads"}))
        session.flush()

        assert counted.known.get() == ["front-desk", "roads"]


def test_the_mark_of_pages_changes_with_any_known_row() -> None:
    Counted()
    before = mark()

    factories.make_department()
    db.session.remove()

    assert mark() != before


def test_what_a_write_transaction_made_is_remembered_once_it_is_committed() -> None:
    counted = Counted()
    for _turn in range(3):  # as a worker does, which reads in write transactions alone
        db.session.remove()
        with transaction():
            assert counted.known.get() == ["front-desk"]

    assert counted.times == 1


def test_what_was_made_inside_a_savepoint_that_came_to_nothing_is_not_remembered() -> None:
    counted = Counted()
    with transaction() as session, suppress(ZeroDivisionError), session.begin_nested():
        session.add(Department(code="nowhere", name={"en": "Nowhere"}))
        session.flush()
        assert counted.known.get() == ["front-desk", "nowhere"]
        raise ZeroDivisionError
    factories.make_department(code="roads")

    assert counted.get() == ["front-desk", "roads"]
