from pathlib import Path

import pytest
from flask import Flask

from cps.config import DEMO_SECRET
from cps.core.commands import doctor_command
from cps.core.db import db, transaction
from cps.core.models import City
from cps.wards import queries as wards
from cps.wards.commands import import_wards_command
from tests.support import factories
from tests.support.fixtures import Database
from tests.support.terminal import cps

pytestmark = pytest.mark.usefixtures("app")


PRODUCTION = {
    "CPS_ENV": "production",
    "CPS_SECRET_KEY": "s" * 48,
    "CPS_BASE_URL": "https://city.example",
    "CPS_RATE_LIMITS": "on",
}


def test_doctor_prints_settings_without_secrets_and_ends_with_1_when_something_is_wrong(
    database: Database,
) -> None:
    answer = cps(database, "doctor", CPS_SECRET_KEY="a secret that must never be printed")

    assert answer.returncode == 1
    assert "CPS_ENV                test" in answer.stdout
    assert "must never be printed" not in answer.stdout + answer.stderr
    assert database.url not in answer.stdout + answer.stderr
    assert "WRONG administrators" in answer.stdout
    assert answer.stderr.strip().endswith("checks found something wrong.")


@pytest.mark.one_database("PostgreSQL goes by its own clock, the test by another")
def test_doctor_ends_with_0_when_everything_is_well(app: Flask) -> None:
    factories.make_administrator()
    factories.make_complaint()

    answer = app.test_cli_runner().invoke(doctor_command)

    assert (answer.exit_code, answer.output.splitlines()[-1]) == (0, "Everything is well.")


def test_production_does_not_start_with_accounts_of_the_demo_city(database: Database) -> None:
    factories.make_resident(email="resident@demo.test")

    answer = cps(database, "upgrade", **PRODUCTION)

    assert (answer.returncode, answer.stdout) == (1, "")
    assert answer.stderr.startswith("cps: This database has accounts of the demo city")


def test_production_starts_with_accounts_of_people(database: Database) -> None:
    factories.make_resident(email="demo.test@testford.example")

    assert cps(database, "upgrade", **PRODUCTION).returncode == 0


@pytest.mark.empty_database
def test_production_starts_before_its_database_has_tables(database: Database) -> None:
    assert cps(database, "upgrade", **PRODUCTION).returncode == 0


@pytest.mark.one_database("settings are read before any database is")
def test_production_does_not_start_with_the_secret_of_the_demo_city(database: Database) -> None:
    answer = cps(database, "upgrade", **{**PRODUCTION, "CPS_SECRET_KEY": DEMO_SECRET})

    assert answer.returncode == 1
    assert "CPS_SECRET_KEY" in answer.stderr


def test_wards_are_imported_at_the_terminal_and_their_columns_told(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "wards.csv"
    file.write_text("code,name,name_ko\nharbour,Harbour,항구\n", encoding="utf-8")

    first = app.test_cli_runner().invoke(import_wards_command, [str(file)])
    second = app.test_cli_runner().invoke(import_wards_command, [str(file)])

    assert first.output.splitlines() == [
        "Code from “code”, names from en=name, ko=name_ko.",
        "Wards: 1 new, 0 changed, 0 as before.",
    ]
    assert second.output.splitlines()[-1] == "Wards: 0 new, 0 changed, 1 as before."
    assert [ward.name for ward in wards.wards()] == [{"en": "Harbour", "ko": "항구"}]


def test_a_file_that_is_no_map_is_refused_in_one_line(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "photo.geojson"
    file.write_bytes(b"\xff\xd8\xff\xe0 no map")

    answer = cps(database, "import", "wards", str(file))

    assert (answer.returncode, answer.stdout) == (1, "")
    assert answer.stderr == "cps: photo.geojson: This is not a JSON file.\n"


@pytest.mark.parametrize("arguments", [["no-such-file.csv"], [__file__, "--name", "English"]])
def test_wrong_use_ends_with_2(app: Flask, arguments: list[str]) -> None:
    answer = app.test_cli_runner().invoke(import_wards_command, arguments)

    assert answer.exit_code == 2


@pytest.mark.bare_database
def test_upgrade_makes_and_keeps_the_tables(database: Database) -> None:
    with transaction() as session:
        session.execute(db.delete(City))

    answer = cps(database, "upgrade")

    assert (answer.returncode, answer.stdout) == (0, "The database is up to date.\n")
