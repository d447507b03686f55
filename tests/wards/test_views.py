import gzip
import json
from pathlib import Path

import pytest

from cps.core import clock
from cps.core.db import db, transaction
from cps.wards import queries, services
from cps.wards.drawing import MOST_BYTES, feature_collection
from cps.wards.models import Ward
from cps.wards.rules import Wanted
from tests.support import factories
from tests.support.site import Site

pytestmark = pytest.mark.usefixtures("app")

DONGS = Path(__file__).parents[3] / "shared" / "data" / "boundaries" / "seoul_dong_2013_simple.geojson"
ADDRESS = "/api/v1/wards.geojson"


def test_a_map_gets_every_outline_with_its_name(site: Site) -> None:
    factories.make_ward("harbour", name={"en": "Harbour", "ko": "항구"})
    factories.save(Ward(code="hill", name={"en": "Hill"}))

    answer = site.get(ADDRESS)

    assert answer.response.mimetype == "application/geo+json"
    (feature,) = json.loads(answer.data)["features"]
    assert feature["properties"] == {"code": "harbour", "name": "Harbour"}
    assert feature["geometry"]["coordinates"] == [[factories.square(129.5, 36.0, 0.02)["coordinates"][0]]]


def test_names_are_in_the_language_of_the_visitor(site: Site) -> None:
    factories.make_ward("harbour", name={"en": "Harbour", "ko": "항구"})

    answer = site.get(ADDRESS, headers={"Accept-Language": "ko"})

    assert json.loads(answer.data)["features"][0]["properties"]["name"] == "항구"


def test_it_travels_compressed_to_those_who_can_read_it(site: Site) -> None:
    factories.make_ward("harbour")

    answer = site.get(ADDRESS, headers={"Accept-Encoding": "gzip"})

    assert answer.header("Content-Encoding") == "gzip"
    assert len(json.loads(gzip.decompress(answer.data))["features"]) == 1


def test_it_is_not_sent_again_until_a_ward_changes(site: Site) -> None:
    ward = factories.make_ward("harbour")
    seen = {"If-None-Match": site.get(ADDRESS).header("ETag")}

    assert site.get(ADDRESS, headers=seen).status == 304

    with transaction():
        db.session.get_one(Ward, ward.id).name = {"en": "Old Harbour"}
    assert site.get(ADDRESS, headers=seen).status == 200


def test_a_city_of_423_wards_fits(site: Site) -> None:
    if not DONGS.exists():
        pytest.skip("sample boundaries are not on this machine")
    with transaction():
        services.import_wards(DONGS.read_bytes(), Wanted(), by=None, at=clock.now())

    answer = site.get(ADDRESS, headers={"Accept-Encoding": "gzip"})

    assert len(answer.data) <= MOST_BYTES


def test_outlines_too_large_are_drawn_on_a_coarser_grid() -> None:
    if not DONGS.exists():
        pytest.skip("sample boundaries are not on this machine")
    with transaction():
        services.import_wards(DONGS.read_bytes(), Wanted(), by=None, at=clock.now())
    areas = queries.areas()
    names = dict.fromkeys(areas.outlines, "x")

    small = feature_collection(areas.outlines, names, most_bytes=12_000)

    assert len(gzip.compress(small, 9)) <= 12_000
    assert len(json.loads(small)["features"]) == 423
