"""Public lists as files: whole, in parts, without personal data and without formulas."""

import csv
import io
import json
from datetime import timedelta
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest

from cps.cases.models import Case
from cps.cases.reference import display
from cps.cases.rules import Status
from cps.core import clock
from cps.opendata.views import feeds, files
from tests.support import factories as make
from tests.support import polls
from tests.support.application import BASE_URL
from tests.support.page import Page
from tests.support.site import Site

ATOM = "{http://www.w3.org/2005/Atom}"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def table(page: Page) -> list[dict[str, str]]:
    assert page.status == 200
    return list(csv.DictReader(io.StringIO(page.data.decode("utf-8-sig"))))


def entries(page: Page) -> list[Element]:
    assert page.status == 200
    return fromstring(page.data).findall(f"{ATOM}entry")


def links(page: Page) -> dict[str, str]:
    found = fromstring(page.data).findall(f"{ATOM}link")
    return {str(link.get("rel")): str(link.get("href")) for link in found}


def path(address: str) -> str:
    assert address.startswith(BASE_URL)
    return address.removeprefix(BASE_URL)


def complaint(minutes: int, **columns: Any) -> Case:
    return make.make_complaint(at=clock.now() - timedelta(minutes=minutes), **columns)


def test_a_table_has_a_line_for_every_public_complaint_and_none_for_others(site: Site) -> None:
    ward = make.make_ward()
    newer = complaint(1, ward=ward, title="A hole, “deep”\nand wide")
    older = complaint(2, status=Status.CLOSED)
    complaint(3, is_private=True)
    complaint(4, is_hidden=True)

    page = site.get("/complaints.csv")
    rows = table(page)

    assert page.data.startswith(b"\xef\xbb\xbf")
    assert page.header("Content-Type") == "text/csv; charset=utf-8"
    assert [row["reference"] for row in rows] == [newer.reference, older.reference]
    assert rows[0]["title"] == "A hole, “deep”\nand wide"
    assert rows[0]["page"] == f"{BASE_URL}/complaints/{display(newer.reference)}"
    assert (rows[0]["ward"], rows[0]["ward_name"]) == (ward.code, "Ward 1")
    assert rows[0]["received_at"] == "2026-11-18T00:59:00Z"
    assert (rows[1]["status"], rows[1]["outcome"], rows[1]["colour"]) == ("closed", "fixed", "done")
    assert (rows[1]["lat"], rows[1]["ward"]) == ("", "")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", " ="])
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_no_cell_is_taken_for_a_formula(site: Site, start: str) -> None:
    complaint(1, title=f"{start}cmd|' /C calc'!A0", address=f"{start}1+1")

    (row,) = table(site.get("/complaints.csv"))

    assert row["title"][0] == row["address"][0] == "'"


def test_a_place_south_and_west_of_nothing_stays_a_number(site: Site) -> None:
    complaint(1, lat=-36.0, lon=-70.5)

    (row,) = table(site.get("/complaints.csv"))

    assert (row["lat"], row["lon"]) == ("-36.0", "-70.5")


@pytest.mark.parametrize("form", ["/complaints.csv", "/complaints.geojson", "/feeds/complaints.atom"])
def test_a_file_holds_what_the_filters_of_the_address_leave(site: Site, form: str) -> None:
    wanted, other = make.make_category("Lamp"), make.make_category("Drain")
    complaint(1, category=wanted, title="The lamp is broken")
    complaint(2, category=other, title="The drain is blocked")
    complaint(3, category=wanted, status=Status.CLOSED, title="The lamp was broken")

    text = site.get(f"{form}?category={wanted.code}&state=waiting").data.decode()

    assert "The lamp is broken" in text
    assert "The drain" not in text
    assert "The lamp was" not in text


@pytest.mark.parametrize("list_page", ["/complaints", "/notices", "/polls"])
def test_the_files_of_a_list_are_linked_on_its_page_with_its_filters(site: Site, list_page: str) -> None:
    make.make_notice()
    complaint(1)
    polls.make_poll("open-poll")

    page = site.get(f"{list_page}?state=waiting" if list_page == "/complaints" else list_page)

    for name in ["CSV", "Feed (Atom)"] if list_page == "/polls" else ["CSV", "GeoJSON", "Feed (Atom)"]:
        assert site.get(page.link(name)).status == 200
    if list_page == "/complaints":
        assert "state=waiting" in page.link("CSV")
    assert 'rel="alternate" type="application/atom+xml"' in page.html


