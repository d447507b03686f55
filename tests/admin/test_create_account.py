"""`cps create-account`: accounts that the city vouches for, with their roles and departments."""

import pytest
from click.testing import Result
from flask import Flask

from cps.accounts import queries
from cps.accounts.passwords import is_password
from cps.accounts.rules import Role
from cps.admin.account_command import create_account_command
from cps.core.errors import CpsError
from cps.departments.queries import department_ids_of
from tests.accounts.support import account_of
from tests.support.factories import PASSWORD, make_department, make_resident

ANN = "ann@example.org"


def run(app: Flask, *options: str, typed: str = "") -> Result:
    return app.test_cli_runner().invoke(create_account_command, options, input=typed)


def test_an_administrator_is_made(app: Flask) -> None:
    made = run(
        app,
        "--role",
        "administrator",
        "--email",
        "Ann@Example.org",
        "--password-stdin",
        typed=f"{PASSWORD}\n",
    )

    account = account_of(ANN)
    assert (made.exit_code, made.output) == (0, "Made ann@example.org: administrator.\n")
    assert account.roles == {Role.RESIDENT, Role.ADMINISTRATOR}
    assert is_password(PASSWORD, account.password_hash)
    assert queries.account_by_email(ANN) is account


def test_an_officer_works_in_departments(app: Flask) -> None:
    roads, parks = make_department("Roads"), make_department("Parks")
    make_department("Water")

    options = [
        "--role",
        "officer",
        "--role",
        "moderator",
        "--email",
        ANN,
        "--name",
        " Ann  Example ",
        "--password-stdin",
    ]
    made = run(app, *options, "--department", roads.code, "--department", parks.code, typed="\n")

    account = account_of(ANN)
    assert made.exit_code == 0
    assert account.roles == {Role.RESIDENT, Role.OFFICER, Role.MODERATOR}
    assert department_ids_of(account.id) == {roads.id, parks.id}
    assert (account.display_name, account.password_hash) == ("Ann Example", "")


def test_what_is_left_out_is_asked_for(app: Flask) -> None:
    made = run(app, "--role", "resident", typed=f"{ANN}\n{PASSWORD}\n{PASSWORD}\n")

    assert made.exit_code == 0
    assert PASSWORD not in made.output
    assert account_of(ANN).roles == {Role.RESIDENT}


def test_an_address_with_an_account_is_refused(app: Flask) -> None:
    make_resident(email=ANN)

    made = run(app, "--role", "administrator", "--email", ANN, "--password-stdin", typed="\n")

    assert made.exit_code == 1
    assert isinstance(made.exception, CpsError)
    assert not account_of(ANN).is_staff


@pytest.mark.parametrize("password", ["short", "password123!", ANN])
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_a_password_that_is_guessed_easily_is_refused(app: Flask, password: str) -> None:
    made = run(app, "--role", "administrator", "--email", ANN, "--password-stdin", typed=f"{password}\n")

    assert made.exit_code == 1
    assert "That password cannot be used" in str(made.exception)
    assert queries.account_by_email(ANN) is None


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--role", "king", "--email", ANN],
        ["--role", "administrator", "--email", "ann at example"],
        ["--role", "officer", "--email", ANN],
        ["--role", "officer", "--email", ANN, "--department", "nowhere"],
    ],
)
@pytest.mark.first_case("what is typed is judged before the database is asked")
def test_wrong_use_makes_nothing(app: Flask, options: list[str]) -> None:
    make_department()

    made = run(app, *options, "--password-stdin", typed=f"{PASSWORD}\n")

    assert made.exit_code == 2
    assert queries.account_by_email(ANN) is None


def test_an_unknown_department_is_answered_with_the_known_ones(app: Flask) -> None:
    roads = make_department("Roads")

    made = run(app, "--role", "officer", "--email", ANN, "--department", "nowhere")

    assert roads.code in made.output
