"""The options of a draft: written, ordered, pictured, brought in from Pabulib."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image

from cps.cases.services.photos import SIZES, storage_key
from cps.core import clock
from cps.core.backup import restoring, saving
from cps.core.db import transaction
from cps.core.storage import current_storage
from cps.polls import queries
from cps.polls.rules import Method
from tests.polls.managing import administrator, empty_draft, here
from tests.support.backups import Quiet, installation
from tests.support.site import Site

BUDGET = b"""META
key;value
description;A small budget
country;Aurelia
unit;Aurelia
instance;2026
num_projects;2
num_votes;1
budget;10000
vote_type;approval
rule;greedy
PROJECTS
project_id;cost;name;description
1;6000;Trees on Mill Street;Twelve limes, from the bridge to the school.
2;5000;A ramp at the library;
VOTES
voter_id;vote
7;1
"""


@pytest.fixture
def admin(site: Site) -> Site:
    empty_draft()
    empty_draft("noise")
    return administrator(site)[0]


def options() -> list[Any]:
    return list(queries.get_poll("park").options)


def codes() -> list[str]:
    return [option.code for option in options()]


def add(admin: Site, label: str, **fields: object) -> Any:
    address = here("park", "/options/new")
    return admin.submit(admin.get(address), form=address, label_en=label, **fields)


def photo() -> bytes:
    drawn = BytesIO()
    Image.new("RGB", (640, 480), (30, 120, 90)).save(drawn, "JPEG")
    return drawn.getvalue()


def test_options_get_codes_of_their_labels(admin: Site) -> None:
    add(admin, "A neighbourhood kitchen", label_ko="동네 부엌")
    add(admin, "A neighbourhood garden")
    page = add(admin, "공원")

    assert page.path == here("park", "/options")
    assert codes() == ["aneighbourho", "o1", "o2"]
    assert options()[0].labels["ko"] == "동네 부엌"


def test_an_option_without_a_label_is_refused_and_its_text_kept(admin: Site) -> None:
    page = add(admin, "", text_en="With two ovens.")

    assert page.status == 422
    assert page.text_of("#text_en") == "With two ovens."
    assert options() == []


def test_two_options_cannot_be_called_the_same(admin: Site) -> None:
    add(admin, "Kitchen", label_ko="부엌")
    add(admin, "Garden")

    twice = add(admin, "KITCHEN", label_ko="다른 부엌")
    in_another_language = add(admin, "A kitchen", label_ko="부엌")
    address = here("park", "/options/garden")
    renamed = admin.submit(admin.get(address), form=address, label_en="Kitchen")

    assert [page.status for page in (twice, in_another_language, renamed)] == [422, 422, 422]
    assert twice.all("#label_en-error")
    assert not twice.all("#label_ko-error")
    assert in_another_language.all("#label_ko-error")
    assert twice.value_of("#label_ko") == "다른 부엌"
    assert codes() == ["kitchen", "garden"]


def test_an_option_keeps_its_own_name(admin: Site) -> None:
    add(admin, "Kitchen")
    address = here("park", "/options/kitchen")

    page = admin.submit(admin.get(address), form=address, label_en="Kitchen", text_en="With two ovens.")

    assert page.status == 200
    assert options()[0].texts == {"en": "With two ovens."}


def test_an_option_is_changed_and_keeps_its_code(admin: Site) -> None:
    add(admin, "Kitchen")
    add(admin, "Park")

    address = here("park", "/options/kitchen")
    admin.submit(admin.get(address), form=address, label_en="A kitchen for all")

    assert codes() == ["kitchen", "park"]
    assert options()[0].labels == {"en": "A kitchen for all"}


def test_options_move_by_a_button(admin: Site) -> None:
    for label in ("First", "Second", "Third"):
        add(admin, label)

    page = admin.get(here("park", "/options"))
    admin.submit(page, form=here("park", "/options/third/move"), button="Move up: Third")
    page = admin.get(here("park", "/options"))
    admin.submit(page, form=here("park", "/options/first/move"), button="Move down: First")

    assert codes() == ["third", "first", "second"]


def test_the_keyboard_goes_on_from_the_option_that_moved(admin: Site) -> None:
    for label in ("First", "Second"):
        add(admin, label)

    page = admin.get(here("park", "/options"))
    answer = admin.submit(page, form=here("park", "/options/first/move"), button="Move down: First")

    assert answer.redirects[-1][1].endswith("/options#option-first")
    assert answer.has("The order is changed.")
    assert answer.all("#option-first a") == ["First"]


def test_an_option_is_removed(admin: Site) -> None:
    add(admin, "First")
    add(admin, "Second")

    page = admin.get(here("park", "/options/first"))
    admin.submit(page, form=here("park", "/options/first/remove"))

    assert codes() == ["second"]


def test_a_picture_is_kept_shown_and_taken_away(admin: Site, app: Flask) -> None:
    add(admin, "Kitchen", picture=(photo(), "kitchen.jpg"))
    name = options()[0].picture
    storage = app.extensions["cps_storage"]

    assert len(options()[0].picture_sha256) == 64
    assert all(storage.exists(storage_key(name, size)) for size in SIZES)
    assert admin.get(f"/polls/park/pictures/{name}/thumbnail").status == 200

    address = here("park", "/options/kitchen")
    admin.submit(admin.get(address), form=address, remove_picture=True)

    assert options()[0].picture == options()[0].picture_sha256 == ""
    assert not any(storage.exists(storage_key(name, size)) for size in SIZES)


def test_what_is_no_picture_is_refused_in_words_and_the_label_kept(admin: Site) -> None:
    page = add(admin, "Kitchen", picture=(b"hello", "kitchen.jpg"))

    assert page.status == 422
    assert page.has("This is not a photo we can read")
    assert page.value_of("#label_en") == "Kitchen"
    assert options() == []


def test_a_picture_that_came_with_a_wrong_form_leaves_no_file(admin: Site, app: Flask) -> None:
    page = add(admin, "", picture=(photo(), "kitchen.jpg"))

    assert page.status == 422
    kept = app.extensions["cps_storage"].root
    assert not [path for path in kept.rglob("*") if path.is_file()]


def test_a_picture_that_a_clone_shows_too_stays(admin: Site, app: Flask) -> None:
    add(admin, "Kitchen", picture=(photo(), "kitchen.jpg"))
    name = options()[0].picture
    admin.submit(here("park", "/clone"), slug="park-2")

    address = here("park", "/options/kitchen")
    admin.submit(admin.get(address), form=address, remove_picture=True)

    assert app.extensions["cps_storage"].exists(storage_key(name, "large"))


def test_a_file_of_pabulib_brings_projects_costs_and_the_budget(admin: Site) -> None:
    add(admin, "Something else")

    admin.submit(here("park", "/import"), file=(BUDGET, "small.pb"))

    poll = queries.get_poll("park")
    assert (poll.method, poll.budget) == (Method.BUDGET, 10_000)
    assert [(option.labels["en"], option.cost) for option in options()] == [
        ("Trees on Mill Street", 6000),
        ("A ramp at the library", 5000),
    ]
    assert [option.texts for option in options()] == [
        {"en": "Twelve limes, from the bridge to the school."},
        {},
    ]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (BUDGET.replace(b";6000;", b";6000.5;"), "Line 14: 6000.5 is no whole amount."),
        (BUDGET.replace(b"PROJECTS", b"PLANS"), "Line 14"),
        (BUDGET.replace(b"approval", b"ordinal"), "votes are of the kind “ordinal”"),
        (BUDGET.replace(b"7;1", b"7;8"), "there is no project 8"),
        (BUDGET.replace(b"7;1", b"7;1;1"), "too few or too many columns"),
        (BUDGET.replace(b"num_votes;1", b"num_votes;2"), "which gives num_votes: 1"),
        (b"\xff\xfe", "UTF-8"),
        (b"", "Choose a file"),
    ],
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_a_file_that_is_none_is_refused_with_its_line(admin: Site, data: bytes, words: str) -> None:
    page = admin.submit(here("park", "/import"), file=(data, "small.pb"))

    assert page.status == 422
    assert options() == []
    assert page.all("#file-error")
    if words != "Line 14":
        assert page.has(words)


def test_costs_are_asked_for_in_budgets_only(admin: Site) -> None:
    add(admin, "Kitchen")
    assert not admin.get(here("park", "/options/kitchen")).all("#cost")
    with transaction():
        queries.lock_poll("park").method = Method.BUDGET

    page = admin.get(here("park", "/options"))

    assert page.has("Its cost is missing")
    address = here("park", "/options/kitchen")
    assert admin.submit(admin.get(address), form=address, cost="0").status == 422
    admin.submit(admin.get(address), form=address, cost="2 500")
    assert options()[0].cost == 2500


def test_pictures_are_in_a_backup_also_one_that_two_polls_show(
    admin: Site, app: Flask, tmp_path: Path, run_folder: Path
) -> None:
    add(admin, "Kitchen", picture=(photo(), "kitchen.jpg"))
    admin.submit(here("park", "/clone"), slug="park-2")
    keys = [storage_key(options()[0].picture, size) for size in SIZES]
    before = {key: app.extensions["cps_storage"].get(key) for key in keys}
    saving.save(tmp_path / "city.zip", at=clock.now(), progress=Quiet())

    with installation("sqlite", run_folder, tmp_path / "target"):
        restoring.restore(tmp_path / "city.zip", at=clock.now(), progress=Quiet())

        assert {key: current_storage().get(key) for key in keys} == before
