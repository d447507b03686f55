from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from cps.accounts import passwords
from cps.accounts import queries as accounts
from cps.accounts.rules import Role
from cps.admin.commands import init_command
from cps.core import city, clock, doctor
from cps.core.db import db
from cps.core.errors import RuleViolation
from cps.core.models import City
from cps.departments import queries as departments
from tests.support.factories import make_category

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.bare_database]

PASSWORD = "a quiet harbour at dawn"


@pytest.fixture
def options(tmp_path: Path) -> list[str]:
    """All that `cps init` asks."""
    file = tmp_path / "password"
    file.write_text(f"{PASSWORD}\n")
    return [
        *("--language", "ko", "--language", "en", "--name", "ko=시험시", "--name", "en=Testford"),
        *("--country", "KR", "--zone", "Asia/Seoul", "--emergency-phone", "112"),
        *("--email", "Chief@Testford.example", "--password-file", str(file)),
    ]


def changed(options: list[str], name: str, value: str) -> list[str]:
    place = options.index(name) + 1
    return [*options[:place], value, *options[place + 1 :]]


def init(app: Flask, options: list[str], typed: str = "") -> Result:
    return app.test_cli_runner().invoke(init_command, options, input=typed)


def test_init_founds_a_city_in_which_residents_can_complain(app: Flask, options: list[str]) -> None:
    answer = init(app, options)

    assert answer.exit_code == 0
    facts = city.get()
    assert (facts.name, facts.languages, facts.default_language) == (
        {"ko": "시험시", "en": "Testford"},
        ["ko", "en"],
        "ko",
    )
    assert db.session.get_one(City, 1).currency == "KRW"
    assert departments.triage_department().code == "citizen-office"
    assert [category.department.code for category in departments.categories()] == ["citizen-office"]
    assert departments.working_calendar(facts.zone).next_opening(clock.now()) == clock.now()


def test_init_makes_the_first_administrator(app: Flask, options: list[str]) -> None:
    init(app, options)

    chief = accounts.account_by_email("chief@testford.example")
    assert chief is not None
    assert chief.roles == {Role.RESIDENT, Role.ADMINISTRATOR}
    assert passwords.is_password(PASSWORD, chief.password_hash)


def test_a_founded_city_is_well(app: Flask, options: list[str]) -> None:
    init(app, options)

    found = doctor.examine(at=clock.now())
    assert [f.name for f in found if not f.is_well and f.name != "database clock"] == []


def test_the_doctor_says_that_residents_have_nothing_to_choose_from(app: Flask, options: list[str]) -> None:
    init(app, options)
    told = {finding.name: finding.text for finding in doctor.examine(at=clock.now())}
    make_category("Lamp")
    chosen = {finding.name: finding.text for finding in doctor.examine(at=clock.now())}

    assert "residents can choose nothing else" in told["categories"]
    assert chosen["categories"] == "2, each with an active department"


def test_init_asks_for_what_no_option_gives(app: Flask) -> None:
    answers = ["ko en", "시험시", "Testford", "kr", "Asia/Seoul", "112", "chief@testford.example"]

    answer = init(app, [], "\n".join([*answers, PASSWORD, PASSWORD]) + "\n")

    assert answer.exit_code == 0
    assert PASSWORD not in answer.output
    assert city.get().country == "KR"
    assert accounts.account_by_email("chief@testford.example") is not None


def test_init_asks_again_for_an_address_or_a_password_that_cannot_be_used(
    app: Flask, options: list[str]
) -> None:
    without = options[: options.index("--email")]

    answer = init(app, without, f"chief\nchief@testford.example\nshort\nshort\n{PASSWORD}\n{PASSWORD}\n")

    assert answer.exit_code == 0
    assert "“chief” is not an e-mail address" in answer.output
    assert "too short" in answer.output


def test_a_second_init_is_refused(app: Flask, options: list[str]) -> None:
    init(app, options)

    answer = init(app, changed(options, "--zone", "Asia/Manila"))

    assert isinstance(answer.exception, RuleViolation)
    assert "has a city already" in answer.exception.message
    assert city.get().zone.key == "Asia/Seoul"


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("--zone", "Asia/Testford", "is not a time zone"),
        ("--country", "Korea", "is not a country code"),
        ("--country", "QQ", "is not a country code"),
        ("--language", "xx", "is not a language of this program"),
        ("--language", "pseudo", "is not a language of this program"),
        ("--emergency-phone", "call us", "when somebody is in danger"),
    ],
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_a_fact_that_is_wrong_founds_nothing(
    app: Flask, options: list[str], name: str, value: str, says: str
) -> None:
    answer = init(app, changed(options, name, value))

    assert isinstance(answer.exception, RuleViolation)
    assert says in answer.exception.message
    assert city.find() is None
    assert accounts.count_with_role(Role.ADMINISTRATOR) == 0


@pytest.mark.parametrize(
    ("name", "value"), [("--email", "chief"), ("--name", "Testford"), ("--password-file", "/no/such/file")]
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_wrong_use_ends_with_2(app: Flask, options: list[str], name: str, value: str) -> None:
    answer = init(app, changed(options, name, value))

    assert answer.exit_code == 2
    assert city.find() is None


def test_a_weak_password_in_the_file_is_refused(app: Flask, options: list[str], tmp_path: Path) -> None:
    (tmp_path / "password").write_text("password1234\n")

    answer = init(app, options)

    assert answer.exit_code == 2
    assert city.find() is None
