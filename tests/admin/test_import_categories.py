"""`cps import categories`: from a table, or from JSON as in a pack."""

import json
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from cps.admin.pack_commands import import_categories_command
from cps.core.errors import RuleViolation
from cps.departments import queries
from cps.departments.rules import CategoryKind, TimeUnit
from tests.support.factories import make_category, make_department, question

HEAD = "code,name,name_ko,department,service time,unit,group,keywords,kind,repair\n"
LAMP = 'lamp,Street light,가로등,roads,3,,Streets,"lamp, light",,yes\n'
IDEA = "idea,An idea,제안,roads,20,working days,,,proposal,\n"


@pytest.fixture(autouse=True)
def roads(app: Flask) -> None:
    make_department(code="roads")


def bring_in(app: Flask, folder: Path, written: str, *options: str, name: str = "categories.csv") -> Result:
    file = folder / name
    file.write_text(written, encoding="utf-8")
    return app.test_cli_runner().invoke(import_categories_command, [str(file), *options])


def test_categories_come_in_from_a_table(app: Flask, tmp_path: Path) -> None:
    answer = bring_in(app, tmp_path, HEAD + LAMP + IDEA)

    assert "categories: 2 new, 0 changed, 0 as before." in answer.output
    lamp, idea = queries.category_by_code("lamp"), queries.category_by_code("idea")
    assert lamp is not None
    assert idea is not None
    assert lamp.name == {"en": "Street light", "ko": "가로등"}
    assert (lamp.keywords, lamp.group_name) == ({"en": ["lamp", "light"]}, {"en": "Streets"})
    assert (lamp.service_time, lamp.service_time_unit, lamp.is_repair) == (3, TimeUnit.WORKING_DAYS, True)
    assert (idea.kind, idea.is_repair) == (CategoryKind.PROPOSAL, False)


def test_the_same_table_again_changes_nothing(app: Flask, tmp_path: Path) -> None:
    bring_in(app, tmp_path, HEAD + LAMP)

    assert "categories: 0 new, 0 changed, 1 as before." in bring_in(app, tmp_path, HEAD + LAMP).output


def test_a_table_leaves_questions_as_they_are(app: Flask, tmp_path: Path) -> None:
    make_category(code="lamp", questions=[question("which")], ord=7)

    bring_in(app, tmp_path, HEAD + LAMP)

    lamp = queries.category_by_code("lamp")
    assert lamp is not None
    assert ([one.code for one in lamp.questions], lamp.ord) == (["which"], 7)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("Lamp!,L,,roads,3,,,,,", "The code “Lamp!” must be small letters"),
        ("lamp2,,,roads,3,,,,,", "lamp2: a name or text is missing."),
        ("lamp2,L,,moon,3,,,,,", "There is no department with the code “moon”."),
        ("lamp2,L,,roads,soon,,,,,", "“soon” is no whole number."),
        ("lamp2,L,,roads,0,,,,,", "the service time must be more than zero."),
        ("lamp2,L,,roads,3,weeks,,,,", "“weeks” is no unit; write hours, working hours, working days, days."),
        ("lamp2,L,,roads,3,,,,poem,", "“poem” is no kind of case"),
        ("lamp2,L,,roads,3,,,,,perhaps", "“perhaps” is neither yes nor no."),
        ("lamp,L,,roads,3,,,,,", "The code stands in line 2 already."),
        ("lamp2,L", "It has 2 fields and the head 10."),
    ],
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_a_wrong_row_is_told_by_its_line_and_stops_everything(
    app: Flask, tmp_path: Path, row: str, reason: str
) -> None:
    answer = bring_in(app, tmp_path, f"{HEAD}{LAMP}{row}\n")

    assert isinstance(answer.exception, RuleViolation)
    assert "Line 3: " in answer.stderr
    assert reason in answer.stderr
    assert queries.category_by_code("lamp") is None


def test_wrong_rows_may_be_skipped_and_everything_be_tried_first(app: Flask, tmp_path: Path) -> None:
    written = f"{HEAD}{LAMP}x,y\n"

    assert "1 new" in bring_in(app, tmp_path, written, "--skip-wrong", "--dry-run").output
    assert queries.category_by_code("lamp") is None
    assert "1 new" in bring_in(app, tmp_path, written, "--skip-wrong").output


def test_a_table_without_its_columns_is_refused(app: Flask, tmp_path: Path) -> None:
    answer = bring_in(app, tmp_path, "code,name,department\nlamp,Lamp,roads\n")

    assert "The table needs one column “service_time”" in str(answer.exception)


def test_categories_come_in_with_their_questions_from_json(app: Flask, tmp_path: Path) -> None:
    lamp = {
        "code": "lamp",
        "name": {"en": "Lamp"},
        "department": "roads",
        "service_time": {"amount": 4, "unit": "hours"},
        "questions": [{"code": "which", "label": {"en": "Which?"}}],
    }

    answer = bring_in(app, tmp_path, json.dumps([lamp]), name="categories.json")

    assert answer.exit_code == 0, answer.output
    found = queries.category_by_code("lamp")
    assert found is not None
    assert [one.code for one in found.questions] == ["which"]


def test_json_without_a_category_is_refused_by_its_path(app: Flask, tmp_path: Path) -> None:
    answer = bring_in(app, tmp_path, '[{"code": "lamp"}]', name="categories.json")

    assert "categories[0].department: This is missing." in f"{answer.stderr}{answer.exception}"
