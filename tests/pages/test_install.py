"""What makes the site a program of the phone, and which pages a phone may keep."""

import json
from io import BytesIO

import pytest
from PIL import Image

from cps.core import on_phone
from cps.core.db import db, transaction
from cps.core.models import City
from tests.support.factories import make_complaint, make_officer, make_resident
from tests.support.site import Site

SHELLS = ("/offline", "/complaints/offline", "/complaints/kept")


def test_the_manifest_speaks_the_readers_language(site: Site) -> None:
    with transaction():
        db.session.get_one(City, 1).name = {"en": "Testford", "ko": "시험시"}
    site.client.set_cookie("lang", "ko")

    manifest = site.get("/manifest.webmanifest").json

    assert (manifest["name"], manifest["lang"], manifest["dir"]) == ("시험시", "ko", "ltr")
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}


def test_every_icon_of_the_manifest_has_the_size_it_says_and_the_citys_colour(site: Site) -> None:
    with transaction():
        db.session.get_one(City, 1).accent = "#804000"

    for icon in site.get("/manifest.webmanifest").json["icons"]:
        answer = site.get(icon["src"])
        picture = Image.open(BytesIO(answer.response.data)).convert("RGB")
        assert f"{picture.width}x{picture.height}" == icon["sizes"]
        assert picture.getpixel((picture.width // 2, picture.height // 20)) == (128, 64, 0)
        assert "immutable" in answer.header("Cache-Control")


@pytest.mark.parametrize("name", ["193", "maskable-192", "x"])
def test_an_icon_that_nobody_names_is_not_drawn(site: Site, name: str) -> None:
    assert site.get(f"/icons/{name}.png").status == 404


def test_the_worker_knows_its_build_and_files_that_exist(site: Site) -> None:
    answer = site.get("/sw.js")

    facts = json.loads(answer.text.split("\n", 1)[0].removeprefix("self.CPS=").removesuffix(";"))
    assert answer.header("Cache-Control") == "no-cache"
    assert answer.header("Content-Type").startswith("text/javascript")
    assert all(site.get(address).status == 200 for address in facts["files"])
    assert {facts["offline"], facts["form"], facts["list"]} == set(SHELLS)


@pytest.mark.settings(offline=False)
def test_switched_off_the_worker_takes_itself_away_and_pages_register_none(site: Site) -> None:
    script = site.get("/sw.js").text

    assert "unregister" in script
    assert "self.CPS" not in script
    assert "data-worker" not in site.get("/").html


def test_pages_say_which_worker_to_register(site: Site) -> None:
    assert 'data-worker="/sw.js"' in site.get("/").html


@pytest.mark.parametrize("path", SHELLS)
def test_a_page_that_phones_keep_is_the_same_whoever_is_signed_in(site: Site, path: str) -> None:
    as_visitor = site.get(path)
    signed_in = site.another().sign_in(make_resident(display_name="Sunmi Unsaid")).get(path)

    assert as_visitor.html == signed_in.html
    assert as_visitor.header("Cache-Control") == signed_in.header("Cache-Control") == "private, no-cache"
    assert site.get(path, headers={"If-None-Match": as_visitor.header("ETag")}).status == 304


def test_own_cases_may_be_kept_by_their_owner_and_nothing_else_may(site: Site) -> None:
    resident = make_resident()
    case, other = make_complaint(reporter=resident), make_complaint()
    site.sign_in(resident)

    kept = {
        path: site.get(path).header(on_phone.KEEP)
        for path in (
            "/accounts/me/cases",
            f"/complaints/{case.reference}",
            f"/complaints/{other.reference}",
            "/accounts/me",
            "/accounts/me/data",
            "/",
        )
    }

    assert list(kept.values()) == ["own", "own", "", "", "", ""]


def test_pages_of_staff_are_kept_by_nobody(site: Site) -> None:
    site.sign_in(make_officer())

    assert site.get("/accounts/me/cases").header(on_phone.KEEP) == ""


def test_the_tag_of_whoever_is_signed_in_tells_them_apart_and_nothing_else(site: Site) -> None:
    first, second = make_resident(), make_resident()
    tags = [site.another().sign_in(one).get("/").header(on_phone.WHO) for one in (first, first, second)]

    assert tags[0] == tags[1] != tags[2]
    assert str(first.id) != tags[0]
    assert site.get("/").header(on_phone.WHO) == ""
