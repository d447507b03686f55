"""Complaints about staff: who sees them, who reads their reporters, how one becomes an ordinary case."""

import pytest
from flask import Flask

from cps.accounts.models import Account
from cps.accounts.rules import Role
from cps.cases.integrity_models import IntegrityBar, IntegrityReader, IntegrityReport
from cps.cases.models import Case, CaseContact, CaseEvent
from cps.cases.queries import integrity as queries
from cps.cases.reference import display
from cps.cases.rules import EventKind, Status
from cps.cases.rules.integrity import is_named
from cps.cases.services import integrity as services
from cps.cases.services import join, note, transfer
from cps.cases.services.forgetting import anonymise_reporters
from cps.cases.services.integrity import About
from cps.core import clock
from cps.core.db import db, transaction
from cps.core.errors import RuleViolation
from cps.core.models import AccessRow, AuditRow
from cps.departments.models import Department
from cps.notifications.clock.queries import who_has
from tests.support import factories as make
from tests.support.site import Site

CONTACT = {"name": "Ada Unsaid", "email": "ada.unsaid@example.org"}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("The officer kim THEODORA wanted money", True),
        ("somebody with theo.kim@testford.test", True),
        ("Theodora from the parks", False),
        ("Kimberly Theodoras", False),
        ("", False),
    ],
)
def test_whole_names_and_addresses_name_somebody(words: str, expected: bool) -> None:
    assert is_named(words, name="Theodora Kim", email="theo.kim@testford.test") is expected


def test_a_name_in_hangul_is_found_with_its_endings() -> None:
    assert is_named("도로과 김하늘이 돈을 요구했다", name="김하늘", email="")
    assert not is_named("도로과 직원이", name="", email="")


@pytest.fixture
def roads(app: Flask) -> Department:
    return make.make_department("Roads")


def about_staff(roads: Department, *, person: str = "", named: bool = True, **columns: object) -> Case:
    """Make a complaint about somebody of the roads department, which its category belongs to as well."""
    staff = make.make_category("Staff", is_integrity=True, department=roads)
    case = make.make_complaint(
        category=staff,
        is_private=True,
        is_integrity=True,
        contact=dict(CONTACT),
        **columns,  # type: ignore[arg-type]
    )
    with transaction():
        about = About(roads.id if named else None, person)
        services.keep_about(db.session.get_one(Case, case.id), about, at=clock.now())
    return case


def name_readers(*people: Account) -> None:
    administrator = make.make_administrator()
    with transaction():
        chosen = [db.session.get_one(Account, one.id) for one in people]
        services.name_readers(chosen, by=administrator, at=clock.now())


def at(case: Case, rest: str = "") -> str:
    return f"/desk/{case.reference}{rest}"


def test_an_integrity_officer_who_is_named_or_works_there_does_not_see_it(
    site: Site, roads: Department
) -> None:
    free = make.make_integrity_officer()
    named = make.make_integrity_officer(display_name="Theodora Kim")
    colleague = make.make_account(Role.INTEGRITY_OFFICER, Role.OFFICER, departments=[roads])
    case = about_staff(roads, person="It was Theodora Kim.", title="Money was taken")

    for officer in (named, colleague):
        other = site.another().sign_in(officer)
        assert other.get(at(case)).status == 404
        assert not other.get("/desk?box=department").has("Money was taken")
        assert other.get(at(case, "/integrity")).status == 404
    assert site.sign_in(free).get(at(case)).has("Money was taken")
    assert site.get("/desk?box=department").has("All open cases")
    assert queries.handlers_of(case.id) == [free.id]
    assert [to.account_id for to in who_has(case)] == [free.id]


