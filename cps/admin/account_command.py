"""The command that makes accounts with their roles and departments."""

import sys

import click
from flask.cli import with_appcontext

from cps.accounts import passwords
from cps.accounts import services as accounts
from cps.accounts.passwords import PasswordFault, password_fault
from cps.accounts.rules import LONGEST_NAME, Role
from cps.core import city, clock, text
from cps.core.db import transaction
from cps.core.email import BadAddress, normal_email
from cps.core.errors import RuleViolation
from cps.departments import queries as departments
from cps.departments import services as staffing
from cps.departments.models import Department

FAULTS = {
    PasswordFault.TOO_SHORT: f"use {passwords.SHORTEST_PASSWORD} characters or more",
    PasswordFault.TOO_LONG: f"use {passwords.LONGEST_PASSWORD} characters at most",
    PasswordFault.LIKE_EMAIL: "do not use the e-mail address",
    PasswordFault.TOO_COMMON: "too many people use this one",
    PasswordFault.TOO_SIMPLE: "this is too easy to guess",
}
IN_DEPARTMENTS = frozenset({Role.OFFICER, Role.SUPERVISOR, Role.AGENT})


def _address(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    try:
        return normal_email(value)
    except BadAddress:
        raise click.BadParameter("write an address like name@example.org") from None


@click.command("create-account")
@click.option(
    "--role",
    "roles",
    type=click.Choice([role.value for role in Role]),
    multiple=True,
    required=True,
    help="What the account may be; may be given more than once.",
)
@click.option(
    "--email", prompt="E-mail address", callback=_address, help="The address; asked for when left out."
)
@click.option("--name", default="", help="How the person is called.")
@click.option("--department", "codes", multiple=True, help="Code of a department to work in; repeatable.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input (one line).")
@with_appcontext
def create_account_command(
    roles: tuple[str, ...], email: str, name: str, codes: tuple[str, ...], password_stdin: bool
) -> None:
    """Make an account with roles, for somebody the city vouches for.

    The password is asked for twice, or read from standard input; an empty one means that the person signs in
    with codes by mail. Exit status 1 when the address has an account already.
    """
    wanted = frozenset(Role(role) for role in roles)
    works_in = [_department(code) for code in codes]
    if wanted & IN_DEPARTMENTS and not works_in:
        raise click.UsageError("Officers, supervisors and agents need --department.")
    password = _password(email, from_stdin=password_stdin)
    password_hash = passwords.hash_password(password) if password else ""
    facts = city.find()
    at = clock.now()
    language = facts.default_language if facts else ""
    with transaction():
        account = accounts.create_account(
            email,
            at=at,
            name=text.one_line(name)[:LONGEST_NAME],
            language=language,
            password_hash=password_hash,
            roles=sorted(wanted - {Role.RESIDENT}),
        )
        for code in dict.fromkeys(codes):
            staffing.add_staff(account.id, _department(code), by=None, at=at)
    click.echo(f"Made {email}: {', '.join(sorted(wanted))}.")


def _department(code: str) -> Department:
    found = departments.department_by_code(code)
    if found is None:
        known = ", ".join(department.code for department in departments.departments()) or "none yet"
        raise click.UsageError(f"There is no department {code!r}. Known: {known}.")
    return found


def _password(email: str, *, from_stdin: bool) -> str:
    """Read a password; raises RuleViolation for one that is guessed easily."""
    if from_stdin:
        password = sys.stdin.readline().rstrip("\n")
    else:
        password = click.prompt(
            "Password (empty: codes by mail)",
            default="",
            show_default=False,
            hide_input=True,
            confirmation_prompt=True,
        )
    fault = password_fault(password, email=email) if password else None
    if fault is not None:
        raise RuleViolation(f"That password cannot be used: {FAULTS[fault]}.")
    return str(password)
