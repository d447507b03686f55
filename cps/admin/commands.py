"""Commands of those who look after the city: found it."""

from datetime import datetime
from typing import TextIO

import click
from flask.cli import with_appcontext

from cps.accounts import passwords
from cps.accounts import services as accounts
from cps.accounts.rules import Role
from cps.admin import services
from cps.admin.account_command import create_account_command
from cps.admin.pack import loading
from cps.admin.pack.shapes import FOUNDING, Pack
from cps.admin.pack_commands import city_group, find_pack, import_group
from cps.admin.services import NewCity
from cps.admin.two_step_command import reset_two_step_command
from cps.core import city as cities
from cps.core import clock
from cps.core.commands import prepare_database
from cps.core.db import transaction
from cps.core.email import BadAddress, normal_email
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _


@click.command("init")
@click.option("--language", "languages", multiple=True, help="A language of the city, its own first; repeat.")
@click.option("--name", "names", multiple=True, metavar="LANGUAGE=NAME", help="The city's name; repeat.")
@click.option("--country", help="Two capital letters, such as KR.")
@click.option("--zone", help="Time zone, such as Asia/Seoul.")
@click.option("--emergency-phone", help="The number to call when somebody is in danger.")
@click.option("--phone", default="", help="The city's own number, for people who would rather call.")
@click.option("--pack", help="A city pack to begin with: a file, or generic, philippines, vietnam.")
@click.option("--email", help="Address of the first administrator.")
@click.option(
    "--password-file", type=click.File(encoding="utf-8"), help="File with the password; - for input."
)
@with_appcontext
def init_command(
    languages: tuple[str, ...],
    names: tuple[str, ...],
    country: str | None,
    zone: str | None,
    emergency_phone: str | None,
    phone: str,
    pack: str | None,
    email: str | None,
    password_file: TextIO | None,
) -> None:
    """Found the city of this installation and its first administrator; asks for what no option gives."""
    prepare_database()
    if cities.find() is not None:
        raise RuleViolation(_("This installation has a city already."))
    begun = find_pack(pack, known_departments=[]) if pack else Pack()
    facts = begun.city
    spoken = (
        languages
        or tuple(facts.get("languages", ()))
        or tuple(click.prompt("Languages, the city's own first", default="en").split())
    )
    new = NewCity(
        name=_names(names)
        or facts.get("name")
        or {code: click.prompt(f"Name of the city ({code})") for code in spoken},
        languages=spoken,
        country=country
        or facts.get("country")
        or click.prompt("Country (two letters)", value_proc=str.upper),
        zone=zone or facts.get("zone") or click.prompt("Time zone, such as Asia/Seoul"),
        emergency_phone=emergency_phone
        or facts.get("emergency_phone")
        or click.prompt("Number to call when somebody is in danger"),
        phone=phone or facts.get("phone", ""),
        currency=facts.get("currency", ""),
        accent=facts.get("accent", ""),
    )
    services.check_city(new)
    address = (
        _address(email) if email else click.prompt("E-mail of the first administrator", value_proc=_address)
    )
    hashed = passwords.hash_password(_password(password_file, address))
    with transaction():
        at = clock.now()
        services.found_city(new, at=at)
        _furnish(begun, new, at)
        accounts.create_account(
            address, at=at, language=new.languages[0], password_hash=hashed, roles=[Role.ADMINISTRATOR]
        )
    click.echo("The city is founded. Next: `cps import wards FILE`, then `cps run --with-worker`.")


def _furnish(begun: Pack, new: NewCity, at: datetime) -> None:
    """Bring in the pack, and before it what it lacks for residents to complain and somebody to answer."""
    has_triage = any(department.is_triage for department in begun.departments)
    if not (has_triage and begun.categories and begun.hours):
        services.furnish(new.languages, at=at)
    loading.load(begun.without_facts(FOUNDING), by=None, at=at)


def _names(names: tuple[str, ...]) -> dict[str, str]:
    """Read LANGUAGE=NAME."""
    found = {}
    for name in names:
        language, equals, text = name.partition("=")
        if not (equals and text.strip()):
            raise click.BadParameter(f"“{name}” is not LANGUAGE=NAME.", param_hint="--name")
        found[language] = text.strip()
    return found


def _address(text: str) -> str:
    try:
        return normal_email(text)
    except BadAddress:
        raise click.BadParameter(f"“{text[:80]}” is not an e-mail address.", param_hint="--email") from None


def _password(file: TextIO | None, email: str) -> str:
    """Return a password that may be used; asked for until it may, where no file gives it."""
    if file is not None:
        return _usable(file.read().strip("\r\n"), email)
    while True:
        typed = click.prompt("Their password", hide_input=True, confirmation_prompt="Once more")
        try:
            return _usable(str(typed), email)
        except click.BadParameter as refusal:
            click.echo(refusal.message, err=True)


def _usable(password: str, email: str) -> str:
    fault = passwords.password_fault(password, email=email)
    if fault is not None:
        raise click.BadParameter(
            f"The password is {fault.value.replace('-', ' ')}; take at least"
            f" {passwords.SHORTEST_PASSWORD} signs that nobody would guess.",
            param_hint="--password-file",
        )
    return password


COMMANDS = (init_command, create_account_command, reset_two_step_command, city_group, import_group)