def test_only_a_named_person_reads_the_reporter_and_only_with_a_reason(site: Site, roads: Department) -> None:
    reader, officer = make.make_integrity_officer(), make.make_integrity_officer()
    case = about_staff(roads, title="Ask 010-4711-0815")
    name_readers(reader)

    other = site.another().sign_in(officer)
    assert other.post_raw(at(case, "/integrity/reporter"), {"reason": "I want to"}).status == 404
    assert other.post_raw(at(case, "/contact")).status == 404
    assert other.get("/desk/integrity").status == 200

    site.sign_in(reader)
    refused = site.submit(at(case, "/integrity"), reason=" ")
    assert (refused.status, refused.has("Ada Unsaid")) == (422, False)
    shown = site.submit(at(case, "/integrity"), reason="To ask for the receipt")
    assert shown.has("Ada Unsaid")
    (row,) = db.session.scalars(db.select(AccessRow)).all()
    assert (row.actor_id, row.case_id, row.reason) == (reader.id, case.id, "To ask for the receipt")
    assert site.get("/desk/integrity").has("To ask for the receipt")
    assert not other.get("/desk/integrity").has("To ask for the receipt")


def test_two_people_at_most_are_named_by_another_and_the_naming_is_audited(app: Flask) -> None:
    people = [make.make_integrity_officer() for _ in range(3)]
    administrator = make.make_account(Role.ADMINISTRATOR, Role.INTEGRITY_OFFICER)
    outsider = make.make_officer()
    for chosen in (people, [administrator], [outsider]):
        with pytest.raises(RuleViolation), transaction():
            services.name_readers(chosen, by=administrator, at=clock.now())

    with transaction():
        services.name_readers(people[:2], by=administrator, at=clock.now())
    with transaction():
        services.name_readers(people[1:], by=administrator, at=clock.now())

    assert {row.account_id for row in db.session.scalars(db.select(IntegrityReader))} == {
        people[1].id,
        people[2].id,
    }
    told = db.session.scalars(db.select(AuditRow).filter_by(action="change-integrity-readers")).all()
    assert [row.changes["readers"][1] for row in told] == [
        [one.id for one in people[:2]],
        [one.id for one in people[1:]],
    ]


def test_the_administration_names_readers_on_a_page_and_sees_who_did(site: Site) -> None:
    officer = make.make_integrity_officer(display_name="Ida Integer")
    site.sign_in(make.make_administrator(display_name="Ann Admin"))

    page = site.submit("/admin/integrity", first=str(officer.id), second="")

    assert page.has("Saved.")
    assert "Ida Integer" in page.text_of(".story")
    assert "Ann Admin" in page.text_of(".story")


def test_nobody_is_left_out_so_far_that_nobody_is_left(site: Site, roads: Department) -> None:
    officer, other = make.make_integrity_officer(), make.make_integrity_officer()
    case = about_staff(roads)
    site.sign_in(officer)

    page = site.submit(at(case, "/integrity"), barred=[str(officer.id), str(other.id)])
    assert (page.status, page.has("Nobody would be left")) == (422, True)
    assert not db.session.scalars(db.select(IntegrityBar)).all()

    left = site.submit(at(case, "/integrity"), barred=[str(officer.id)])
    assert left.path.startswith("/desk?") or left.path == "/desk"
    assert site.get(at(case)).status == 404
    assert site.another().sign_in(other).get(at(case)).status == 200


def test_an_ordinary_case_starts_with_the_report_alone_and_its_reporter_stays_unknown(
    site: Site, roads: Department
) -> None:
    integrity, lights = make.make_integrity_officer(), make.make_department("Lights")
    category = make.make_category("Lamp", department=lights)
    case = about_staff(roads, status=Status.IN_PROGRESS, message="Between us two", title="The lamp is dark")
    name_readers(integrity)
    with transaction():
        note(db.session.get_one(Case, case.id), "I suspect the mayor", by=integrity, at=clock.now())

    site.sign_in(integrity)
    named = make.make_category("Hole", department=roads)
    refused = site.submit(at(case, "/integrity"), category=named.code, message="Not about staff.")
    assert (refused.status, refused.has("It names the department")) == (422, True)
    site.submit(at(case, "/integrity"), category=category.code, message="It is about a lamp.")

    desk = site.another().sign_in(make.make_officer(lights))
    page = desk.get(at(case))
    assert page.has("The lamp is dark")
    assert page.has("It is about a lamp.")
    assert not page.has("I suspect the mayor")
    assert not page.has("Between us two")
    assert desk.post_raw(at(case, "/contact")).status == 404
    assert site.get(at(case)).status == 404
    now = db.session.get_one(Case, case.id, populate_existing=True)
    assert (now.is_integrity, now.is_private, now.department_id) == (False, True, lights.id)


