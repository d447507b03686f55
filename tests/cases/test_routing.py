"""Where a complaint goes when it is filed: by a rule, or as its category says."""

import pytest
from flask import Flask

from cps.cases import services
from cps.cases.models import Case, CaseEvent
from cps.cases.rules import Audience, EventKind, Priority
from cps.cases.services import NewCase
from cps.core.db import db, transaction
from cps.departments.models import Category, Staff
from tests.support.factories import (
    ZONE,
    make_category,
    make_department,
    make_officer,
    make_routing_rule,
    make_ward,
)
from tests.support.fixtures import WEDNESDAY


@pytest.fixture
def lamps(app: Flask) -> Category:
    return make_category(department=make_department("Roads"))


def filed(category: Category, body: str = "The lamp is out", **more: object) -> Case:
    new = NewCase(body=body, language="en", category=category, **more)  # type: ignore[arg-type]
    with transaction():
        return services.file_case(new, zone=ZONE, at=WEDNESDAY).case


def case_events(case: Case) -> list[CaseEvent]:
    return list(db.session.scalars(db.select(CaseEvent).filter_by(case_id=case.id)))


def test_the_first_rule_that_fits_says_who_gets_it_and_staff_can_read_which(lamps: Category) -> None:
    harbour, light = make_ward(), make_department("Light")
    officer = make_officer(light)
    make_routing_rule(make_department("Waste"), "Bins", conditions={"words": ["bin"]})
    conditions = {"categories": [lamps.code], "wards": [harbour.code], "words": ["lamp"]}
    rule = make_routing_rule(
        light, "Harbour lamps", conditions=conditions, officer_id=officer.id, makes_urgent=True
    )

    case, elsewhere = filed(lamps, ward_id=harbour.id), filed(lamps)

    assert (case.department_id, case.assignee_id) == (light.id, officer.id)
    assert case.priority is Priority.URGENT
    (event,) = [one for one in case_events(case) if one.kind is EventKind.NOTED]
    assert event.audience is Audience.STAFF
    assert (event.data, "Harbour lamps" in event.message) == ({"routing_rule": rule.id}, True)
    assert (elsewhere.department_id, elsewhere.priority) == (lamps.department_id, Priority.NORMAL)


def test_an_officer_who_left_the_department_gets_nothing(lamps: Category) -> None:
    light = make_department("Light")
    officer = make_officer(light)
    make_routing_rule(light, officer_id=officer.id)
    with transaction() as session:
        session.delete(session.get_one(Staff, (officer.id, light.id)))

    case = filed(lamps)

    assert (case.department_id, case.assignee_id) == (light.id, None)


def test_what_concerns_the_citys_staff_or_brings_its_department_is_not_routed(app: Flask) -> None:
    make_routing_rule(make_department("Light"))
    integrity, usual = make_category(is_integrity=True), make_category()
    own = make_department("Own")

    assert filed(integrity).department_id == integrity.department_id
    assert filed(usual, department_id=own.id).department_id == own.id
    assert filed(usual, source="former-site", external_id="7").department_id == usual.department_id
