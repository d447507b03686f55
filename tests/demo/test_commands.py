import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from cps.cases.models import Attachment, Case
from cps.cases.rules import CaseKind
from cps.cases.services.photos import SIZES, storage_key
from cps.core.db import db
from cps.core.errors import RuleViolation
from cps.core.images import THUMBNAIL_BYTES
from cps.core.models import City
from cps.core.storage import storage_from_url
from cps.demo import pictures
from cps.demo.commands import accounts_table, demo_command
from cps.demo.content import load as load_content
from cps.demo.pictures import Picture
from cps.demo.plan import PASSWORD
from tests.support.fixtures import Database

WRITTEN = len(load_content().complaints)


def demo(database: Database, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cps", "demo", *arguments],
        env=database.environment(**more),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@pytest.mark.one_database("what differs between the databases is loaded in test_loader")
@pytest.mark.empty_database
def test_one_command_loads_the_city_with_photos_and_says_who_one_can_be(
    app: Flask, database: Database
) -> None:
    first = demo(database, "--cases", "0", "--photos", "3")
    second = app.test_cli_runner().invoke(demo_command, ["--photos", "3"])

    assert (first.returncode, first.stderr) == (0, "")
    assert "The demo city is loaded." in first.stdout
    assert "\x1b" not in first.stdout
    assert first.stdout.endswith(accounts_table() + "\n")
    assert second.output == f"The demo city is there already; nothing was changed.\n\n{accounts_table()}\n"
    complaints = select(db.func.count(Case.id)).where(Case.kind == CaseKind.COMPLAINT)
    assert db.session.scalar(complaints) == WRITTEN
    _assert_photos_are_stored(database, 3)


def _assert_photos_are_stored(database: Database, number: int) -> None:
    storage = storage_from_url(str(database.folder / "media"))
    names = db.session.scalars(select(Attachment.name)).all()
    assert len(names) == number
    assert all(storage.exists(storage_key(name, size)) for name in names for size in SIZES)


@pytest.mark.bare_database
def test_the_demo_city_is_refused_in_production(app: Flask, database: Database) -> None:
    answer = demo(
        database,
        CPS_ENV="production",
        CPS_SECRET_KEY="s" * 48,
        CPS_BASE_URL="https://city.example",
        CPS_RATE_LIMITS="on",
    )

    assert (answer.returncode, answer.stdout) == (1, "")
    assert answer.stderr == "cps: The demo city is not for production. Set CPS_ENV=demo to try it.\n"
    assert db.session.get(City, 1) is None


def test_a_city_of_its_own_is_not_turned_into_the_demo_city(app: Flask) -> None:
    answer = app.test_cli_runner().invoke(demo_command, ["--cases", "0", "--photos", "0"])

    assert isinstance(answer.exception, RuleViolation)
    assert "has a city of its own" in answer.exception.message
    assert db.session.scalar(select(db.func.count(Case.id))) == 0


@pytest.mark.parametrize(
    "arguments", [["--cases", "-1"], ["--residents", "49"], ["--seed", "x"], ["--ballot"]]
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_wrong_use_ends_with_2(app: Flask, arguments: list[str]) -> None:
    answer = app.test_cli_runner().invoke(demo_command, arguments)

    assert answer.exit_code == 2


def test_the_table_names_every_account_of_the_contract_and_the_password() -> None:
    table = accounts_table()

    assert PASSWORD in table
    for local in (
        "resident",
        "resident50",
        "officer",
        "officer2",
        "supervisor",
        "agent",
        "moderator",
        "admin",
    ):
        assert f"{local}@demo.test" in table


def test_pictures_are_drawn_once_each_and_kept_in_every_size(tmp_path: Path) -> None:
    wanted = [Picture("pothole", 7), Picture("pothole", 7, after=True), Picture("lamp", 1)]
    told: list[int] = []

    stored = pictures.draw(wanted, str(tmp_path), tell=told.append)

    assert list(stored) == wanted
    assert sum(told) == 3
    assert len({str(columns["original_sha256"]) for columns in stored.values()}) == 3
    storage = storage_from_url(str(tmp_path))
    for columns in stored.values():
        assert (columns["width"], columns["height"]) == pictures.SIZE
        assert len(storage.get(storage_key(str(columns["name"]), "thumbnail"))) <= THUMBNAIL_BYTES
