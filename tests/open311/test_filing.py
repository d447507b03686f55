"""Complaints that other programs file: the rules that hold for everybody, one case for one request."""

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select

from cps.cases.models import Attachment, Case, CaseEvent
from cps.cases.queries import contact_of
from cps.cases.rules import Channel, EventKind, Priority
from cps.core.db import db, transaction
from cps.core.limits import Limit
from cps.departments.rules import Datatype
from cps.open311 import queries, services
from cps.open311.views import sending
from cps.wards.models import Ward
from tests.complaints.steps import notes, photo
from tests.open311.support import BASE, make_key, send, why
from tests.support import factories as make
from tests.support.fixtures import Clock, Database
from tests.support.site import Site


@pytest.fixture
def ward(site: Site) -> Ward:
    return make.make_ward()


def fields(ward: Ward, **more: Any) -> dict[str, Any]:
    """Return what a client sends; a category of its own where none is named."""
    lat, lon = make.middle(ward)
    code = more.pop("service_code", None) or make.make_category("Lamp").code
    sent = {"service_code": code, "lat": str(lat), "long": str(lon), "description": "The lamp is dark."}
    return {"api_key": make_key(), **sent, **more}


def sent_file(content: bytes, name: str) -> tuple[BytesIO, str]:
    """Return a file as a client sends it."""
    return BytesIO(content), name


def cases() -> list[Case]:
    return list(db.session.scalars(select(Case).order_by(Case.id)))


def test_what_a_program_files_is_a_complaint_like_any_other(site: Site, ward: Ward) -> None:
    sent = fields(
        ward,
        description="A gas leak! Call 010-1234-5678 <b>now</b>",
        email="Bora@example.org",
        phone="010-1234-5678",
        first_name="Bora",
        last_name="Kim",
        attribute="ignored",
    )

    page = send(site, {**sent, "extensions": "true"})
    (told,), (case,) = page.json, cases()
    contact = contact_of(case.id)
    shown = site.get(f"{BASE}/requests/{case.reference}.json?extensions=true").data.decode()

    assert page.status == 201
    assert told["service_request_id"] == case.reference
    assert told["service_notice"].startswith("Roads: answer by")
    assert told["page"].endswith(
        f"/complaints/{case.reference[:4]}-{case.reference[4:8]}-{case.reference[8:]}"
    )
    assert (case.channel, case.ward_id, case.priority) == (Channel.API, ward.id, Priority.URGENT)
    assert case.source == "cps"
    assert notes(case) == ["Sent by the program “Fix It”."]
    assert contact is not None
    assert (contact.name, contact.email, contact.phone) == ("Bora Kim", "bora@example.org", "+821012345678")
    assert "<b>now</b>" in shown
    for personal in ("1234-5678", "Bora", "Kim", "Fix It"):
        assert personal not in shown


def test_a_key_that_is_missing_wrong_or_revoked_files_nothing(site: Site, ward: Ward) -> None:
    sent = fields(ward)
    key = queries.usable_key(sent["api_key"])
    assert key is not None
    with transaction():
        services.revoke_key(queries.lock_key(key.id), by=None, at=key.created_at)

    for shown in (sent["api_key"], "", "x" * 5000):
        page = send(site, {**sent, "api_key": shown})
        assert (page.status, page.json[0]["code"]) == (403, 403)
    assert cases() == []


def test_everything_that_is_wrong_is_told_at_once(site: Site, ward: Ward) -> None:
    asked = [
        make.question("depth", Datatype.SINGLE, choices={"ankle": "Ankle-deep"}, is_required=True),
        make.question("since", Datatype.DATETIME),
        make.question(
            "pipe", Datatype.SINGLE, choices={"gas": "Gas"}, stops={"gas": {"en": "Call the gas works."}}
        ),
    ]
    good = fields(ward, service_code=make.make_category(questions=asked).code)

    for wrong, words in (
        ({}, "attribute depth: Please answer"),
        ({"attribute[depth]": "knee"}, "attribute depth: Choose one of these"),
        ({"attribute[depth]": ["ankle", "ankle"]}, "depth takes one value"),
        ({"attribute[depth]": "ankle", "attribute[width]": "3"}, "attribute width is none of this service"),
        ({"attribute[depth]": "ankle", "attribute[since]": "lately"}, "attribute since: Write the day"),
        ({"attribute[depth]": "ankle", "attribute[pipe]": "gas"}, "pipe: Call the gas works."),
        ({"lat": "1", "long": "1", "attribute[depth]": "ankle"}, "outside the city"),
        ({"lat": "", "long": "", "address_id": "7", "attribute[depth]": "ankle"}, "address_id is not known"),
        ({"email": "nobody", "media_url": "ftp://x", "attribute[depth]": "ankle"}, "media_url is an http"),
        ({"phone": "12", "attribute[depth]": "ankle"}, "phone is no number"),
    ):
        page = send(site, {**good, **wrong})
        assert page.status == 400, wrong
        assert words in why(page)
    assert len(send(site, {**good, "lat": "", "email": "x", "phone": "y"}).json) == 3
    assert cases() == []


