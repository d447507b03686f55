"""A voice note at the desk: played, written down, corrected, found by a filter, deleted with its reporter."""

from io import BytesIO

import pytest
from flask import Flask

from cps.accounts.models import Account
from cps.cases.integrity_models import IntegrityReport
from cps.cases.models import Case
from cps.cases.rules import Audience, EventKind, Priority
from cps.cases.services.forgetting import anonymise_reporters
from cps.cases.services.integrity import make_ordinary, name_readers
from cps.cases.services.voice import storage_key, store_note
from cps.cases.voice_models import VoiceNote
from cps.complaints.views.filing_voice import kept_or_gone
from cps.core import clock
from cps.core.audio import AudioKind
from cps.core.db import db, transaction
from cps.core.errors import RuleViolation
from cps.core.models import AccessRow
from cps.core.storage import current_storage
from cps.departments import queries as departments
from cps.departments.models import Category
from tests.support import factories as make
from tests.support.site import Site
from tests.support.sounds import wav
from tests.triage.steps import at, audited, do, events, now, sent

UNWRITTEN = "A voice note, being written down"
SAID = "The lamp at the corner is out. Call +82 2 555 0100."


@pytest.fixture
def spoken(category: Category) -> Case:
    """A case of the officer's department that has no words but a voice note."""
    return give_voice(make.make_complaint(category=category, title=UNWRITTEN, body=UNWRITTEN))


def give_voice(case: Case, *, stands_for_words: bool = True) -> Case:
    name = f"{case.id:032x}"
    current_storage().put(storage_key(name, AudioKind.WAV), wav(), "audio/wav")
    note = VoiceNote(
        name=name,
        case_id=case.id,
        kind=AudioKind.WAV,
        size=len(wav()),
        seconds=1,
        original_sha256="0" * 64,
        stands_for_words=stands_for_words,
        added_at=clock.now(),
    )
    make.save(note)
    return case


def note_of(case: Case) -> VoiceNote | None:
    db.session.rollback()
    return db.session.scalar(db.select(VoiceNote).filter_by(case_id=case.id))


def test_the_desk_plays_it_and_says_that_it_is_to_be_written_down(desk: Site, spoken: Case) -> None:
    page = desk.get(at(spoken))

    player = page.tree.css_first("audio")
    assert (player.attributes["preload"], "controls" in player.attributes) == ("none", True)
    assert desk.get(str(player.attributes["src"])).status == 200
    assert "To be written down" in page.text


@pytest.mark.parametrize("is_private", [True, False])
def test_hearing_one_of_a_private_case_is_recorded_once_for_all_its_parts(
    desk: Site, spoken: Case, officer: Account, is_private: bool
) -> None:
    person = make.make_resident()
    with transaction():
        case = db.session.get_one(Case, spoken.id)
        case.is_private, case.reporter_id = is_private, person.id
    address = f"/voice/{note_of(spoken).name}"
    desk.get(address)
    desk.get(address, headers={"Range": "bytes=0-9"})
    desk.another().sign_in(person).get(address)

    rows = db.session.scalars(db.select(AccessRow).filter_by(what="voice")).all()
    assert [(row.actor_id, row.subject_id) for row in rows] == [(officer.id, person.id)] * is_private


def test_what_was_written_down_is_the_text_of_the_case_with_numbers_masked(desk: Site, spoken: Case) -> None:
    do(desk, spoken, "transcribe", message=SAID)

    case = now(spoken)
    assert case.body == "The lamp at the corner is out. Call [phone number hidden]."
    assert case.title.startswith("The lamp at the corner is out.")
    assert "lamp" in case.search_text
    assert note_of(case).written_at == clock.now()
    version = events(case, EventKind.NOTED)[0]
    assert (version.audience, version.message) == (Audience.REPORTER, SAID)
    assert audited(case) == ["write-down"]
    page = desk.another().get(f"/complaints/{case.reference}")
    assert "Written down by the city from a voice note." in page.text
    assert "555 0100" not in page.text


def test_it_can_be_corrected_and_each_version_stays(desk: Site, spoken: Case) -> None:
    do(desk, spoken, "transcribe", message=SAID)

    page = desk.get(at(spoken))
    assert page.tree.css_first("#transcribe-message").text().strip() == SAID
    do(desk, spoken, "transcribe", message="The lamp at the corner is out.")

    assert now(spoken).body == "The lamp at the corner is out."
    assert [one.message for one in events(spoken, EventKind.NOTED)] == [
        SAID,
        "The lamp at the corner is out.",
    ]


