"""The first step: photos that are kept, and photos that are refused without stopping anybody."""

import pytest
from sqlalchemy import select

from cps.cases.models import Attachment
from cps.cases.rules import MOST_PHOTOS
from cps.core import clock
from cps.core.db import db
from cps.core.storage import current_storage
from tests.complaints.steps import NEW, drafts, file_one, huge_png, photo, tell_place
from tests.support.factories import make_category, make_ward, middle
from tests.support.fixtures import Database
from tests.support.page import Page
from tests.support.site import Site

HTML = b"<!doctype html><title>x</title><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def upload(site: Site, *files: tuple[bytes, str], **fields: object) -> Page:
    """Choose files on the first step and go on."""
    return site.submit(
        f"{NEW}/photos", form="form.filing-ways", button="Continue", photos=list(files), **fields
    )


def photos() -> list[Attachment]:
    return list(db.session.scalars(select(Attachment).order_by(Attachment.id)))


def test_no_photo_leads_on_and_writes_nothing(site: Site) -> None:
    page = site.get(NEW)

    assert site.get(page.link("No photo")).path == f"{NEW}/place"
    assert drafts() == []


def test_going_on_without_having_chosen_is_no_error(site: Site) -> None:
    assert upload(site).path == f"{NEW}/place"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_kept_and_shown_to_whoever_writes(site: Site, kind: str) -> None:
    page = upload(site, (photo(name=kind), "hole.jpg"))

    assert page.path == f"{NEW}/place"
    shown = site.get(f"{NEW}/photos")
    address = shown.tree.css_first(".filing-photos img").attributes["src"]
    picture = site.get(str(address))
    assert (picture.status, picture.header("Content-Type")) == (200, "image/webp")
    assert picture.header("Cache-Control") == "no-store"


def test_photos_from_camera_and_store_come_together(site: Site) -> None:
    upload(site, (photo("red"), "a.jpg"), (photo("blue"), "b.jpg"), camera=photo("green"))

    assert len(photos()) == 3


def test_nobody_else_sees_a_photo_of_a_draft(site: Site) -> None:
    upload(site, (photo(), "hole.jpg"))
    name = photos()[0].name

    other = site.another()
    tell_place(other)

    assert other.get(f"{NEW}/photos/{name}").status == 404
    assert other.get(f"/photos/{name}/thumbnail").status == 404
    other.post_raw(f"{NEW}/photos/{name}/remove")
    assert len(photos()) == 1


def test_a_photo_can_be_taken_out_again(site: Site) -> None:
    upload(site, (photo("red"), "a.jpg"), (photo("blue"), "b.jpg"))
    first, second = photos()
    key = f"photos/{first.name[:2]}/{first.name}-large.webp"
    assert current_storage().exists(key)

    page = site.submit(f"{NEW}/photos", form=f"{NEW}/photos/{first.name}/remove")

    assert page.path == f"{NEW}/photos"
    assert [one.name for one in photos()] == [second.name]
    assert not current_storage().exists(key)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (SVG, "This is not a photo we can read. Use JPEG, PNG, WebP or HEIC."),
        (HTML, "This is not a photo we can read. Use JPEG, PNG, WebP or HEIC."),
        (b"GIF89a" + HTML, "This is not a photo we can read. Use JPEG, PNG, WebP or HEIC."),
        (b"", "The file is empty. Please choose the photo again."),
        (photo()[:200], "The photo arrived damaged. Please send it again."),
        (huge_png(), "The photo has too many pixels. Please send a smaller one."),
    ],
    ids=["svg", "html", "polyglot", "empty", "truncated", "bomb"],
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_each_refused_file_says_why_and_stops_nothing(site: Site, content: bytes, sentence: str) -> None:
    page = upload(site, (photo(), "good.jpg"), (content, "bad.jpg"))

    assert page.status == 422
    assert page.all(".error-summary li") == [f"bad.jpg: {sentence}"]
    assert page.has("go on without it")
    assert len(photos()) == 1
    assert site.get(f"{NEW}/place").status == 200
    assert upload(site).path == f"{NEW}/place"


def test_html_behind_a_photo_does_not_survive(site: Site) -> None:
    upload(site, (photo() + HTML, "polyglot.html"))

    name = photos()[0].name
    for size in ("large.webp", "thumbnail.webp", "fallback.jpg"):
        assert b"script" not in current_storage().get(f"photos/{name[:2]}/{name}-{size}")


def test_a_name_with_signs_that_deceive_stays_text(site: Site) -> None:
    page = upload(site, (SVG, "<b>\u202egpj.\x00x</b>" + "y" * 100))

    assert page.status == 422
    assert page.all(".error-summary li b") == []
    assert page.has("<b>gpj.")


