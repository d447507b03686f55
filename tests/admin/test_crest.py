"""The city's crest: looked at by administrators first, then on every page, and gone again."""

from io import BytesIO

import pytest
from PIL import Image

from cps.admin.townhall import crests
from cps.core import city as cities
from cps.core import emblems
from cps.core.backup.hooks import media_function
from cps.core.db import db
from cps.core.models import AuditRow
from cps.core.storage import current_storage
from tests.support.crests import make_crest
from tests.support.factories import make_administrator, make_officer
from tests.support.site import Site

HERE = "/admin/city/crest"
CHOOSE, PUBLISH, DROP, REMOVE = HERE, f"{HERE}/publish", f"{HERE}/drop", f"{HERE}/remove"
NAME = emblems.draw(make_crest()).name


def address(name: str) -> str:
    return f"/crest/{name}.webp"


def lay_before(site: Site, picture: bytes | None = None, called: str = "crest.png") -> str:
    """Lay a crest before, and return the name under which it waits."""
    page = site.submit(HERE, form=CHOOSE, file=(picture or make_crest(), called))
    assert page.has("Look at it by day and by night."), page.text
    db.session.rollback()
    return cities.get().logo_next


def test_a_crest_is_looked_at_first_and_then_stands_on_every_page(site: Site) -> None:
    site.sign_in(make_administrator())
    visitor = site.another()

    name = lay_before(site)
    assert f'src="{address(name)}"' in site.get(HERE).html
    assert site.get(address(name)).header("Cache-Control").startswith("private")
    assert site.another().sign_in(make_officer()).get(address(name)).status == 404
    assert (visitor.get(address(name)).status, "/crest/" in visitor.get("/").html) == (404, False)
    page = site.submit(HERE, form=PUBLISH)

    assert page.has("Published. Everybody sees it from now on.")
    answer = visitor.get(address(name))
    assert (answer.status, answer.header("Content-Type")) == (200, "image/webp")
    assert "immutable" in answer.header("Cache-Control")
    assert len(answer.response.data) <= emblems.SMALL_BYTES
    assert address(name) in visitor.get("/sw.js").text
    for path in ("/", "/complaints", "/paper/complaint", "/offline"):
        assert f'src="{address(name)}"' in visitor.get(path).html, path


def test_another_crest_takes_the_place_of_the_first_whose_files_go(site: Site) -> None:
    site.sign_in(make_administrator())
    first = lay_before(site)
    site.submit(HERE, form=PUBLISH)

    dropped = lay_before(site, make_crest(ink="#a33a2a"))
    second = lay_before(site, make_crest(ink="#2f7a3d"))
    assert not current_storage().exists(crests.key(dropped, "large"))
    assert current_storage().exists(crests.key(first, "small"))
    site.submit(HERE, form=PUBLISH)

    db.session.rollback()
    assert (cities.get().logo, cities.get().logo_next) == (second, "")
    assert not current_storage().exists(crests.key(first, "small"))
    assert site.get(address(first)).status == 404


def test_a_crest_that_waits_is_thrown_away_and_the_published_one_stays(site: Site) -> None:
    site.sign_in(make_administrator())
    first = lay_before(site)
    site.submit(HERE, form=PUBLISH)
    waiting = lay_before(site, make_crest(ink="#a33a2a"))

    page = site.submit(HERE, form=DROP)

    assert page.has("It is thrown away.")
    db.session.rollback()
    assert (cities.get().logo, cities.get().logo_next) == (first, "")
    assert not current_storage().exists(crests.key(waiting, "small"))