def test_a_long_table_says_where_the_rest_is(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_ROWS", 2)
    cases = [complaint(minute) for minute in range(5)]
    seen, address, parts = [], "/complaints.csv?state=waiting", 0

    while address:
        page = site.get(address)
        rows, parts = table(page), parts + 1
        seen += [row["reference"] for row in rows if row["reference"]]
        rest = [row["page"] for row in rows if not row["reference"]]
        address = path(rest[0]) if rest else ""
        assert (page.header("Link") == f'<{BASE_URL}{address}>; rel="next"') is bool(address)
        assert not address or "state=waiting" in address

    assert seen == [case.reference for case in cases]
    assert parts == 3


def test_a_list_that_just_fits_has_no_rest(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_ROWS", 2)
    for minute in range(2):
        complaint(minute)

    page = site.get("/complaints.csv")

    assert len(table(page)) == 2
    assert page.header("Link") == ""


def test_a_damaged_key_begins_anew(site: Site) -> None:
    complaint(1)

    for key in ("x", "e30", "WzEsMl0", "a" * 5000):
        assert len(table(site.get(f"/complaints.csv?after={key}"))) == 1


def test_geojson_has_a_point_where_there_is_one_and_links_to_the_rest(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MOST_ROWS", 2)
    placed, nowhere = complaint(1, ward=make.make_ward()), complaint(2)
    complaint(3)

    page = site.get("/complaints.geojson?state=waiting")
    content = json.loads(page.data)

    first, second = content["features"]
    assert first["geometry"] == {"type": "Point", "coordinates": [129.51, 36.01]}
    assert (first["properties"]["reference"], second["properties"]["reference"]) == (
        placed.reference,
        nowhere.reference,
    )
    assert second["geometry"] is None
    rest = {link["rel"]: link["href"] for link in content["links"]}
    assert len(json.loads(site.get(path(rest["next"])).data)["features"]) == 1
    assert page.header("Content-Type").startswith("application/geo+json")


def test_no_complaints_are_an_empty_file_and_a_valid_one(site: Site) -> None:
    assert table(site.get("/complaints.csv")) == []
    assert json.loads(site.get("/complaints.geojson").data)["features"] == []
    assert entries(site.get("/feeds/complaints.atom")) == []


def test_an_entry_of_a_feed_names_the_language_it_was_written_in(site: Site) -> None:
    ward = make.make_ward()
    complaint(1, title="골목이 어두워요 <&>", language="ko", ward=ward)
    complaint(2)

    korean, english = entries(site.get("/feeds/complaints.atom"))

    assert (korean.get(LANGUAGE), english.get(LANGUAGE)) == ("ko", "en")
    assert korean.findtext(f"{ATOM}title") == "골목이 어두워요 <&>"
    assert korean.findtext("{http://www.georss.org/georss}point") == "36.01 129.51"
    assert [c.get("term") for c in korean.findall(f"{ATOM}category")][-1] == ward.code


def test_a_feed_goes_on_behind_next(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "ENTRIES", 2)
    for minute in range(3):
        complaint(minute)

    first = site.get("/feeds/complaints.atom?state=waiting")
    second = site.get(path(links(first)["next"]))

    assert (len(entries(first)), len(entries(second))) == (2, 1)
    assert "next" not in links(second)
    assert path(links(second)["first"]) == "/feeds/complaints.atom?state=waiting"


@pytest.mark.parametrize(
    "address",
    [
        *("/complaints.csv", "/complaints.geojson", "/feeds/complaints.atom"),
        *("/notices.csv", "/notices.geojson", "/feeds/notices.atom", "/polls.csv", "/feeds/polls.atom"),
    ],
)
def test_a_file_is_not_sent_again_while_nothing_has_changed(site: Site, address: str) -> None:
    complaint(5)
    notice = make.make_notice()
    polls.make_poll("open-poll")
    tag = site.get(address).header("ETag")
    assert site.get(address, headers={"If-None-Match": tag}).status == 304

    complaint(1)
    make.make_notice(f"After {notice.id}")
    polls.make_poll("another-poll")

    assert site.get(address, headers={"If-None-Match": tag}).status == 200


def test_notices_are_told_with_their_area_and_without_what_staff_say(site: Site) -> None:
    ward, category = make.make_ward(), make.make_category("Water")
    make.make_notice(
        "No water",
        ward_codes=[ward.code],
        lat=36.01,
        lon=129.51,
        radius_m=400,
        category_id=category.id,
        say={"en": "Secret words of staff"},
    )

    (row,) = table(site.get("/notices.csv"))
    (feature,) = json.loads(site.get("/notices.geojson").data)["features"]
    (entry,) = entries(site.get("/feeds/notices.atom"))

    assert (row["title"], row["state"], row["wards"], row["radius_m"]) == (
        "No water",
        "running",
        ward.code,
        "400",
    )
    assert feature["geometry"]["coordinates"] == [129.51, 36.01]
    assert entry.findtext(f"{ATOM}content") == "We know. A pipe is being changed."
    for address in ("/notices.csv", "/notices.geojson", "/feeds/notices.atom"):
        assert b"Secret words" not in site.get(address).data


def test_every_feed_that_is_named_in_the_feed_of_feeds_is_one(site: Site) -> None:
    named = [str(entry.findtext(f"{ATOM}id")) for entry in entries(site.get("/feeds/index.atom"))]

    assert len(named) == 5
    for address in named:
        assert fromstring(site.get(path(address)).data).tag == f"{ATOM}feed"


def test_polls_are_listed_but_for_drafts(site: Site) -> None:
    polls.make_poll("open-poll")
    polls.make_draft("draft-poll")

    assert [row["slug"] for row in table(site.get("/polls.csv"))] == ["open-poll"]
    assert len(entries(site.get("/feeds/polls.atom"))) == 1


def test_names_are_in_the_language_of_the_request(site: Site) -> None:
    complaint(1, category=make.make_category("Lamp"))

    (row,) = table(site.get("/complaints.csv", headers={"Accept-Language": "ko"}))

    assert row["category_name"] == "Lamp 신고"


def test_a_large_table_is_read_some_rows_at_a_time(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    from cps.opendata import queries

    monkeypatch.setattr(queries, "AT_ONCE", 2)
    for minute in range(5):
        complaint(minute)

    assert len(table(site.get("/complaints.csv"))) == 5
    limited = [one for one in site.statements if "FROM cases" in one and "body" in one]
    assert len(limited) == 3
