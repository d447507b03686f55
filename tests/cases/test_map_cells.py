"""Cells of the map hold what the cases say, at once, whatever happens to them."""

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from cps.cases.map_commands import map_group
from cps.cases.map_models import MapCell, MapChange
from cps.cases.models import Case
from cps.cases.queries import map_cells, map_drift
from cps.cases.queries.map_cells import Counts, Layer
from cps.cases.rules import CaseKind, Status
from cps.cases.rules.boxes import COARSEST, FINEST, Cells
from cps.cases.services import map_counting
from cps.core import worker
from cps.core.db import WRITING, db, transaction
from tests.support.factories import make_category, make_complaint, make_ward

pytestmark = pytest.mark.usefixtures("app")
COMPLAINTS = Layer(CaseKind.COMPLAINT)


def whole(level: int) -> Cells:
    return Cells(level, 0, 0, (1 << level) - 1, (1 << level) - 1)


def counted(layer: Layer = COMPLAINTS, level: int = FINEST) -> Counts:
    return sum((cell.counts for cell in map_cells.cells_in(layer, whole(level))), Counts())


def settle() -> None:
    worker.run_until_idle()


def change(case: Case, **columns: object) -> None:
    with transaction():
        for name, value in columns.items():
            setattr(db.session.get_one(Case, case.id), name, value)


def test_a_filed_case_is_counted_at_once_and_still_once_when_the_worker_has_been_there() -> None:
    make_complaint(ward=make_ward())
    make_complaint()  # without a place

    before = counted()
    settle()

    assert before == counted() == Counts(waiting=1)
    assert db.session.scalar(select(func.count()).select_from(MapChange)) == 0


@pytest.mark.parametrize("level", [COARSEST, 12, FINEST])
def test_every_level_counts_every_case_once(level: int) -> None:
    near, far = make_ward(), make_ward()
    for ward in (near, near, far):
        make_complaint(ward=ward)

    before = counted(level=level)
    settle()

    assert before == counted(level=level) == Counts(waiting=3)


def test_category_and_ward_have_counts_of_their_own() -> None:
    ward, category = make_ward(), make_category()
    make_complaint(ward=ward, category=category)
    make_complaint(ward=ward)
    make_complaint(ward=make_ward(), category=category)

    for _counted_in in (False, True):
        assert counted(Layer(CaseKind.COMPLAINT, category.id)).total == 2
        assert counted(Layer(CaseKind.COMPLAINT, ward_id=ward.id)).total == 2
        assert counted(Layer(CaseKind.COMPLAINT, category.id, ward.id)).total == 1
        assert counted(Layer(CaseKind.PROPOSAL)).total == 0
        settle()


@pytest.mark.parametrize("settled", [False, True])
@pytest.mark.parametrize("columns", [{"is_private": True}, {"is_hidden": True}])
def test_a_case_that_is_hidden_or_made_private_is_gone_in_the_same_moment(
    settled: bool, columns: dict[str, object]
) -> None:
    case = make_complaint(ward=make_ward())
    if settled:
        settle()

    change(case, **columns)

    assert counted() == Counts()
    settle()
    assert counted() == Counts()
    assert db.session.scalar(select(func.count()).select_from(MapCell)) == 0


def test_what_is_private_from_the_beginning_is_never_noted() -> None:
    make_complaint(ward=make_ward(), is_private=True, is_integrity=True)

    assert db.session.scalar(select(func.count()).select_from(MapChange)) == 0


def test_a_case_changes_colour_category_and_place_with_its_row() -> None:
    ward, other = make_ward(), make_ward()
    case, category = make_complaint(ward=ward), make_category()
    make_complaint(ward=ward)
    settle()

    change(case, status=Status.IN_PROGRESS, category_id=category.id, ward_id=other.id)
    before = counted()
    settle()

    assert before == counted() == Counts(waiting=1, in_hand=1)
    assert counted(Layer(CaseKind.COMPLAINT, category.id, other.id)) == Counts(in_hand=1)
    assert counted(Layer(CaseKind.COMPLAINT, ward_id=ward.id)) == Counts(waiting=1)


def test_a_deleted_case_leaves_the_map() -> None:
    case = make_complaint(ward=make_ward())
    settle()

    with transaction():
        for table in ("case_event", "case_contact"):
            db.session.execute(text(f"DELETE FROM {table} WHERE case_id = :id"), {"id": case.id})
        db.session.execute(text("DELETE FROM cases WHERE id = :id"), {"id": case.id})

    assert counted() == Counts()


def test_what_changes_nothing_on_the_map_notes_nothing() -> None:
    case = make_complaint(ward=make_ward())
    settle()

    change(case, title="Another title", status=case.status)

    assert db.session.scalar(select(func.count()).select_from(MapChange)) == 0


def test_a_change_that_is_taken_back_is_not_noted() -> None:
    case = make_complaint(ward=make_ward())
    settle()

    db.session.rollback()
    db.session.connection(execution_options={WRITING: True})
    db.session.get_one(Case, case.id).is_hidden = True
    db.session.flush()
    in_between = counted()
    db.session.rollback()

    assert (in_between, counted()) == (Counts(), Counts(waiting=1))


def test_counting_anew_gives_the_same() -> None:
    ward = make_ward()
    for status in (Status.RECEIVED, Status.IN_PROGRESS, Status.CLOSED):
        make_complaint(status, ward=ward)
    make_complaint(ward=ward, is_private=True)
    settle()
    before = rows()

    with transaction():
        map_counting.begin_anew()
    settle()

    assert rows() == before


def test_the_command_counts_a_map_that_went_wrong_anew(app: Flask) -> None:
    make_complaint(ward=make_ward())
    settle()
    before = rows()
    with transaction():
        db.session.execute(text("DELETE FROM map_cell WHERE level = 12"))

    answer = app.test_cli_runner().invoke(map_group, ["rebuild"])

    assert "cells of the map are counted" in answer.output
    assert rows() == before


def rows() -> list[tuple[object, ...]]:
    return sorted(tuple(row) for row in db.session.execute(select(*MapCell.__table__.c)))


def test_the_doctor_finds_nothing_where_all_is_counted_and_where_it_is_not_yet() -> None:
    ward = make_ward()
    make_complaint(ward=ward)
    settle()
    make_complaint(Status.CLOSED, ward=ward)

    assert map_drift.drift() == 0


@pytest.mark.parametrize("level", [COARSEST, FINEST])
def test_the_doctor_finds_a_wrong_cell(level: int) -> None:
    make_complaint(ward=make_ward())
    settle()
    with transaction():
        db.session.execute(text("UPDATE map_cell SET done = 1 WHERE level = :level"), {"level": level})

    assert map_drift.drift() > 0