def test_the_same_photo_twice_is_one(site: Site) -> None:
    upload(site, (photo("teal"), "a.jpg"), (photo("teal"), "b.jpg"), (photo("red"), "c.jpg"))
    page = upload(site, (photo("red"), "d.jpg"))

    assert page.status == 200
    assert len(photos()) == 2


def test_of_too_many_photos_the_first_are_kept(site: Site) -> None:
    files = [(photo(f"#{number * 30:02x}8080"), f"{number}.jpg") for number in range(MOST_PHOTOS + 2)]

    page = upload(site, *files)

    assert page.status == 422
    assert page.all(".error-summary li") == ["2 photos were left out: a complaint holds up to 6."]
    assert len(photos()) == MOST_PHOTOS


def test_a_full_draft_takes_no_more_and_keeps_no_file_of_it(site: Site, database: Database) -> None:
    upload(site, *((photo(f"#{number * 30:02x}8080"), f"{number}.jpg") for number in range(MOST_PHOTOS - 1)))
    page = upload(site, (photo("red"), "a.jpg"), (photo("blue"), "b.jpg"))

    assert page.all(".error-summary li") == ["One photo was left out: a complaint holds up to 6."]
    assert len(photos()) == MOST_PHOTOS
    stored = list(database.folder.rglob("*-large.webp"))
    assert len(stored) == MOST_PHOTOS


def test_without_a_script_photos_can_be_added_one_by_one(site: Site) -> None:
    page = site.submit(
        f"{NEW}/photos",
        form="form.filing-ways",
        button="Add these, then choose more",
        photos=[(photo(), "a.jpg")],
    )

    assert page.path == f"{NEW}/photos"
    assert len(page.tree.css(".filing-photos li")) == 1


def test_the_place_inside_a_photo_is_offered_and_taken_only_when_chosen(site: Site) -> None:
    ward = make_ward(name={"en": "Harbour"})
    lat, lon = middle(ward)
    upload(site, (photo(gps=(lat, lon)), "a.jpg"))

    page = site.get(f"{NEW}/place")
    assert page.has("Use the place of the photo")
    assert page.has("Harbour")
    assert page.form(f"{NEW}/place").value("lat") == ""

    assert site.submit(page, form=f"{NEW}/place", use_photo=True).path == f"{NEW}/words"
    place = drafts()[0].content["place"]
    assert (round(place["lat"], 4), round(place["lon"], 4)) == (round(lat, 4), round(lon, 4))


def test_a_photo_from_elsewhere_offers_no_place(site: Site) -> None:
    make_ward()
    upload(site, (photo(gps=(48.0, 2.0)), "holiday.jpg"))

    assert not site.get(f"{NEW}/place").has("Use the place of the photo")


def test_the_place_of_a_photo_goes_with_the_photo(site: Site) -> None:
    lat, lon = middle(make_ward())
    upload(site, (photo(gps=(lat, lon)), "a.jpg"))
    site.submit(f"{NEW}/photos", form=f"{NEW}/photos/{photos()[0].name}/remove")

    assert not site.get(f"{NEW}/place").has("Use the place of the photo")


def test_photos_move_from_the_draft_to_the_case(site: Site) -> None:
    upload(site, (photo("red"), "a.jpg"), (photo("blue"), "b.jpg"))

    case = file_one(site, make_category())

    assert [one.case_id for one in photos()] == [case.id, case.id]
    assert case.photo_count == 2
    assert site.another().get(f"/photos/{photos()[0].name}/thumbnail").status == 200
    assert site.get(f"{NEW}/photos").all(".filing-photos li") == []


def test_starting_anew_deletes_the_files_too(site: Site) -> None:
    upload(site, (photo(), "a.jpg"))
    name = photos()[0].name

    site.submit(NEW, form=f"{NEW}/anew")

    assert photos() == []
    assert not current_storage().exists(f"photos/{name[:2]}/{name}-thumbnail.webp")


@pytest.mark.settings(rate_limits=True)
def test_very_many_photos_at_once_are_told_to_wait_and_the_rest_goes_on(site: Site) -> None:
    with clock.set_to(clock.now()):  # tries are counted by the hour, which must not turn meanwhile
        for _round in range(10):
            upload(site, *((photo(), "a.jpg") for _number in range(MOST_PHOTOS)))
            for one in photos():
                site.post_raw(f"{NEW}/photos/{one.name}/remove")

        page = upload(site, (photo(), "late.jpg"))

    assert page.all(".error-summary li") == [
        "late.jpg: These were many photos at once. Please wait a little."
    ]
    assert tell_place(site).path == f"{NEW}/words"
