"""One's own data with photos, as an archive."""

import io
import json
import zipfile
from pathlib import Path

from flask import Flask
from PIL import Image

from cps.cases.models import Case
from cps.cases.reference import display
from cps.cases.rules import EventKind, PhotoStage
from cps.cases.services.photos import add_photos, store_photo
from cps.cases.services.voice import store_note
from cps.core import clock
from cps.core.db import transaction
from cps.core.storage import current_storage
from tests.support import factories as make
from tests.support.site import Site
from tests.support.sounds import wav


def add_photo(case: Case, colour: str, stage: PhotoStage = PhotoStage.BEFORE, by: int | None = None) -> None:
    """Hang a photo on a case, or on what somebody did to it."""
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(picture, "PNG")
    photo = store_photo(picture.getvalue(), storage=current_storage(), zone=make.ZONE, at=clock.now())
    event = make.make_event(case, EventKind.REPLIED, actor_id=by) if by else None
    with transaction() as session:
        add_photos(session.get_one(Case, case.id), [photo], stage, event=event and session.merge(event))


def archive(site: Site) -> dict[str, bytes]:
    page = site.get("/accounts/me/data.zip")
    assert page.header("Content-Disposition") == "attachment; filename=my-data.zip"
    with zipfile.ZipFile(io.BytesIO(page.data)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def test_it_holds_the_file_and_every_photo_one_sent(app: Flask, site: Site) -> None:
    ann, officer = make.make_resident(), make.make_officer()
    mine, theirs = make.make_complaint(reporter=ann), make.make_complaint(reporter=make.make_resident())
    add_photo(mine, "red")
    add_photo(mine, "green", PhotoStage.REPLY, by=ann.id)
    add_photo(mine, "blue", PhotoStage.AFTER, by=officer.id)
    add_photo(theirs, "black")

    found = archive(site.sign_in(ann))

    photos = [name for name in found if name.startswith("photos/")]
    assert photos == [f"photos/{display(mine.reference)}/{number}.webp" for number in (1, 2)]
    assert all(Image.open(io.BytesIO(found[name])).format == "WEBP" for name in photos)
    assert json.loads(found["my-data.json"])["account"]["email"] == ann.email


def test_it_holds_one_s_voice_notes_as_they_came(app: Flask, site: Site) -> None:
    ann = make.make_resident()
    mine, theirs = make.make_complaint(reporter=ann), make.make_complaint(reporter=make.make_resident())
    for case in (mine, theirs):
        note = store_note(io.BytesIO(wav(2)), storage=current_storage(), at=clock.now())
        note.case_id = case.id
        make.save(note)

    found = archive(site.sign_in(ann))

    assert found[f"voice/{display(mine.reference)}.wav"] == wav(2)
    assert [row["seconds"] for row in json.loads(found["my-data.json"])["voice_notes"]] == [2]
    assert len([name for name in found if name.startswith("voice/")]) == 1


def test_a_photo_whose_file_is_gone_stops_nothing(app: Flask, site: Site) -> None:
    ann = make.make_resident()
    case = make.make_complaint(reporter=ann)
    add_photo(case, "red")
    for file in Path(app.extensions["cps_config"].storage_url).rglob("*.webp"):
        file.unlink()

    assert list(archive(site.sign_in(ann))) == ["my-data.json"]