def test_answers_are_kept_as_the_site_keeps_them(site: Site, ward: Ward) -> None:
    asked = [
        make.question("kinds", Datatype.MULTIPLE, choices={"a": "A", "b": "B", "c": "C"}),
        make.question("since", Datatype.DATETIME),
        make.question("width", Datatype.NUMBER),
    ]
    sent = fields(ward, service_code=make.make_category(questions=asked).code, description="")
    answers = {
        "attribute[kinds][]": ["a", "c"],
        "attribute[since]": "2026-11-17T15:30:00Z",
        "attribute[width]": "3,5",
    }

    page = send(site, {**sent, **answers}, "/requests.xml")
    (case,) = cases()

    assert page.status == 201
    assert case.answers == {"kinds": ["a", "c"], "since": ["2026-11-18T00:30"], "width": ["3.5"]}
    assert case.body == "Pothole"


def test_an_answer_of_danger_makes_it_urgent(site: Site, ward: Ward) -> None:
    asked = make.question("threat", Datatype.SINGLE, choices={"yes": "Yes", "no": "No"}, dangers=["yes"])
    sent = fields(ward, service_code=make.make_category(questions=[asked]).code)

    send(site, {**sent, "attribute[threat]": "yes"})

    assert [case.priority for case in cases()] == [Priority.URGENT]


def test_the_same_request_sent_again_within_an_hour_makes_one_case(
    site: Site, ward: Ward, clock: Clock
) -> None:
    sent = fields(ward, device_id="phone-7")
    first = send(site, sent).json[0]["service_request_id"]
    clock.move(minutes=59)

    again = send(site, sent)
    others = [
        send(site, {**sent, "description": "Another lamp."}),
        send(site, {**sent, "device_id": "phone-8"}),
        send(site, {**sent, "api_key": make_key("Other")}),
        send(site, {**sent, "device_id": ""}),
        send(site, {**sent, "device_id": ""}),
    ]
    clock.move(minutes=2)
    late = send(site, sent)

    assert (again.status, again.json[0]["service_request_id"]) == (200, first)
    assert [page.status for page in [*others, late]] == [201] * 6
    assert len(cases()) == 7


def test_two_that_come_at_once_under_one_key_make_one_case(
    site: Site, ward: Ward, database: Database
) -> None:
    sent, both = fields(ward), Barrier(2)
    clients = [site.another() for _ in range(2)]

    def file(number: int) -> tuple[int, str]:
        both.wait()
        files = {"media": [sent_file(photo(), "a.jpg")]}
        page = send(clients[number], {**sent, **files}, **{"Idempotency-Key": "one"})
        return page.status, page.json[0]["service_request_id"]

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(file, range(2)))

    assert sorted(status for status, _id in answers) == [200, 201]
    assert len({made for _status, made in answers}) == len(cases()) == 1
    name = db.session.scalars(select(Attachment.name)).one()
    stored = [path for path in (database.folder / "media").rglob("*") if path.is_file()]
    assert stored
    assert [path for path in stored if name not in str(path)] == []


