"""What everybody may ask over Open311: public complaints and nothing else, in few statements."""

from datetime import timedelta

import pytest
from sqlalchemy import insert

from cps.cases.models import Case
from cps.cases.rules import Audience, EventKind, Outcome, Status
from cps.core import clock
from cps.core.db import db, transaction
from cps.departments.rules import Datatype
from tests.open311.support import BASE, ids, xml
from tests.support import factories as make
from tests.support.application import BASE_URL
from tests.support.fixtures import Clock
from tests.support.page import Page
from tests.support.site import Site


def asked(site: Site, query: str = "", path: str = "/requests.json") -> Page:
    return site.get(f"{BASE}{path}?{query}")


def test_private_hidden_and_staff_complaints_never_appear(site: Site) -> None:
    public = make.make_complaint()
    secret = [
        make.make_complaint(is_private=True),
        make.make_complaint(is_hidden=True),
        make.make_complaint(
            category=make.make_category(is_integrity=True), is_private=True, is_integrity=True
        ),
    ]
    numbers = ",".join(case.reference for case in [public, *secret])

    assert ids(asked(site)) == ids(asked(site, f"service_request_id={numbers}")) == [public.reference]
    for case in secret:
        for path in ("requests", "tokens"):
            page = site.get(f"{BASE}/{path}/{case.reference}.xml")
            assert page.status == 404
            assert xml(page).findtext("error/code") == "404"
    assert [one["group"] for one in asked(site, path="/services.json").json].count("Streets") == 3


def test_a_request_says_what_the_page_says(site: Site, clock: Clock) -> None:
    ward = make.make_ward()
    depth = make.question("depth", Datatype.SINGLE, choices={"ankle": "Ankle-deep"}, is_required=True)
    category = make.make_category("Pothole", questions=[depth])
    case = make.make_complaint(
        Status.CLOSED, outcome=Outcome.FIXED, category=category, ward=ward, address="Quay 3",
        message="Filled this morning.", body="A hole <b>here</b> & there", answers={"depth": ["ankle"]},
        contact={"email": "resident@example.org", "name": "Bora Kim"},
    )  # fmt: skip
    make.make_event(case, EventKind.NOTED, audience=Audience.STAFF, message="for staff")
    later = clock.now + timedelta(seconds=10)
    make.make_event(case, EventKind.UPDATED, message="held back", public_from=later)

    page = site.get(f"{BASE}/requests/{case.reference}.json?extensions=true")
    (one,) = page.json
    request = xml(site.get(f"{BASE}/requests/{case.reference}.xml")).find("request")
    (token,) = site.get(f"{BASE}/tokens/{case.reference}.json").json
    definition = site.get(f"{BASE}/services/{category.code}.json").json

    assert (one["status"], one["status_notes"]) == ("closed", "Fixed: Filled this morning.")
    assert (one["service_code"], one["agency_responsible"]) == (category.code, "Roads")
    assert (one["lat"], one["long"], one["address"]) == (case.lat, case.lon, "Quay 3")
    assert one["requested_datetime"] == "2026-11-18T01:00:00Z"
    assert one["extended_attributes"]["page"].startswith(f"{BASE_URL}/complaints/")
    assert one["extended_attributes"]["attributes"] == [{"code": "depth", "values": ["ankle"]}]
    assert "for staff" not in page.data.decode()
    assert "held back" not in page.data.decode()
    assert "example.org" not in page.data.decode()
    assert request is not None
    assert request.findtext("description") == "A hole <b>here</b> & there"
    assert request.find("notes") is None
    assert token == {"service_request_id": case.reference, "token": case.reference}
    assert definition["attributes"][0]["values"] == [{"key": "ankle", "name": "Ankle-deep"}]


def test_a_list_is_narrowed_by_each_parameter_and_by_all_together(site: Site) -> None:
    ward = make.make_ward()
    lat, lon = make.middle(ward)
    lamp, hole = make.make_category("Lamp"), make.make_category("Hole")
    now = clock.now()
    old = make.make_complaint(category=lamp, at=now - timedelta(days=100)).reference
    shut = make.make_complaint(Status.CLOSED, category=lamp, at=now - timedelta(days=2)).reference
    new = make.make_complaint(category=hole, ward=ward).reference
    with transaction() as session:
        session.query(Case).filter_by(reference=old).update({"updated_at": now - timedelta(minutes=5)})

    for query, wanted in {
        "": [new, shut],
        "status=closed": [shut],
        f"service_code={lamp.code},{hole.code}&status=open": [new],
        "end_date=2026-09-01": [old],
        "start_date=2026-11-15&end_date=2026-11-17T00:00:00Z": [shut],
        "updated_after=2026-11-18T00:30:00Z&status=open": [new, old],
        "page_size=1&page=2": [shut],
        f"lat={lat}&long={lon}&radius=500": [new],
        f"bbox={lon - 0.001},{lat - 0.001},{lon + 0.001},{lat + 0.001}": [new],
        f"service_request_id={old},2611-9999-0000,{new}&status=closed&start_date=no": [new, old],
    }.items():
        assert ids(asked(site, query)) == wanted, query
    for query in (
        "status=lost",
        "page=0",
        "page_size=1001",
        "bbox=1,2,3",
        "lat=3",
        "lat=x&long=y",
        "start_date=x",
    ):
        assert asked(site, query).status == 400, query
    assert asked(site, "service_code=nothing").status == 404


def test_more_than_a_thousand_are_cut_and_cost_no_more_statements(site: Site) -> None:
    first = make.make_complaint()
    asked(site)
    few = asked(site, "extensions=true")
    statements = len(site.statements)
    row = {column.key: getattr(first, column.key) for column in Case.__table__.columns if not column.computed}
    rows = [
        {**row, "id": first.id + number, "reference": f"9{number:011}", "external_id": str(number)}
        for number in range(1, 1002)
    ]
    with transaction():
        db.session.execute(insert(Case.__table__), rows)

    many = asked(site, "extensions=true")

    assert len(few.json) == 1
    assert len(many.json) == 1000
    assert len(site.statements) <= statements
    assert statements <= 6


def test_updates_are_told_once_they_are_public_and_of_public_requests_alone(site: Site, clock: Clock) -> None:
    case, secret = make.make_complaint(), make.make_complaint(is_private=True)
    for about in (case, secret):
        make.make_event(about, EventKind.UPDATED, message=f"News of {about.id}")
    make.make_event(case, EventKind.UPDATED, message="later", public_from=clock.now + timedelta(seconds=10))

    (one,) = asked(site, path="/servicerequestupdates.json").json
    clock.move(seconds=10)
    both = asked(site, path="/servicerequestupdates.json").json
    clock.move(days=3)

    assert (one["service_request_id"], one["description"]) == (case.reference, f"News of {case.id}")
    assert [one["description"] for one in both] == [f"News of {case.id}", "later"]
    assert asked(site, path="/servicerequestupdates.json").json == []


@pytest.mark.one_database("the answer is made before it is asked")
def test_a_list_that_has_not_changed_is_not_sent_again(site: Site) -> None:
    make.make_complaint()
    tag = asked(site).header("ETag")

    assert site.get(f"{BASE}/requests.json?", headers={"If-None-Match": tag}).status == 304
    assert site.get(f"{BASE}/requests.json?status=x", headers={"If-None-Match": tag}).status == 400
