"""The city's crest and own words travel in its pack, and what is wrong with them is told."""

import json
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from cps.admin.pack_commands import export_command
from cps.admin.townhall import crests, queries
from cps.admin.townhall.rules import LONGEST_OWN_WORDS, OwnPage
from cps.admin.townhall.services import bring_crest, change_words, remove_crest
from cps.core import city, clock, emblems
from cps.core.city import lock
from cps.core.db import db, transaction
from cps.core.errors import RuleViolation
from cps.core.models import AuditRow
from cps.core.storage import current_storage
from tests.admin.test_packs import PACK, bring_in, changed, city_as_pack
from tests.support.crests import make_crest

WORDS = {"en": "Ask Ms Kim.", "ko": "김 주무관"}
NAME = emblems.draw(make_crest()).name


def logo(picture: bytes) -> str:
    return b64encode(picture).decode()


def with_face(**face: Any) -> dict[str, Any]:
    return changed("city", face)


def audited() -> int:
    return db.session.scalar(db.select(db.func.count(AuditRow.id))) or 0


def test_crest_and_words_go_into_a_pack_and_come_out_the_same(app: Flask, tmp_path: Path) -> None:
    with transaction():
        bring_crest(lock(), emblems.draw(make_crest()), by=None, at=clock.now())
        change_words(OwnPage.PRIVACY, WORDS, by=None, at=clock.now())
    before, file = city_as_pack(), tmp_path / "testford.json"
    app.test_cli_runner().invoke(export_command, [str(file)])
    with transaction():
        remove_crest(lock(), NAME, by=1, at=clock.now())
        change_words(OwnPage.PRIVACY, {"en": "Something else."}, by=None, at=clock.now())
    assert not current_storage().exists(crests.key(NAME, "large"))

    answer = bring_in(app, tmp_path, json.loads(file.read_text()))

    assert answer.exit_code == 0, answer.output
    assert "city: changed texts, logo" in answer.output
    assert city_as_pack() == before
    assert current_storage().exists(crests.key(NAME, "small"))
    rows = audited()
    bring_in(app, tmp_path, json.loads(file.read_text()))
    assert audited() == rows


def test_any_picture_may_be_the_crest_of_a_pack_that_somebody_writes(app: Flask, tmp_path: Path) -> None:
    bring_in(app, tmp_path, with_face(logo=logo(make_crest(name="JPEG")), texts={"about": WORDS}))

    assert current_storage().exists(crests.key(city.get().logo, "small"))
    assert queries.words_of(OwnPage.ABOUT)[0] == WORDS


def test_what_the_pack_has_not_stays(app: Flask, tmp_path: Path) -> None:
    bring_in(app, tmp_path, with_face(logo=logo(make_crest()), texts={"about": WORDS, "privacy": WORDS}))

    bring_in(app, tmp_path, with_face(logo="", texts={"about": {"fr": "Demandez."}}))

    assert city.get().logo == NAME
    assert queries.all_words() == {OwnPage.ABOUT: {**WORDS, "fr": "Demandez."}, OwnPage.PRIVACY: WORDS}


@pytest.mark.parametrize("options", [("--dry-run",), ("--only", "wards")])
def test_a_dry_run_and_another_section_leave_no_file_behind(
    app: Flask, tmp_path: Path, options: tuple[str, ...]
) -> None:
    answer = bring_in(app, tmp_path, with_face(logo=logo(make_crest())), *options)

    assert answer.exit_code == 0, answer.output
    assert city.get().logo == ""
    assert not any(current_storage().exists(crests.key(NAME, size)) for size in crests.SIZES)


@pytest.mark.parametrize(
    ("face", "told"),
    [
        ({"logo": 7}, "city.logo: This must be a text."),
        ({"logo": "https://testford.test/crest.png"}, "city.logo: This must be a picture in base64."),
        ({"logo": logo(b"<svg/>")}, "city.logo: SVG is not taken"),
        ({"logo": logo(make_crest()[:300])}, "city.logo: The picture is damaged."),
        ({"logo": "A" * 4_000_000}, "city.logo: This is longer than"),
        ({"texts": []}, "city.texts: "),
        ({"texts": {"home": WORDS}}, "city.texts.home: There is no such value"),
        ({"texts": {"about": "Hello"}}, "city.texts.about: This must be texts by language"),
        ({"texts": {"about": {"English!": "x"}}}, "city.texts: about: “English!” is not a language"),
        ({"texts": {"about": {"en": "x" * (LONGEST_OWN_WORDS + 1)}}}, "city.texts: about (en): more than"),
    ],
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_a_face_that_cannot_be_taken_is_told_by_its_path_and_nothing_is_written(
    app: Flask, tmp_path: Path, face: dict[str, Any], told: str
) -> None:
    before = city_as_pack()

    answer = bring_in(app, tmp_path, with_face(**face))

    assert isinstance(answer.exception, RuleViolation), answer.output
    assert told in answer.exception.message
    assert city_as_pack() == before
    assert PACK["city"] != face