def test_photos_are_taken_as_everywhere_and_what_is_none_leaves_no_file(
    site: Site, ward: Ward, database: Database
) -> None:
    sent = fields(ward)

    refused = send(site, {**sent, "media[]": [sent_file(photo(), "a.jpg"), sent_file(b"no photo", "b.jpg")]})
    left = [path for path in (database.folder / "media").rglob("*") if path.is_file()]
    many = send(site, {**sent, "media[]": [sent_file(photo(), f"{n}.jpg") for n in range(7)]})
    taken = send(site, {**sent, "media": [sent_file(photo("red"), "a.jpg")]})
    (case,) = cases()
    (one,) = site.get(f"{BASE}/requests/{case.reference}.json").json

    assert (refused.status, many.status, taken.status) == (400, 400, 201)
    assert "b.jpg" in why(refused)
    assert left == []
    assert db.session.scalars(select(Attachment)).one().case_id == case.id
    assert site.get(one["media_url"].partition("localhost")[2]).status == 200


def test_a_link_is_shown_to_everybody_only_at_the_clients_own_host(site: Site, ward: Ward) -> None:
    key = make_key(media_host="photos.example.org")
    for host in ("photos.example.org", "elsewhere.example.org"):
        send(site, fields(ward, api_key=key, media_url=f"https://{host}/1.jpg"))

    own, foreign = (site.get(f"{BASE}/requests/{case.reference}.json").json[0] for case in cases())

    assert own["media_url"] == "https://photos.example.org/1.jpg"
    assert foreign["media_url"] is None
    assert "https://elsewhere.example.org/1.jpg" in notes(cases()[1])[0]


def test_where_moderators_hid_the_photo_its_link_is_gone_as_well(site: Site, ward: Ward) -> None:
    key = make_key(media_host="photos.example.org")
    link = "https://photos.example.org/1.jpg"
    for colour in ("red", "blue"):
        file = sent_file(photo(colour), "1.jpg")
        send(site, {**fields(ward, api_key=key, media_url=link), "media": [file]})
    first, other = cases()
    with transaction():
        hid = db.session.scalars(select(Attachment).where(Attachment.case_id == first.id)).one()
        hid.is_hidden = True
    hidden, shown = (site.get(f"{BASE}/requests/{one.reference}.json").json[0] for one in (first, other))

    assert hidden["media_url"] is None
    assert shown["media_url"].startswith("http://localhost/photos/")


@pytest.mark.settings(rate_limits=True)
def test_a_key_files_only_so_much_in_an_hour(site: Site, ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "OF_KEY", Limit("open311-key", 1, sending.OF_KEY.per))
    sent = fields(ward)

    assert send(site, sent).status == 201
    page = send(site, sent, "/requests.xml")
    assert page.status == 429
    assert page.header("Content-Type") == "text/xml; charset=utf-8"
    assert int(page.header("Retry-After")) > 0


def test_whoever_filed_a_request_may_add_to_it_and_nobody_else(site: Site, ward: Ward) -> None:
    sent = fields(ward)
    reference = send(site, sent).json[0]["service_request_id"]
    other = make.make_complaint().reference
    path, add = "/servicerequestupdates.json", {"api_key": sent["api_key"], "description": "It is number 7."}

    for wrong, status in (
        ({"service_request_id": other}, 404),
        ({"service_request_id": reference, "api_key": make_key("Other")}, 404),
        ({"service_request_id": reference, "api_key": ""}, 403),
        ({"service_request_id": reference, "description": ""}, 400),
    ):
        assert send(site, {**add, **wrong}, path).status == status, wrong
    page = send(site, {**add, "service_request_id": reference}, path)
    replies = select(CaseEvent).where(CaseEvent.kind == EventKind.REPLIED)
    event = db.session.scalars(replies).one()

    assert page.status == 201
    assert (event.message, page.json[0]["update_id"]) == ("It is number 7.", str(event.id))
    assert "number 7" not in site.get(f"{BASE}/requests/{reference}.json?extensions=true").data.decode()


def test_a_failure_is_told_in_the_form_that_was_asked_for(site: Site, ward: Ward) -> None:
    page = send(site, {**fields(ward), "x": "y" * 5_000_000})

    assert page.status == 413
    assert page.json[0]["code"] == 413
    assert cases() == []


def test_a_repeated_request_does_not_tell_that_integrity_officers_have_it(site: Site, ward: Ward) -> None:
    sent, header = fields(ward), {"Idempotency-Key": "one"}
    send(site, sent, **header)
    with transaction() as session:
        case = session.get_one(Case, cases()[0].id)
        case.is_integrity = case.is_private = True

    again = send(site, sent, **header)

    assert again.status == 200
    assert again.json[0]["service_notice"] is None