def test_it_is_joined_to_nothing_and_handed_to_no_department(app: Flask, roads: Department) -> None:
    officer, open_one = make.make_integrity_officer(), make.make_complaint()
    case = about_staff(roads)
    with transaction():
        this, other = (db.session.get_one(Case, one.id) for one in (case, open_one))
        with pytest.raises(RuleViolation):
            join(this, other, by=officer, at=clock.now(), message="The same.")
        with pytest.raises(RuleViolation):
            transfer(this, make_elsewhere(), by=officer, at=clock.now(), reason="Yours.")
    assert not db.session.scalars(
        db.select(CaseEvent).filter_by(case_id=open_one.id, kind=EventKind.JOINED)
    ).all()


def make_elsewhere() -> Department:
    return db.session.scalars(db.select(Department).filter_by(is_triage=True)).one()


def test_whom_it_names_is_forgotten_with_its_reporter(app: Flask, roads: Department) -> None:
    closed = about_staff(roads, person="Theodora Kim", status=Status.CLOSED)
    still_open = about_staff(roads, person="Theodora Kim")

    with transaction():
        anonymise_reporters([closed.id, still_open.id], at=clock.now())

    words = dict(db.session.execute(db.select(IntegrityReport.case_id, IntegrityReport.about_person)).all())
    assert words == {closed.id: "", still_open.id: "Theodora Kim"}
    assert db.session.get_one(CaseContact, closed.id).name == ""


def test_a_complaint_that_names_everybody_is_missed_by_the_doctor(app: Flask, roads: Department) -> None:
    make.make_account(Role.INTEGRITY_OFFICER, departments=[roads])
    about_staff(roads)
    assert queries.is_any_unreadable()

    make.make_integrity_officer()
    assert not queries.is_any_unreadable()


def test_who_files_says_whom_it_is_about(site: Site, roads: Department) -> None:
    officer = make.make_integrity_officer(display_name="Theodora Kim")
    staff = make.make_category("Staff", is_integrity=True)
    ward = make.make_ward()
    lat, lon = make.middle(ward)
    site.get("/complaints/new")
    site.submit("/complaints/new/place", lat=str(lat), lon=str(lon))
    site.submit("/complaints/new/words", body="She wanted money for a permit", category=staff.code)
    site.submit("/complaints/new/details", about_department=roads.code, about_person="Theodora Kim")
    last = site.get("/complaints/new/check")
    assert last.has("Roads")
    assert last.has("Theodora Kim")
    site.submit("/complaints/new/check")

    case = db.session.scalars(db.select(Case)).one()
    report = db.session.get_one(IntegrityReport, case.id)
    assert (report.about_department_id, report.about_person) == (roads.id, "Theodora Kim")
    assert queries.bars_of(case.id) == {officer.id}


def test_its_reporter_reads_that_the_integrity_officer_has_it_and_not_a_department(
    site: Site, roads: Department
) -> None:
    staff = make.make_category("Staff", is_integrity=True, department=roads)
    case = make.make_complaint(category=staff, is_private=True, is_integrity=True)

    page = site.submit(f"/complaints/{display(case.reference)}/unlock", pin=make.PIN)

    assert page.has("Who has it The integrity officer")
    assert not page.has("Who has it Roads")