def test_a_crest_is_taken_away_and_our_town_hall_stands_there_again(site: Site) -> None:
    site.sign_in(make_administrator())
    name = lay_before(site)
    site.submit(HERE, form=PUBLISH)

    page = site.submit(HERE, form=REMOVE)

    assert page.has("The city has no crest here yet.")
    assert "/crest/" not in site.another().get("/").html
    assert not current_storage().exists(crests.key(name, "large"))
    assert [row.action for row in db.session.scalars(db.select(AuditRow).order_by(AuditRow.id))][-3:] == [
        "draft-crest", "publish-crest", "remove-crest"
    ]  # fmt: skip
    assert all(page.has(words) for words in ("Laid before", "Published", "Taken away"))


def test_only_the_crest_that_was_looked_at_is_published(site: Site) -> None:
    site.sign_in(make_administrator())
    seen = lay_before(site)
    other = lay_before(site, make_crest(ink="#a33a2a"))

    for name in (seen, "", "../../etc", "x" * 5_000):
        page = site.post_raw(PUBLISH, {"crest": name})
        assert page.has("Another crest waits by now, or none.") or not name
        site.post_raw(DROP, {"crest": name})
        site.post_raw(REMOVE, {"crest": name})

    db.session.rollback()
    assert (cities.get().logo, cities.get().logo_next) == ("", other)


def test_publishing_twice_does_no_harm_and_the_same_picture_again_is_told(site: Site) -> None:
    site.sign_in(make_administrator())
    name = lay_before(site)
    for _time in range(2):
        site.post_raw(PUBLISH, {"crest": name})

    page = site.submit(HERE, form=CHOOSE, file=(make_crest(), "again.png"))

    assert (page.status, page.has("This is the crest that everybody sees already.")) == (422, True)
    db.session.rollback()
    assert (cities.get().logo, cities.get().logo_next) == (name, "")
    assert current_storage().exists(crests.key(name, "small"))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "Choose a picture."),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "SVG is not taken"),
        (b"\xef\xbb\xbf <?xml version='1.0'?><svg/>", "SVG is not taken"),
        (b"<html><body>crest</body></html>", "This is not a picture we can take."),
        (make_crest()[:500], "The picture is damaged."),
        (make_crest(size=(2_400, 400)), "The picture is too long for a square."),
    ],
)
def test_what_is_no_crest_is_refused_in_words_that_help(site: Site, data: bytes, said: str) -> None:
    site.sign_in(make_administrator())

    page = site.submit(HERE, form=CHOOSE, file=(data, "crest.png"))

    assert (page.status, page.has(said)) == (422, True)
    assert cities.get().logo_next == ""


def test_the_icons_of_the_phone_show_the_crest(site: Site) -> None:
    site.sign_in(make_administrator())
    lay_before(site, make_crest(ink="#a33a2a"))
    site.submit(HERE, form=PUBLISH)

    for icon in site.get("/manifest.webmanifest").json["icons"]:
        picture = Image.open(BytesIO(site.get(icon["src"]).response.data)).convert("RGB")
        assert f"{picture.width}x{picture.height}" == icon["sizes"]
        assert picture.getpixel((picture.width // 2, picture.height // 20)) == (255, 255, 255)
        assert picture.getpixel((picture.width // 2, picture.height * 2 // 5)) == (0xA3, 0x3A, 0x2A)


def test_a_crest_whose_file_is_lost_breaks_no_page(site: Site) -> None:
    site.sign_in(make_administrator())
    name = lay_before(site)
    site.submit(HERE, form=PUBLISH)
    for size in crests.SIZES:
        current_storage().delete(crests.key(name, size))

    assert site.get(address(name)).status == 404
    assert address(name) not in site.get("/sw.js").text
    assert site.get("/").status == site.get(HERE).status == site.get("/icons/192.png").status == 200


def test_a_backup_takes_both_crests_along_and_reads_rows_from_before_there_were_any() -> None:
    files = media_function("city")

    assert list(files({"id": 1})) == list(files({"logo": "", "logo_next": ""})) == []
    assert list(files({"logo": NAME, "logo_next": "b" * 32})) == [
        crests.key(name, size) for name in (NAME, "b" * 32) for size in crests.SIZES
    ]
