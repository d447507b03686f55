"""Notices at the desk."""

from datetime import timedelta

import pytest

from cps.accounts.models import Account
from cps.cases import queries as cases
from cps.cases.models import Case, CaseNotice
from cps.cases.reference import display
from cps.cases.rules import Status
from cps.core import clock
from cps.core.db import db
from cps.departments.models import Category, Department
from cps.notices.models import Notice, NoticeUpdate
from cps.wards.models import Ward
from tests.support import factories as make
from tests.support.fixtures import Clock
from tests.support.site import Site


class Desk:
    """An officer at the desk, with a ward, a category and a case of theirs."""

    def __init__(self, site: Site) -> None:
        self.department: Department = make.make_department("Water")
        self.ward: Ward = make.make_ward()
        self.category: Category = make.make_category("Burst pipe", department=self.department)
        self.case: Case = self.complaint()
        self.officer: Account = make.make_officer(self.department)
        self.site = site.sign_in(self.officer)

    def complaint(self, **columns: object) -> Case:
        return make.make_complaint(category=self.category, ward=self.ward, **columns)  # type: ignore[arg-type]


@pytest.fixture
def desk(site: Site) -> Desk:
    return Desk(site)


def notices() -> list[Notice]:
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(db.select(Notice).order_by(Notice.id)))


def hung() -> dict[int, int]:
    db.session.rollback()
    return dict(db.session.execute(db.select(CaseNotice.case_id, CaseNotice.notice_id)).all())  # type: ignore[arg-type]


def test_a_notice_is_made_of_a_case_with_two_presses(desk: Desk, clock: Clock) -> None:
    desk.site.get(f"/desk/{display(desk.case.reference)}")
    form = desk.site.follow("Make a notice of it")

    page = desk.site.submit(form, form=f"/desk/notices/new?case={display(desk.case.reference)}")

    (notice,) = notices()
    assert page.path == f"/desk/notices/{notice.id}"
    assert notice.title == {"en": "Burst pipe: Ward 1", "ko": "Burst pipe 신고: 제1동"}
    assert (notice.ward_codes, notice.category_id) == ([desk.ward.code], desk.category.id)
    assert notice.department_id == desk.department.id
    assert notice.ends_at.isoformat() == "2026-11-18T14:59:00+00:00"  # the end of the city's day
    assert hung() == {desk.case.id: notice.id}
    assert "Burst pipe: Ward 1" in desk.site.another().get("/").text


def test_pressing_twice_makes_one_notice(desk: Desk) -> None:
    form = desk.site.get("/desk/notices/new")

    for _time in range(2):
        page = desk.site.submit(form, form="/desk/notices/new", title_en="No water")

    assert page.path == f"/desk/notices/{notices()[0].id}"
    assert len(notices()) == 1


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"title_en": ""}, "Write in a few words what the city knows."),
        ({"title_en": "x" * 200}, "This is too long."),
        ({"ends": "2026-11-17T10:00"}, "The end must lie ahead"),
        ({"ends": ""}, "Say until when it stands."),
        ({"lat": "36.01"}, "A position has two numbers"),
        ({"lat": "36.01", "lon": "129.51"}, "Say how many metres"),
        ({"lat": "36.01", "lon": "129.51", "radius": "3"}, "Choose 50 to 50,000 metres."),
    ],
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_what_is_wrong_is_said_and_everything_typed_stays(
    desk: Desk, fields: dict[str, str], problem: str
) -> None:
    sent = {"title_en": "No water", "text_en": "A pipe is being changed.", **fields}

    page = desk.site.submit("/desk/notices/new", form="/desk/notices/new", **sent)

    assert page.status == 422
    assert problem in page.text
    assert "A pipe is being changed." in page.html
    assert notices() == []


def test_a_notice_around_a_place_keeps_its_circle(desk: Desk) -> None:
    place = {"lat": "36.01", "lon": "129.51", "radius": "400"}

    desk.site.submit("/desk/notices/new", form="/desk/notices/new", title_en="No water", **place)

    (notice,) = notices()
    assert (notice.lat, notice.lon, notice.radius_m) == (36.01, 129.51, 400)


def test_a_notice_is_changed_extended_and_ended(desk: Desk, clock: Clock) -> None:
    notice = make.make_notice()
    address = f"/desk/notices/{notice.id}"

    desk.site.submit(f"{address}/change", form=f"{address}/change", title_en="No water and no power")
    assert notices()[0].title["en"] == "No water and no power"
    desk.site.post_raw(f"{address}/extend", {"more": "3"})
    assert notices()[0].ends_at == clock.now + timedelta(hours=11)
    desk.site.submit(address, form=f"{address}/extend", button="Save", ends="2026-11-18T12:00")
    assert notices()[0].ends_at == clock.now + timedelta(hours=2)
    desk.site.submit(address, form=f"{address}/end")

    assert notices()[0].ends_at == clock.now
    assert "No water" not in desk.site.get("/").text


def test_what_is_over_says_so_when_it_is_to_stand_longer(desk: Desk, clock: Clock) -> None:
    notice = make.make_notice(hours=1)
    clock.move(hours=2)

    for fields in ({"more": "3"}, {"ends": "2026-11-30T10:00"}, {}):
        page = desk.site.post_raw(f"/desk/notices/{notice.id}/extend", fields)
        assert page.status == 422
        assert "This notice is over. Make a new one." in page.text


