"""What maps of complaints ask for: cases where they are few, clusters where they are many, never private."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from cps.cases.models import Case
from cps.cases.queries import map_view
from cps.cases.rules import Status
from cps.core import clock, worker
from cps.core.db import db, transaction
from tests.support.factories import make_category, make_complaint, make_department, make_ward, middle
from tests.support.site import Site

POINTS = "/complaints/points.geojson"


def asked(site: Site, **values: object) -> dict[str, Any]:
    query = "&".join(f"{name}={value}" for name, value in values.items())
    answer: dict[str, Any] = site.get(f"{POINTS}?{query}").json
    return answer


def around(ward: Any, size: float = 0.003) -> str:
    lat, lon = middle(ward)
    return f"{lon - size},{lat - size},{lon + size},{lat + size}"


def titles(whole: dict[str, Any]) -> set[str]:
    return {feature["properties"]["title"] for feature in whole["features"]}


@pytest.fixture
def few_points(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(map_view, "MOST_POINTS", 2)


def test_few_cases_are_points_with_what_a_person_needs_of_them(site: Site) -> None:
    case = make_complaint(Status.IN_PROGRESS, title="Deep hole", ward=make_ward())
    make_complaint(title="Without a place")

    whole = asked(site)

    properties = whole["features"][0]["properties"]
    assert properties["title"] == "Deep hole"
    assert properties["reference"] == case.reference
    assert properties["href"].endswith(site.get(properties["href"]).path)
    assert (properties["colour"], properties["status"], properties["icon"]) == (
        "in-hand", "Being worked on", "wrench",
    )  # fmt: skip
    assert whole["text"] == "On this part of the map: 1 case."


def test_only_what_lies_in_the_box_is_given_and_the_list_of_the_box_has_the_same(site: Site) -> None:
    here, there = make_ward(), make_ward()
    make_complaint(title="Here", ward=here)
    make_complaint(title="There", ward=there)

    for zoom in (12, 15, 17, 19):
        whole = asked(site, box=around(here, 0.0005), zoom=zoom)
        page = site.get(whole["list"])

        assert titles(whole) == {"Here"}
        assert page.has("Here")
        assert not page.has("There")


def test_many_cases_are_clusters_that_say_how_many_and_how_many_wait(site: Site, few_points: None) -> None:
    ward = make_ward()
    for status in (Status.RECEIVED, Status.RECEIVED, Status.CLOSED):
        make_complaint(status, ward=ward)

    for _settled in (False, True):
        (cluster,) = asked(site, box=around(ward), zoom=14)["features"]
        assert cluster["properties"]["text"] == "3 cases, 2 waiting"
        assert cluster["properties"]["short"] == "3"
        assert site.get(cluster["properties"]["href"]).has("3 reports")
        worker.run_until_idle()


@pytest.mark.parametrize("zoom", [3, 10, 14, 16, 17, 18, 19])
def test_at_every_zoom_the_numbers_are_those_of_the_list(site: Site, few_points: None, zoom: int) -> None:
    ward, other = make_ward(), make_ward()
    lat, lon = middle(ward)
    for number in range(4):
        make_complaint(ward=ward, lat=lat + number * 1e-5, lon=lon - number * 1e-5)
    make_complaint(ward=other)

    whole = asked(site, box=around(ward, 0.0002), zoom=zoom)

    assert whole["count"] == sum(feature["properties"]["count"] for feature in whole["features"])
    assert site.get(whole["list"]).has(f"{whole['count']} reports")


def test_filters_of_the_list_are_those_of_the_map(site: Site, few_points: None) -> None:
    ward, category = make_ward(), make_category()
    for _number in range(3):
        make_complaint(ward=ward, category=category)
        make_complaint(Status.CLOSED, ward=ward)
    make_complaint(ward=make_ward(), category=category)

    def count(**values: object) -> int:
        return int(asked(site, **values)["count"])

    assert count() == 7
    assert count(category=category.code) == 4
    assert count(category=category.code, ward=ward.code) == 3
    assert count(ward=ward.code, state="done") == 3
    assert count(category=category.code, state="done") == 0


def test_a_map_narrowed_by_words_shows_what_has_them(site: Site) -> None:
    ward = make_ward()
    make_complaint(title="A broken lantern", ward=ward)
    make_complaint(title="A broken bench", ward=ward)

    assert titles(asked(site, q="lantern")) == {"A broken lantern"}
    assert titles(asked(site, q="lantern", box=around(ward), zoom=15)) == {"A broken lantern"}


def test_of_many_with_the_words_the_newest_are_shown_and_it_says_so(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(map_view, "NEWEST", 2)
    ward = make_ward()
    for number in range(3):
        make_complaint(title=f"Lantern {number}", ward=ward)

    whole = asked(site, q="lantern")

    assert titles(whole) == {"Lantern 1", "Lantern 2"}
    assert whole["text"] == "The newest 2 of them are on the map."


def test_what_is_counted_nowhere_is_looked_for_among_the_newest_and_it_says_so(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(map_view, "LOOKED_AT", 2)
    ward, department = make_ward(), make_department("Roads")
    for minutes in (3, 2, 1):
        at = clock.now() - timedelta(minutes=minutes)
        make_complaint(title=f"Told {minutes}", ward=ward, department=department, at=at)

    whole = asked(site, department=department.code)
    none = asked(site, department=department.code, photo=1)

    assert titles(whole) == {"Told 1", "Told 2"}
    assert whole["text"] == "The newest 2 of them are on the map."
    assert none["text"] == "None of the newest cases. The list shows older ones too."


@pytest.mark.parametrize("columns", [{"is_private": True}, {"is_hidden": True}])
def test_a_case_that_is_taken_from_the_public_is_gone_from_points_and_numbers_at_once(
    site: Site, few_points: None, columns: dict[str, bool]
) -> None:
    ward = make_ward()
    cases = [make_complaint(title=f"Case {number}", ward=ward) for number in range(3)]
    worker.run_until_idle()
    before = asked(site, box=around(ward), zoom=15)

    with transaction():
        case = db.session.get_one(Case, cases[0].id)
        for name, value in columns.items():
            setattr(case, name, value)
    after = asked(site, box=around(ward), zoom=15)

    assert (before["count"], after["count"]) == (3, 2)
    assert titles(after) == {"Case 1", "Case 2"}


def test_views_that_differ_by_some_pixels_get_the_same_box(site: Site) -> None:
    ward = make_ward()
    lat, lon = middle(ward)
    make_complaint(ward=ward)

    first = asked(site, box=f"{lon - 0.01},{lat - 0.01},{lon + 0.01},{lat + 0.01}", zoom=14)
    again = asked(site, box=",".join(str(degrees) for degrees in first["bbox"]), zoom=14)

    assert first["bbox"] == again["bbox"]


def test_a_map_that_was_asked_for_before_is_not_sent_again_until_something_changes(site: Site) -> None:
    ward = make_ward()
    make_complaint(ward=ward)
    address = f"{POINTS}?box={around(ward)}&zoom=14"
    tag = site.get(address).header("ETag")

    assert site.get(address, headers={"If-None-Match": tag}).status == 304
    make_complaint(ward=ward)
    assert site.get(address, headers={"If-None-Match": tag}).json["count"] == 2


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("box=1,2,3", "west,south,east,north"),
        ("box=", "west,south,east,north"),
        ("box=3,2,1,4", "west before east"),
        ("box=0,0,1,1&zoom=twelve", "whole number"),
        ("box=0,0,1,1&zoom=20", "from 0 to 19"),
        ("box=-180,-90,180,90&zoom=12", "wider than a screen"),
    ],
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_a_box_that_no_map_asks_for_is_refused_with_what_is_wrong(site: Site, query: str, says: str) -> None:
    answer = site.get(f"{POINTS}?{query}")

    assert answer.status == 400
    assert says in answer.json["error"]


def test_an_empty_city_has_an_empty_map(site: Site) -> None:
    whole = asked(site)

    assert (whole["features"], whole["count"], "bbox" in whole) == ([], 0, False)
    assert whole["text"] == "Nothing on this part of the map."


def test_a_map_costs_few_statements_whatever_it_shows(site: Site, few_points: None) -> None:
    ward = make_ward()
    for _number in range(4):
        make_complaint(ward=ward)
    for values in ({}, {"box": around(ward), "zoom": 14}, {"box": around(ward, 0.0003), "zoom": 18}):
        asked(site, **values)
        asked(site, **values)
        assert len(site.statements) <= 7


def test_a_list_narrowed_by_a_box_says_so_and_can_be_widened_again(site: Site) -> None:
    here, there = make_ward(), make_ward()
    make_complaint(title="Here", ward=here)
    make_complaint(title="There", ward=there)

    page = site.get(f"/complaints?box={around(here)}")

    assert page.has("On one part of the map")
    assert not page.has("There")
    assert site.get("/complaints?box=nonsense").has("There")


def test_a_list_of_a_box_goes_on_by_key_and_keeps_its_box(site: Site) -> None:
    ward = make_ward()
    for number in range(25):
        make_complaint(title=f"Number {number:02}", ward=ward)
    make_complaint(title="Elsewhere", ward=make_ward())

    page = site.get(f"/complaints?box={around(ward)}")
    more = site.get(page.link("Show more"))

    assert more.has("Number 00")
    assert not more.has("Elsewhere")
    assert parse_qs(urlsplit(page.link("Show more")).query)["box"] == [around(ward)]


def test_a_position_is_told_by_its_ward_and_by_what_others_called_the_place(site: Site) -> None:
    ward = make_ward()
    lat, lon = middle(ward)
    make_complaint(ward=ward, address="Mill Lane 3")
    make_complaint(ward=ward, address="Hidden Lane 1", is_private=True)

    told = site.get(f"/complaints/new/whereabouts?lat={lat}&lon={lon}").json["text"]

    assert told == "In Ward 1. Near “Mill Lane 3”."
    assert site.get("/complaints/new/whereabouts?lat=0&lon=0").json["text"] == "Outside the city."


@pytest.mark.parametrize("query", ["", "lat=91&lon=0", "lat=nan&lon=0", "lat=a&lon=b"])
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_what_is_no_position_is_refused(site: Site, query: str) -> None:
    answer = site.get(f"/complaints/new/whereabouts?{query}")

    assert answer.status == 400
    assert "degrees" in answer.json["error"]