def test_words_of_danger_make_it_urgent(desk: Site, spoken: Case) -> None:
    do(desk, spoken, "transcribe", message="There is a gas leak in the house")

    assert now(spoken).priority is Priority.URGENT


def test_a_case_with_words_of_its_own_keeps_them(desk: Site, category: Category) -> None:
    case = give_voice(make.make_complaint(category=category, body="A hole"), stands_for_words=False)

    page = desk.get(at(case))
    refused = desk.post_raw(at(case, "transcribe"), sent(case, message="Another thing"))

    assert page.tree.css_first("#panel-transcribe") is None
    assert refused.status == 422
    assert now(case).body == "A hole"


def test_the_filter_finds_what_is_to_be_written_down(desk: Site, spoken: Case, category: Category) -> None:
    other = make.make_complaint(category=category)
    worded = give_voice(make.make_complaint(category=category), stands_for_words=False)

    listed = desk.get("/desk?box=department&voice=yes").text

    assert at(spoken).rsplit("/", 1)[1] in listed
    assert at(other).rsplit("/", 1)[1] not in listed
    assert at(worded).rsplit("/", 1)[1] not in listed


def test_the_recording_goes_with_its_reporter_and_the_case_says_so(spoken: Case) -> None:
    key = storage_key(note_of(spoken).name, AudioKind.WAV)

    with transaction():
        anonymise_reporters([spoken.id], at=clock.now())

    assert (note_of(spoken), current_storage().exists(key)) == (None, False)
    assert now(spoken).body == "A voice note that was deleted before anybody wrote it down"


def test_what_was_written_down_stays_when_the_recording_goes(desk: Site, spoken: Case) -> None:
    do(desk, spoken, "transcribe", message="The lamp at the corner is out.")

    with transaction():
        anonymise_reporters([spoken.id], at=clock.now())

    assert now(spoken).body == "The lamp at the corner is out."


def test_of_a_complaint_about_staff_only_who_may_read_reporters_hears_it(desk: Site, spoken: Case) -> None:
    with transaction() as session:
        row = session.get_one(Case, spoken.id)
        row.is_private = row.is_integrity = True
    desk.sign_in(make.make_integrity_officer())

    page = desk.get(at(spoken))

    assert page.tree.css_first("audio") is None
    assert "Only who may read who reported it can hear it." in page.text
    assert desk.get(f"/voice/{note_of(spoken).name}").status == 404


def test_of_a_complaint_about_staff_both_readers_see_who_heard_it(desk: Site, spoken: Case) -> None:
    ann, bob = make.make_integrity_officer(display_name="Ann Reader"), make.make_integrity_officer()
    administrator = make.make_administrator()
    with transaction() as session:
        row = session.get_one(Case, spoken.id)
        row.is_private = row.is_integrity = True
        chosen = [session.get_one(Account, one.id) for one in (ann, bob)]
        name_readers(chosen, by=administrator, at=clock.now())

    assert desk.sign_in(ann).get(f"/voice/{note_of(spoken).name}").status == 200

    page = desk.another().sign_in(bob).get("/desk/integrity")
    assert page.has("Ann Reader")
    assert page.has("Heard the voice note.")


def test_a_complaint_about_staff_is_not_made_ordinary_before_its_voice_note_is_written_down(
    app: Flask,
) -> None:
    officer = make.make_integrity_officer()
    case = give_voice(make.make_complaint(is_private=True, is_integrity=True))
    make.save(IntegrityReport(case_id=case.id))
    lamp = make.make_category()
    ordinary = departments.catalogue().category(lamp.code)
    assert ordinary is not None

    with pytest.raises(RuleViolation, match="Write down what the voice note says first"), transaction():
        make_ordinary(
            db.session.get_one(Case, case.id), ordinary, by=officer, at=clock.now(), reason="A lamp."
        )

    assert now(case).is_integrity


def test_a_recording_whose_draft_could_not_be_kept_leaves_no_file(app: Flask) -> None:
    note = store_note(BytesIO(wav()), storage=current_storage(), at=clock.now())

    with pytest.raises(LookupError), kept_or_gone(note):
        raise LookupError

    assert not current_storage().exists(storage_key(note.name, note.kind))
