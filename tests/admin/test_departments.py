"""Departments: made, renamed, moved, closed with somebody who takes over, and never lost."""

import pytest

from cps.admin.offices import services
from cps.cases.models import Case
from cps.cases.rules import Status
from cps.core import clock as real_clock
from cps.core import worker
from cps.core.db import db, transaction
from cps.core.errors import RuleViolation
from cps.departments import queries
from cps.departments.models import Category, Department, RoutingRule
from cps.notifications.models import Message
from tests.support.factories import (
    make_administrator,
    make_category,
    make_complaint,
    make_department,
    make_officer,
    make_routing_rule,
    make_supervisor,
    triage_department,
)
from tests.support.site import Site

HERE = "/admin/departments"


def again(department: Department) -> Department:
    db.session.rollback()
    return db.session.get_one(Department, department.id, populate_existing=True)


def test_a_department_is_made_renamed_and_moved_and_its_code_stays(site: Site) -> None:
    waste = make_department("Waste", ord=1)
    site.sign_in(make_administrator(display_name="Ada"))

    site.submit(f"{HERE}/new", name_en="Roads and bridges", about_en="Holes and lamps.", phone="59-555")
    roads = queries.department_by_code("roads-and-bridges")
    assert roads is not None
    page = site.submit(f"{HERE}/{roads.id}", name_en="Roads", name_ko="도로과")
    assert page.has("Roads and bridges → Roads")
    site.post_raw(f"{HERE}/{roads.id}/move", {"to": "up"})

    names = [one.code for one in queries.departments()]
    assert names == [triage_department().code, "roads-and-bridges", waste.code]
    assert site.get("/about").has("Holes and lamps.")
    assert site.submit(f"{HERE}/{roads.id}", name_en="").status == 422


def test_who_takes_over_goes_on_with_cases_categories_and_rules_and_nobody_gets_a_mail(site: Site) -> None:
    roads, works, parks = make_department("Roads"), make_department("Works"), make_department("Parks")
    officer = make_officer(roads)
    lamp, tree = make_category("Lamp", department=roads), make_category("Tree", department=parks)
    mine = make_complaint(Status.IN_PROGRESS, category=lamp, assignee=officer)
    closed = make_complaint(Status.CLOSED, category=lamp)
    noise = make_complaint(Status.IN_PROGRESS, category=tree)
    rule = make_routing_rule(roads, officer_id=officer.id)
    worker.run_until_idle()
    letters = db.session.scalar(db.select(db.func.count(Message.id)))
    site.sign_in(make_administrator())

    page = site.get(f"{HERE}/{roads.id}/close")
    assert page.has("Open cases that change hands")
    assert site.submit(page, form=f"{HERE}/{roads.id}/close", successor="").status == 422
    page = site.submit(f"{HERE}/{roads.id}/close", form=f"{HERE}/{roads.id}/close", successor=works.code)
    assert page.has("1 open case is on its way there.")
    worker.run_until_idle()

    cases = [db.session.get_one(Case, case.id, populate_existing=True) for case in (mine, closed, noise)]
    assert [case.department_id for case in cases] == [works.id, roads.id, parks.id]
    assert (cases[0].assignee_id, cases[0].status, cases[0].due_at) == (None, Status.TRIAGED, mine.due_at)
    assert db.session.get_one(Category, lamp.id).department_id == works.id
    kept = db.session.get_one(RoutingRule, rule.id)
    assert (kept.department_id, kept.officer_id) == (works.id, None)
    assert db.session.scalar(db.select(db.func.count(Message.id))) == letters
    site.post_raw(f"{HERE}/{roads.id}/reopen")
    assert again(roads).is_active


def test_a_case_that_comes_late_to_a_closed_department_finds_who_works_in_the_end(site: Site) -> None:
    old, middle, last = make_department("Old"), make_department("Middle"), make_department("Last")
    admin = make_administrator()
    category = make_category("Lamp", department=last)
    for one, other in ((old, middle), (middle, last)):
        with transaction():
            services.close(one.id, other.code, by=admin.id, at=real_clock.now())
    late = make_complaint(category=category, department=old)

    with transaction():
        services.take_over_late_ones(real_clock.now())

    assert db.session.get_one(Case, late.id, populate_existing=True).department_id == last.id


def test_the_department_that_sorts_new_cases_is_not_closed_until_another_one_does(site: Site) -> None:
    desk, roads = triage_department(), make_department("Roads")
    admin = make_administrator()
    with pytest.raises(RuleViolation), transaction():
        services.close(desk.id, roads.code, by=admin.id, at=real_clock.now())
    site.sign_in(admin)

    site.post_raw(f"{HERE}/{roads.id}/sorts")
    with transaction():
        services.close(desk.id, roads.code, by=admin.id, at=real_clock.now())

    assert (again(roads).is_triage, again(desk).is_triage, again(desk).is_active) == (True, False, False)


def test_a_department_without_a_supervisor_says_so(site: Site) -> None:
    led, alone = make_department("Led"), make_department("Alone")
    make_supervisor(led, display_name="Sue")
    site.sign_in(make_administrator())

    assert not site.get(f"{HERE}/{led.id}").has("Nobody supervises it")
    assert site.get(f"{HERE}/{alone.id}").has("Nobody supervises it")
    assert site.get(f"{HERE}/{led.id}").has("Sue")