def test_who_changes_what_somebody_else_changed_sees_it_anew(desk: Desk) -> None:
    notice = make.make_notice()
    address = f"/desk/notices/{notice.id}/change"
    form = desk.site.get(address)
    desk.site.submit(address, form=address, title_en="No power")

    page = desk.site.submit(form, form=address, title_en="No gas")

    assert page.status == 409
    assert "Somebody else changed this notice" in page.text
    assert notices()[0].title["en"] == "No power"


def test_chosen_cases_hang_under_it_and_one_comes_off(desk: Desk) -> None:
    other, third = desk.complaint(), desk.complaint()
    notice = make.make_notice(ward_codes=[desk.ward.code], category_id=desk.category.id)
    address = f"/desk/notices/{notice.id}"

    desk.site.submit(address, form=f"{address}/hang", case=[desk.case.reference, other.reference])
    assert hung() == {desk.case.id: notice.id, other.id: notice.id}
    desk.site.post_raw(f"{address}/take-off", {"case": other.reference})

    assert hung() == {desk.case.id: notice.id}
    assert third.id not in hung()


def test_nobody_hangs_a_case_that_is_at_another_desk(desk: Desk) -> None:
    elsewhere, private = make.make_complaint(), make.make_complaint(is_private=True)
    notice = make.make_notice()

    for case in (elsewhere, private):
        desk.site.post_raw(f"/desk/notices/{notice.id}/hang", {"case": case.reference})

    assert hung() == {}


def test_an_update_answers_every_case_and_closes_them(desk: Desk) -> None:
    other = desk.complaint()
    notice = make.make_notice()
    address = f"/desk/notices/{notice.id}"
    desk.site.post_raw(f"{address}/hang", {"case": [desk.case.reference, other.reference]})

    page = desk.site.submit(
        address,
        form=f"{address}/update",
        text_en="The water is back.",
        closes="fixed",
        also="end",
    )

    assert page.path == address
    db.session.rollback()
    db.session.expire_all()
    assert {cases.get_case(c.reference).status for c in (desk.case, other)} == {Status.CLOSED}
    assert notices()[0].ends_at == clock.now()
    for case in (desk.case, other):
        assert "The water is back." in desk.site.another().get(f"/complaints/{case.reference}").text


def test_the_other_languages_of_an_update_are_folded_until_one_has_words(desk: Desk) -> None:
    notice = make.make_notice()
    address = f"/desk/notices/{notice.id}"
    folded = f"form[action='{address}/update'] details"
    assert (len(desk.site.get(address).all(folded)), desk.site.get(address).all(f"{folded}[open]")) == (1, [])

    refused = desk.site.submit(address, form=f"{address}/update", text_en="", text_ko="물이 나옵니다.")

    assert refused.status == 422
    assert len(refused.all(f"{folded}[open]")) == 1


def test_what_could_not_be_closed_is_listed_with_the_reason(desk: Desk) -> None:
    repair = make.make_category("Pipe repair", department=desk.department, is_repair=True)
    case = make.make_complaint(category=repair)
    notice = make.make_notice()
    address = f"/desk/notices/{notice.id}"
    desk.site.post_raw(f"{address}/hang", {"case": case.reference})

    page = desk.site.submit(address, form=f"{address}/update", text_en="It is back.", closes="fixed")

    assert "Not closed: Add a photo of the work, or say why there is none." in page.text


def test_pressing_twice_says_it_once(desk: Desk) -> None:
    notice = make.make_notice()
    address = f"/desk/notices/{notice.id}"
    form = desk.site.get(address)

    for _time in range(2):
        desk.site.submit(form, form=f"{address}/update", text_en="Back at six.")

    db.session.rollback()
    assert len(db.session.scalars(db.select(NoticeUpdate)).all()) == 1


def test_private_words_under_a_notice_are_for_those_who_work_the_case(desk: Desk) -> None:
    notice = make.make_notice()
    secret = make.make_complaint(is_private=True, title="My neighbour steals water")
    make.save(CaseNotice(case_id=secret.id, notice_id=notice.id, at=clock.now()))

    page = desk.site.get(f"/desk/notices/{notice.id}")

    assert "My neighbour" not in page.text
    assert display(secret.reference) in page.text


def test_the_desk_offers_running_notices_for_a_case_and_says_which_it_hangs_under(desk: Desk) -> None:
    fits = make.make_notice("No water in ward 1", ward_codes=[desk.ward.code])
    other = make.make_notice("No power elsewhere", ward_codes=[make.make_ward().code])
    address = f"/desk/{display(desk.case.reference)}"

    page = desk.site.get(address)
    assert f"/desk/notices/{other.id}/hang" not in page.html
    page = desk.site.submit(page, form=f"/desk/notices/{fits.id}/hang?from={desk.case.reference}")

    assert page.path == address
    assert "Take it off" in page.text
    assert hung() == {desk.case.id: fits.id}


@pytest.mark.parametrize("who", ["agent", "integrity officer", "resident", "administrator"])
@pytest.mark.first_case("who may do what is decided by the program")
def test_only_officers_and_supervisors_make_notices(desk: Desk, who: str) -> None:
    person = {
        "agent": make.make_agent,
        "integrity officer": make.make_integrity_officer,
        "resident": make.make_resident,
        "administrator": make.make_administrator,
    }[who]()
    other = desk.site.another().sign_in(person)

    assert other.get("/desk/notices/new").status == 404
    assert other.post_raw("/desk/notices/new", {"title_en": "No water"}).status == 404
    assert notices() == []
