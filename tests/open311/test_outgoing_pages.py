"""Administrators connect a department; officers see where a case was sent, everybody what came of it."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from cps.cases import services as cases
from cps.cases.queries import lock_case
from cps.cases.reference import display
from cps.config import Env
from cps.core.db import db, transaction
from cps.core.models import AuditRow
from cps.departments.models import Category, Department
from cps.departments.rules import Datatype
from cps.open311.outgoing.rules import STAYS, Ending
from tests.open311.connected import connect, file, sent, system, work
from tests.open311.other_city import KEY, OtherCity, Said
from tests.support import factories as make
from tests.support.fixtures import Clock
from tests.support.site import Site


def path(department: Department, rest: str = "") -> str:
    return f"/admin/departments/{department.id}/system{rest}"


def test_an_administrator_connects_a_department_and_begins_to_send(
    site: Site, url: str, city: OtherCity, roads: Department, pothole: Category
) -> None:
    site.sign_in(make.make_administrator())
    assert "Connect another system" in site.get(f"/admin/departments/{roads.id}").text

    page = site.submit(path(roads), base_url=f"{url}/", api_key=KEY, jurisdiction="", form=path(roads))
    assert "It is being asked for its services" in page.text
    assert KEY not in page.html
    work()

    route = f"route-{pothole.code}"
    site.submit(path(roads), **{route: "hole", "route-*": ""}, form=path(roads, "/routes"))
    work()
    site.submit(path(roads), to="on", form=path(roads, "/turn"))
    case = file(pothole)
    work()

    now = system(roads)
    assert (now.base_url, now.routes, now.is_on) == (url, {pothole.code: "hole"}, True)
    assert city.keys == [case.reference]
    assert "Cases are sent to 127.0.0.1" in site.get(path(roads)).text
    actions = [row.action for row in db.session.scalars(select(AuditRow).order_by(AuditRow.id))]
    assert [one for one in actions if "system" in one] == [
        "connect-system",
        "change-system",
        "turn-on-system",
        "send-to-system",
    ]
    assert KEY not in site.get(path(roads)).html
    assert "Connected to another system" in site.get(f"/admin/departments/{roads.id}").text


@pytest.mark.parametrize(
    "address", ["", "ftp://a.example", "https://user:x@a.example/", "https://a.example/?x=1", "a.example"]
)
def test_an_address_that_can_be_none_is_refused(site: Site, roads: Department, address: str) -> None:
    site.sign_in(make.make_administrator())

    page = site.submit(path(roads), base_url=address, api_key=KEY, form=path(roads))

    assert page.status == 422
    assert page.all(".error-summary")


@pytest.mark.parametrize("address", ["http://a.example/v2", "https://127.0.0.1/v2", "https://10.0.0.7/v2"])
def test_in_production_no_open_line_and_no_address_of_our_network(
    app: Flask, site: Site, roads: Department, address: str
) -> None:
    site.sign_in(make.make_administrator())
    form = site.get(path(roads))
    before = app.extensions["cps_config"]
    app.extensions["cps_config"] = replace(before, env=Env.PRODUCTION, base_url="http://localhost")
    try:
        page = site.submit(form, base_url=address, api_key=KEY, form=path(roads))
    finally:
        app.extensions["cps_config"] = before

    assert page.status == 422
    assert "begins with https://" in page.text


def test_a_wrong_address_is_told_plainly(site: Site, url: str, city: OtherCity, roads: Department) -> None:
    city.replies = [Said(200, b"<html>Welcome</html>")] * 2
    site.sign_in(make.make_administrator())
    site.submit(path(roads), base_url=url, api_key=KEY, form=path(roads))
    work()

    page = site.get(path(roads))
    assert "Its answer is none of Open311 GeoReport v2. Compare the address." in page.text

    site.submit(page, form=path(roads, "/look"))
    work()
    assert "Potholes (hole)" in site.get(path(roads)).text


def test_nothing_begins_without_a_route_or_a_key(site: Site, url: str, roads: Department) -> None:
    site.sign_in(make.make_administrator())
    site.submit(path(roads), base_url=url, api_key="", form=path(roads))
    work()
    page = site.get(path(roads))
    assert "Begin to send" not in page.text

    site.submit(page, **{"route-*": "hole"}, form=path(roads, "/routes"))
    assert "Begin to send" not in site.get(path(roads)).text
    assert not system(roads).is_on


def test_a_category_stays_here_while_everything_else_goes(
    site: Site, url: str, city: OtherCity, roads: Department, pothole: Category
) -> None:
    lamp = make.make_category("Lamp", department=roads)
    connect(roads, url)
    site.sign_in(make.make_administrator())
    page = site.get(path(roads))
    field = f"route-{pothole.code}"
    assert page.text_of(f"select[name={field}] option[selected]") == "As everything else"

    site.submit(page, **{field: STAYS, "route-*": "hole"}, form=path(roads, "/routes"))
    file(pothole)
    case = file(lamp)
    work()

    assert city.keys == [case.reference]
    assert site.get(path(roads)).text_of(f"select[name={field}] option[selected]") == "Stays here"


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(
    site: Site, url: str, roads: Department
) -> None:
    connect(roads, url)
    site.sign_in(make.make_administrator())
    seen = site.get(path(roads))
    site.submit(path(roads), base_url=url, api_key="", jurisdiction="new.example", form=path(roads))

    page = site.submit(seen, base_url=url, api_key="", jurisdiction="old.example", form=path(roads))

    assert page.status == 409
    assert system(roads).jurisdiction == "new.example"
    assert system(roads).is_on


def test_what_it_must_be_told_and_we_do_not_ask_is_said_before_it_is_refused(
    site: Site, url: str, city: OtherCity, roads: Department
) -> None:
    city.services[0]["metadata"] = True
    city.attributes = [{"code": "depth", "required": True, "datatype": "string", "description": "How deep?"}]
    asks = make.make_category("Asks", department=roads, questions=[make.question("depth", Datatype.STRING)])
    silent = make.make_category("Silent", department=roads)
    connect(roads, url, {asks.code: "hole", silent.code: "hole"})
    site.sign_in(make.make_administrator())

    page = site.get(path(roads)).text

    assert "“Silent” may be refused" in page
    assert "“Asks” may be refused" not in page


def test_what_does_not_arrive_is_shown_and_tried_again_or_left(
    site: Site, url: str, city: OtherCity, roads: Department, pothole: Category
) -> None:
    connect(roads, url)
    city.answers = [Said(400, b'[{"code":400,"description":"too far away"}]')] * 2
    first, second = file(pothole, title="The first hole"), file(pothole, title="The second hole")
    work()
    site.sign_in(make.make_administrator())
    assert "2 cases did not arrive at the system of “Roads”." in site.get("/admin").text

    page = site.get(path(roads))
    assert "It refuses the case. It said: 400 too far away" in page.text
    site.submit(page, form=path(roads, f"/cases/{sent(first).id}/again"))
    site.submit(page, form=path(roads, f"/cases/{sent(second).id}/leave"))
    work()

    assert sent(first).number == "1-26"
    assert sent(second).ending is not None
    assert "did not arrive at the system" not in site.get("/admin").text
    twice = site.submit(page, form=path(roads, f"/cases/{sent(second).id}/leave"))
    assert "This case does not wait here any more." in twice.text


def test_of_a_case_that_did_not_arrive_nobody_reads_what_was_taken_from_the_public_since(
    site: Site, url: str, city: OtherCity, roads: Department, pothole: Category
) -> None:
    connect(roads, url)
    city.answers = [Said(400)] * 3
    staff, hidden, _other = (file(pothole, title=f"The hole of {who}") for who in ("Kim", "Lee", "nobody"))
    work()
    with transaction():
        for reference, is_staff in ((staff.reference, True), (hidden.reference, False)):
            case = lock_case(reference)
            case.is_private, case.is_integrity = True, is_staff
    site.sign_in(make.make_administrator())

    page = site.get(path(roads)).text

    assert "The hole of nobody" in page
    assert "Kim" not in page
    assert "Lee" not in page
    assert display(staff.reference) not in page
    assert display(hidden.reference) in page


def test_what_did_not_arrive_waits_for_nobody_once_another_department_has_it(
    site: Site, url: str, city: OtherCity, roads: Department, pothole: Category
) -> None:
    connect(roads, url)
    city.answers = [Said(400)]
    case = file(pothole)
    work()
    parks = make.make_department("Parks")
    by = make.make_supervisor(parks)
    with transaction():
        cases.transfer(lock_case(case.reference), parks, by=by, at=by.created_at, reason="Theirs.")
    work()
    site.sign_in(make.make_administrator())

    assert sent(case).ending is Ending.ELSEWHERE
    assert "did not arrive at the system" not in site.get("/admin").text


def test_the_key_is_on_no_page_and_in_no_log_where_the_other_side_repeats_it(
    site: Site,
    url: str,
    city: OtherCity,
    roads: Department,
    pothole: Category,
    caplog: pytest.LogCaptureFixture,
) -> None:
    connect(roads, url)
    city.answers = [Said(403, f'[{{"code":403,"description":"no key {KEY} here"}}]'.encode())]
    file(pothole)
    work()
    site.sign_in(make.make_administrator())

    page = site.get(path(roads))

    assert "It said: 403 no key … here" in page.text
    assert KEY not in page.html
    assert KEY not in caplog.text


def test_a_system_in_trouble_stands_on_the_first_page_of_the_administration(
    site: Site, url: str, city: OtherCity, roads: Department, pothole: Category
) -> None:
    connect(roads, url, key="wrong")
    file(pothole)
    work()
    site.sign_in(make.make_administrator())

    told = "does not answer: It does not take the key. Ask for a new one and type it here."
    assert told in site.get("/admin").text
    assert "It does not take the key." in site.get(path(roads)).text


def test_the_desk_shows_where_a_case_is_and_that_it_is_done_there(
    site: Site, url: str, city: OtherCity, roads: Department, pothole: Category, clock: Clock
) -> None:
    connect(roads, url)
    case = file(pothole)
    work()
    officer = make.make_officer(roads)
    site.sign_in(officer)

    page = site.get(f"/desk/{display(case.reference)}")
    assert "In the system of the department: open there" in page.text
    assert "1-26" in page.text
    assert page.links["1-26"] == f"{url}/requests/1-26.json"

    city.say("1-26", "closed", "Filled <script>alert(1)</script> on Monday.")
    clock.move(minutes=2)
    work()
    page = site.get(f"/desk/{display(case.reference)}")
    assert "The other system says that it is done." in page.text
    assert "Roads replied" in page.text
    assert "Filled <script>alert(1)</script> on Monday." in page.text
    assert "<script>alert" not in page.html


def test_everybody_reads_what_the_department_says_and_nothing_of_the_other_system(
    site: Site, url: str, city: OtherCity, roads: Department, pothole: Category, clock: Clock
) -> None:
    connect(roads, url)
    case = file(pothole)
    work()
    city.say("1-26", "closed", "Filled on Monday.")
    clock.move(minutes=2)
    work()

    page = site.get(f"/complaints/{display(case.reference)}")

    assert "The department reports that it is done" in page.text
    assert "Filled on Monday." in page.text
    assert "127.0.0.1" not in page.html
    assert "1-26" not in page.text


def test_nobody_but_administrators_connects_a_department(site: Site, roads: Department) -> None:
    site.sign_in(make.make_supervisor(roads))

    assert site.get(path(roads)).status in {403, 404}
