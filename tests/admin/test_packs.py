"""City packs: the whole city as one file and back, what is refused, what a city that works keeps."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from cps.admin.commands import init_command
from cps.admin.pack import writing
from cps.admin.pack_commands import OWN_PACKS, export_command, import_command
from cps.core import assets, city, clock, doctor
from cps.core.db import db, transaction
from cps.core.errors import RuleViolation
from cps.core.models import AuditRow, City
from cps.departments import queries as departments
from cps.departments import services as furnishing
from cps.departments.models import Category, Department, ReplyTemplate
from cps.departments.rules import Datatype, TimeUnit
from cps.wards import queries as wards
from cps.wards.outlines import read_area
from cps.wards.rules import geometry_of
from tests.support.factories import (
    make_category,
    make_complaint,
    make_department,
    make_ward,
    question,
    save,
    square,
)

PACK: dict[str, Any] = {
    "format": "cps-city-pack",
    "version": 1,
    "city": {"welcome": {"en": "Welcome to Testford."}},
    "wards": [{"code": "hill", "name": {"en": "Hill"}}],
    "departments": [{"code": "roads", "name": {"en": "Roads"}}],
    "categories": [
        {
            "code": "pothole",
            "name": {"en": "Pothole"},
            "department": "roads",
            "service_time": {"amount": 3, "unit": "working_days"},
            "questions": [
                {
                    "code": "depth",
                    "datatype": "singlevaluelist",
                    "label": {"en": "How deep?"},
                    "choices": [{"key": "deep", "name": {"en": "Deep"}}],
                }
            ],
        }
    ],
    "calendar": {
        "hours": [{"day": "monday", "opens": "08:00", "closes": "12:00"}],
        "holidays": [{"day": "2026-12-24", "name": {"en": "Eve"}}, {"every": "05-01", "name": {"en": "May"}}],
    },
    "templates": [{"code": "done", "title": {"en": "Done"}, "body": {"en": "It is done."}}],
}


def changed(path: str, value: Any) -> dict[str, Any]:
    """Return the pack with the value at a path such as `categories.0.department` changed."""
    pack = json.loads(json.dumps(PACK))
    *way, last = [int(step) if step.isdecimal() else step for step in path.split(".")]
    place: Any = pack
    for step in way:
        place = place[step]
    place[last] = value
    return pack


def bring_in(app: Flask, folder: Path, pack: Any, *options: str) -> Result:
    """Run `cps city import` on a pack: a value, or the name of one of ours."""
    name = pack
    if not isinstance(pack, str):
        file = folder / "pack.json"
        file.write_text(json.dumps(pack), encoding="utf-8")
        name = str(file)
    answer = app.test_cli_runner().invoke(import_command, [name, *options])
    db.session.rollback()
    return answer


def city_as_pack() -> dict[str, Any]:
    db.session.rollback()
    return json.loads(json.dumps(writing.whole_pack()))


def furnish() -> None:
    """Make a city in which everything is there that a pack can hold."""
    roads = make_department("Roads", code="roads", email="roads@testford.test", phone="123", is_active=False)
    depth = question(
        "depth",
        Datatype.SINGLE,
        choices={"deep": "Deep"},
        stops={"deep": {"en": "Call us."}},
        dangers=["deep"],
    )
    make_category("Pothole", code="pothole", department=roads, questions=[depth, question("since")],
                  keywords={"en": ["hole"]}, icon="construction", ord=3)  # fmt: skip
    make_category("Bribe", code="bribe", department=roads, is_integrity=True, is_active=False)
    make_ward("harbour", geometry=geometry_of(read_area(square(129.5, 36, 0.02))))
    make_ward("old", geometry=geometry_of(read_area(square(129.6, 36, 0.02))), is_active=False, population=9)
    save(ReplyTemplate(code="thanks", department_id=roads.id, title={"en": "Thanks"}, body={"en": "We look."},
                       updated_at=clock.now()))  # fmt: skip
    with transaction():
        furnishing.save_holiday(date(2026, 12, 25), {"en": "Winter Day"}, by=None, at=clock.now())


def test_a_city_goes_into_a_pack_and_comes_out_the_same(app: Flask, tmp_path: Path) -> None:
    furnish()
    before = city_as_pack()
    file = tmp_path / "testford.json"
    answer = app.test_cli_runner().invoke(export_command, [str(file)])
    assert "wards 2, departments 2, categories 2, templates 1" in answer.output
    with transaction() as session:
        for table in (Category, ReplyTemplate, Department):
            for row in session.scalars(db.select(table)):
                session.delete(row)
            session.flush()
        for ward in wards.all_by_code().values():
            session.delete(ward)
        row = session.get_one(City, 1)
        row.name, row.welcome, row.danger_words, row.phone = {"en": "X"}, {}, {}, ""

    answer = bring_in(app, tmp_path, json.loads(file.read_text()))

    assert answer.exit_code == 0, answer.output
    assert city_as_pack() == before


def test_an_outline_of_one_area_stands_in_a_pack_as_it_stands_after_coming_in(app: Flask) -> None:
    area = square(129.5, 36, 0.02)
    make_ward("harbour", geometry=area)
    make_ward("old", geometry=geometry_of(read_area(area)))

    one, other = (ward["geometry"] for ward in city_as_pack()["wards"])

    assert one == other


def test_a_pack_is_written_for_people_to_read(app: Flask, tmp_path: Path) -> None:
    make_ward("harbour", name={"ko": "항구"})
    file = tmp_path / "testford.json"

    app.test_cli_runner().invoke(export_command, [str(file)])

    lines = file.read_text(encoding="utf-8").splitlines()
    assert '        "ko": "항구"' in lines
    assert sum('"geometry": {"type":"MultiPolygon"' in line for line in lines) == 1


def test_what_one_installation_keeps_about_itself_stays_there(app: Flask, tmp_path: Path) -> None:
    with transaction() as session:
        session.get_one(City, 1).settings = {"demo": {"seed": 1}, "hours": {"en": "9 to 6"}}

    assert city_as_pack()["city"]["settings"] == {"hours": {"en": "9 to 6"}}
    bring_in(app, tmp_path, changed("city", {"settings": {"demo": {}, "hours": {"en": "8 to 5"}}}))

    assert city.get().settings == {"demo": {"seed": 1}, "hours": {"en": "8 to 5"}}


def test_no_pack_says_what_text_messages_may_cost(app: Flask, tmp_path: Path) -> None:
    own = {"sms": {"price_thousandths": 50, "countries": ["KR"]}}
    with transaction() as session:
        session.get_one(City, 1).settings = own

    assert city_as_pack()["city"]["settings"] == {}
    bring_in(
        app, tmp_path, changed("city", {"settings": {"sms": {"price_thousandths": "?", "countries": []}}})
    )

    assert city.get().settings == own


def test_a_file_that_is_there_is_not_written_over(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "testford.json"
    file.write_text("mine")

    answer = app.test_cli_runner().invoke(export_command, [str(file)])

    assert isinstance(answer.exception, RuleViolation)
    assert file.read_text() == "mine"


def test_a_pack_makes_and_changes_what_it_tells(app: Flask, tmp_path: Path) -> None:
    make_category("Old name", code="pothole")

    answer = bring_in(app, tmp_path, PACK)

    assert "categories: 0 new, 1 changed, 0 as before." in answer.output
    pothole = departments.category_by_code("pothole")
    assert pothole is not None
    assert (pothole.name, pothole.department.code) == ({"en": "Pothole"}, "roads")
    assert pothole.service_time_unit is TimeUnit.WORKING_DAYS
    assert [one.code for one in pothole.questions] == ["depth"]
    assert city.get().welcome == {"en": "Welcome to Testford."}
    assert [(one.weekday, one.opens.hour) for one in departments.opening_hours()] == [(0, 8)]
    assert [one.day.isoformat() for one in departments.holidays()] == [
        "2026-05-01", "2026-12-24", "2027-05-01", "2028-05-01"
    ]  # fmt: skip


def test_the_same_pack_again_changes_nothing(app: Flask, tmp_path: Path) -> None:
    bring_in(app, tmp_path, PACK)
    rows = db.session.scalar(db.select(db.func.count(AuditRow.id)))
    before = city_as_pack()

    answer = bring_in(app, tmp_path, PACK)

    assert "departments: 0 new, 0 changed, 1 as before." in answer.output
    assert "changed" not in answer.output.replace("0 changed", "")
    assert city_as_pack() == before
    assert db.session.scalar(db.select(db.func.count(AuditRow.id))) == rows


def test_what_the_pack_has_not_stays_and_is_told(app: Flask, tmp_path: Path) -> None:
    make_category(code="noise")
    make_ward("harbour")

    answer = bring_in(app, tmp_path, PACK)

    assert "left as they are: noise" in answer.output
    assert "left as they are: harbour" in answer.output
    assert departments.catalogue().offer("noise") is not None


def test_a_question_that_cases_answer_stays_readable_and_is_no_longer_required(
    app: Flask, tmp_path: Path
) -> None:
    since, idle = question("since", is_required=True), question("idle")
    category = make_category(code="pothole", questions=[since, idle])
    make_complaint(category=category, answers={"since": ["Monday"]})
    make_complaint(answers={"idle": ["of another category"]})

    answer = bring_in(app, tmp_path, PACK)

    assert "The question “since” of “pothole” stays: cases answer it." in answer.output
    kept = departments.category_by_code("pothole")
    assert kept is not None
    assert [(one.code, one.is_required) for one in kept.questions] == [("depth", False), ("since", False)]


def test_a_category_with_cases_does_not_turn_into_another_kind(app: Flask, tmp_path: Path) -> None:
    make_complaint(category=make_category(code="pothole"))

    answer = bring_in(app, tmp_path, changed("categories.0.is_integrity", True))

    assert isinstance(answer.exception, RuleViolation)
    assert "“pothole” has cases here and is of another kind" in answer.exception.message
    assert departments.department_by_code("roads") is None


def test_another_department_may_read_new_cases(app: Flask, tmp_path: Path) -> None:
    answer = bring_in(app, tmp_path, changed("departments.0.is_triage", True))

    assert "New cases are read by “roads” now, not by “front-desk”." in answer.output
    assert departments.triage_department().code == "roads"


def test_a_department_of_the_city_goes_on_reading_new_cases(app: Flask, tmp_path: Path) -> None:
    bring_in(app, tmp_path, changed("departments.0.code", "front-desk") | {"categories": []})

    assert departments.triage_department().name == {"en": "Roads"}


def test_only_some_sections_may_be_taken(app: Flask, tmp_path: Path) -> None:
    bring_in(app, tmp_path, PACK, "--only", "wards", "--only", "templates")

    assert [ward.code for ward in wards.wards()] == ["hill"]
    assert departments.department_by_code("roads") is None
    assert city.get().welcome["en"] == "Tell the city."


def test_a_dry_run_tells_and_writes_nothing(app: Flask, tmp_path: Path) -> None:
    before = city_as_pack()

    answer = bring_in(app, tmp_path, PACK, "--dry-run")

    assert "wards: 1 new" in answer.output
    assert answer.output.endswith("Nothing was changed.\n")
    assert city_as_pack() == before


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("format", "zip", "This is no city pack"),
        ("version", 2, "The pack is of version 2; this program reads up to 1."),
        ("colour", "red", "colour: There is no such value"),
        ("wards", {}, "wards: This must be a list."),
        ("wards.0.name", {}, "wards[0]: hill: a name or text is missing."),
        ("wards.0.code", "a b", "wards[0]: “a b” is no code"),
        ("wards.0.geometry", {"type": "Point"}, "wards[0].geometry: It has no Polygon or MultiPolygon."),
        ("wards.0.population", -1, "wards[0].population: This must be a whole number"),
        ("departments.0.code", "Roads!", "departments[0]: The code “Roads!” must be small letters"),
        ("departments.0.name", "Roads", "departments[0].name: This must be texts by language"),
        ("departments.0.name", {"English!": "x"}, "departments[0]: roads: “English!” is not a language"),
        ("categories.0.department", "moon", "categories[0].department: There is no department"),
        ("categories.0.kind", "poem", "categories[0].kind: This must be one of: complaint, proposal."),
        ("categories.0.service_time", {"amount": 0}, "categories[0].service_time.amount: This must be"),
        ("categories.0.service_time.unit", "weeks", "categories[0].service_time.unit: This must be one of"),
        ("categories.0.is_repair", "yes", "categories[0].is_repair: This must be true or false."),
        ("categories.0.questions.0.choices", [], "categories[0].questions[0]: depth: a list needs choices"),
        ("categories.0.questions.0.stops", {"x": {"en": "No"}}, "no choice has the key “x”"),
        (
            "categories.0.questions.0.datatype",
            "poem",
            "categories[0].questions[0].datatype: This must be one",
        ),
        ("calendar.hours.0.day", "someday", "calendar.hours[0].day: This must be one of: monday"),
        ("calendar.hours.0.closes", "25:00", "calendar.hours[0].closes: This must be a time of day"),
        ("calendar.hours.0.closes", "07:00", "calendar.hours: Working hours must be on a day of the week"),
        ("calendar.holidays.0.day", "24.12.", "calendar.holidays[0].day: This must be a day"),
        ("templates.0.body", {}, "templates[0]: done: a name or text is missing."),
        ("templates.0.department", "moon", "templates[0].department: There is no department"),
        ("city.zone", "Moon/Base", "city.zone: “Moon/Base” is not a time zone"),
        ("city.country", "Korea", "city.country: “Korea” is not a country code"),
        ("city.accent", "red", "city.accent: This must be a colour"),
        ("city.languages", ["tlh"], "city.languages: This program speaks none of these languages."),
        ("city.danger_words", {"en": "fire"}, "city.danger_words: This must be lists of texts by language"),
    ],
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_a_wrong_pack_is_told_by_its_path_and_writes_nothing(
    app: Flask, tmp_path: Path, path: str, value: Any, told: str
) -> None:
    before = city_as_pack()

    answer = bring_in(app, tmp_path, changed(path, value))

    assert isinstance(answer.exception, RuleViolation), answer.output
    assert told in f"{answer.stderr}{answer.exception.message}"
    assert city_as_pack() == before


@pytest.mark.parametrize("value", ['{"a":' * 600 + "1" + "}" * 600, '{"centre": [1e999, 0]}'])
def test_settings_that_no_database_keeps_are_told(app: Flask, tmp_path: Path, value: str) -> None:
    file = tmp_path / "wide.json"
    file.write_text(json.dumps(PACK | {"city": {"settings": "?"}}).replace('"?"', value))
    before = city_as_pack()

    answer = app.test_cli_runner().invoke(import_command, [str(file)])

    assert isinstance(answer.exception, RuleViolation)
    assert "city.settings: " in answer.exception.message
    assert city_as_pack() == before


def test_a_code_stands_once_in_a_list(app: Flask, tmp_path: Path) -> None:
    twice = changed("wards", [PACK["wards"][0], PACK["wards"][0]])

    answer = bring_in(app, tmp_path, twice)

    assert "wards[1].code: The code “hill” is there twice." in str(answer.exception)


@pytest.mark.parametrize(
    "content", [b"{", b'{"format": NaN}', b"[]", b"\xff\xfe{\x00}\x00", b'{"a":' * 5_000]
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_what_is_no_pack_is_refused(app: Flask, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "pack.json"
    file.write_bytes(content)

    answer = bring_in(app, tmp_path, str(file))

    assert isinstance(answer.exception, RuleViolation)


def test_a_pack_that_is_not_there_is_wrong_use(app: Flask, tmp_path: Path) -> None:
    answer = bring_in(app, tmp_path, "atlantis")

    assert answer.exit_code == 2
    assert "generic, philippines, vietnam" in answer.output


@pytest.mark.parametrize("name", OWN_PACKS)
def test_our_packs_come_in_twice_without_a_difference(app: Flask, tmp_path: Path, name: str) -> None:
    first = bring_in(app, tmp_path, name)
    assert first.exit_code == 0, first.output
    before = city_as_pack()

    bring_in(app, tmp_path, name)

    assert city_as_pack() == before
    assert {category.icon for category in departments.all_categories()} <= assets.icon_names()
    assert sum(category.is_integrity for category in departments.all_categories()) == 1


@pytest.mark.bare_database
@pytest.mark.parametrize("name", OWN_PACKS)
def test_a_city_may_begin_with_one_of_our_packs(app: Flask, tmp_path: Path, name: str) -> None:
    password = tmp_path / "password"
    password.write_text("a quiet harbour at dawn\n")
    options = ["--pack", name, "--name", "en=Testford", "--email", "chief@testford.example",
               "--password-file", str(password), "--emergency-phone", "112"]  # fmt: skip
    if name == "generic":
        options += ["--country", "KR", "--zone", "Asia/Seoul"]

    answer = app.test_cli_runner().invoke(init_command, options)

    assert answer.exit_code == 0, answer.output
    found = doctor.examine(at=clock.now())
    assert [one.text for one in found if not one.is_well and one.name != "database clock"] == []
    assert departments.department_by_code("citizen-office" if name != "generic" else "x") is None
    assert len(departments.categories()) > 15


@pytest.mark.bare_database
def test_the_philippine_pack_answers_in_three_seven_or_twenty_days(app: Flask, tmp_path: Path) -> None:
    test_a_city_may_begin_with_one_of_our_packs(app, tmp_path, "philippines")

    times = {(one.service_time, one.service_time_unit) for one in departments.categories()}
    assert times == {(days, TimeUnit.WORKING_DAYS) for days in (3, 7, 20)}
    assert (city.get().zone.key, city.get().currency) == ("Asia/Manila", "PHP")


@pytest.mark.bare_database
def test_the_vietnamese_pack_answers_in_eight_working_hours_or_four_hours(app: Flask, tmp_path: Path) -> None:
    test_a_city_may_begin_with_one_of_our_packs(app, tmp_path, "vietnam")

    times = {(one.service_time, one.service_time_unit) for one in departments.categories()}
    assert times == {(8, TimeUnit.WORKING_HOURS), (4, TimeUnit.HOURS)}
    assert city.get().default_language == "vi"
