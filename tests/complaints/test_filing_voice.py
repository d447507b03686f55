"""A complaint that is said instead of written: kept in the draft, filed without words, heard by few."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from cps.cases.voice_models import VoiceNote
from cps.core.db import db
from cps.core.storage import current_storage
from cps.departments.models import Category
from tests.complaints.steps import NEW, cases, drafts, go_to_check, photo, send, tell_details, tell_place
from tests.support import sounds
from tests.support.factories import make_category, make_ward
from tests.support.page import Page
from tests.support.site import Site

UNWRITTEN = "A voice note, being written down"


@pytest.fixture(autouse=True)
def city_with_a_category(app: Flask) -> None:
    make_ward()
    make_category("roads")


def category() -> str:
    return db.session.scalars(select(Category.code).order_by(Category.id)).first() or ""


def say(site: Site, sound: bytes = sounds.wav(2), body: str = "", **fields: Any) -> Page:
    """Send a voice note on the step of words."""
    fields = {"category": category(), "voice": (sound, "note.bin"), **fields}
    return site.submit(f"{NEW}/words", form=f"{NEW}/words", button="Continue", body=body, **fields)


def notes() -> list[VoiceNote]:
    return list(db.session.scalars(select(VoiceNote).order_by(VoiceNote.id)))


def key() -> str:
    note = notes()[0]
    return f"voice/{note.name[:2]}/{note.name}.{note.kind.value}"


def is_stored(key: str) -> bool:
    return current_storage().exists(key)


def file_spoken(site: Site, **details: Any) -> None:
    tell_place(site)
    say(site)
    tell_details(site, **details)
    site.get(f"{NEW}/check")
    assert send(site).status == 200


def test_a_voice_note_takes_the_place_of_words(site: Site) -> None:
    file_spoken(site)

    case, note = cases()[0], notes()[0]
    assert (case.title, case.body) == (UNWRITTEN, UNWRITTEN)
    assert (note.case_id, note.stands_for_words, note.seconds, note.written_at) == (case.id, True, 2, None)
    assert "voice" not in case.search_text


def test_everybody_reads_that_it_is_being_written_down_and_nobody_else_hears_it(site: Site) -> None:
    file_spoken(site)
    address = f"/voice/{notes()[0].name}"

    other = site.another()
    page = other.get(f"/complaints/{cases()[0].reference}")

    assert UNWRITTEN in page.text
    assert page.tree.css_first("audio") is None
    assert other.get(address).status == 404
    assert (
        site.get(f"/complaints/{cases()[0].reference}").tree.css_first("audio").attributes["src"] == address
    )
    assert site.get(address).status == 200


def test_words_stay_the_resident_s_own_where_a_voice_note_comes_besides(site: Site) -> None:
    tell_place(site)
    say(site, body="A deep hole in the road")
    tell_details(site)
    site.get(f"{NEW}/check")
    send(site)

    assert cases()[0].body == "A deep hole in the road"
    assert notes()[0].stands_for_words is False


def test_neither_words_nor_a_voice_note_is_refused(site: Site) -> None:
    page = site.submit(f"{NEW}/words", form=f"{NEW}/words", body="", category=category())

    assert page.status == 422
    assert "Write in a few words what is wrong." in page.text


@pytest.mark.parametrize(
    ("sound", "sentence"),
    [
        (photo(), "This is not a voice note we can take."),
        (b"", "The file is empty."),
    ],
)
def test_a_file_that_is_refused_says_why_and_the_words_stay(site: Site, sound: bytes, sentence: str) -> None:
    page = say(site, sound, body="A deep hole")

    assert page.status == 422
    assert sentence in page.text
    assert page.tree.css_first("textarea").text() == "A deep hole"
    assert notes() == []
    assert drafts()[0].content["done"] == []


def test_a_second_voice_note_takes_the_place_of_the_first_with_its_file(site: Site) -> None:
    say(site)
    first = key()
    say(site, sounds.ogg())

    assert [note.kind for note in notes()] == ["ogg"]
    assert (is_stored(first), is_stored(key())) == (False, True)


def test_a_voice_note_that_is_deleted_leaves_the_step_to_be_done_again(site: Site) -> None:
    say(site)
    note = key()

    page = site.submit(f"{NEW}/words", form=f"{NEW}/words", button="Delete the voice note")

    assert (page.path, notes(), is_stored(note)) == (f"{NEW}/words", [], False)
    assert drafts()[0].content["done"] == []
    assert site.get(f"{NEW}/check").path != f"{NEW}/check"


def test_starting_anew_deletes_the_recording_too(site: Site) -> None:
    say(site)
    note = key()

    site.submit(NEW, form=f"{NEW}/anew")

    assert (notes(), is_stored(note)) == ([], False)


def test_only_whoever_writes_hears_the_note_of_a_draft(site: Site) -> None:
    say(site)
    name = notes()[0].name

    assert site.get(f"{NEW}/voice").header("Content-Type") == "audio/wav"
    other = site.another()
    tell_place(other)
    assert other.get(f"{NEW}/voice").status == 404
    assert other.get(f"/voice/{name}").status == 404


def test_a_part_of_a_recording_can_be_asked_for(site: Site) -> None:
    say(site)
    whole = site.get(f"{NEW}/voice")

    part = site.get(f"{NEW}/voice", headers={"Range": "bytes=4-11"})
    beyond = site.get(f"{NEW}/voice", headers={"Range": "bytes=999999-"})

    assert (whole.status, whole.header("Accept-Ranges")) == (200, "bytes")
    assert (whole.header("X-Content-Type-Options"), whole.header("Cache-Control")) == ("nosniff", "no-store")
    assert (part.status, part.data) == (206, whole.data[4:12])
    assert part.header("Content-Range") == f"bytes 4-11/{len(whole.data)}"
    assert beyond.status == 416


def test_the_microphone_is_for_the_step_of_words_alone(site: Site) -> None:
    assert "microphone=(self)" in str(site.get(f"{NEW}/words").header("Permissions-Policy"))
    for path in ("/", f"{NEW}/photos", f"{NEW}/place"):
        assert "microphone=()" in str(site.get(path).header("Permissions-Policy"))


def test_a_complaint_in_words_has_no_voice_note(site: Site) -> None:
    go_to_check(site, make_category("waste"))
    send(site)

    assert notes() == []
