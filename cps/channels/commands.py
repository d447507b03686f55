"""Commands of the ways in: setting channels up, taking a mail, printing for places without a connection."""

import os
import sys
from pathlib import Path
from typing import NoReturn

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from cps.channels import queries, services
from cps.channels.kit import Kit
from cps.channels.mail.reading import LONGEST_MAIL
from cps.channels.mail.receiving import receive
from cps.channels.rules import WayKind
from cps.channels.services import Way
from cps.channels.services.by_hand import MOST_FORMS
from cps.core import city as cities
from cps.core import clock
from cps.core.db import transaction

NAME = click.argument("name")


@click.group("channel")
def channel_group() -> None:
    """Ways in besides the site: text messages, mail, chat."""


@channel_group.command("add")
@NAME
@click.option("--kind", type=click.Choice([kind.value for kind in WayKind]), required=True)
@click.option("--address", default="", help="The city's own number or address there.")
@click.option("--answers-url", default="", help="Where answers by chat are handed over, https://…")
@click.option("--new-secret", is_flag=True, help="Make a new secret for a channel that there is.")
@with_appcontext
def add(name: str, kind: str, address: str, answers_url: str, new_secret: bool) -> None:
    """Add a channel or change one, and print the secret of a new one: it is shown only now."""
    way = Way(name, WayKind(kind), address.strip(), answers_url.strip())
    if problem := services.why_not(way):
        click.echo(f"cps: {problem}", err=True)
        sys.exit(2)
    with transaction():
        secret = services.save_way(way, at=clock.now(), new_secret=new_secret)
    click.echo(f"POST /channels/{kind}/{name}")
    if secret is not None:
        click.echo(f"secret {secret}")


@channel_group.command("on")
@NAME
@with_appcontext
def turn_on(name: str) -> None:
    """Take messages by a channel again."""
    _switch(name, on=True)


@channel_group.command("off")
@NAME
@with_appcontext
def turn_off(name: str) -> None:
    """Take no messages by a channel; it keeps its secret."""
    _switch(name, on=False)


@channel_group.command("list")
@with_appcontext
def list_command() -> None:
    """Print every channel: kind, name, on or off, the city's address there."""
    for way in queries.ways():
        click.echo(
            f"{way.kind.value:<5} {way.name:<20} {'on ' if way.is_on else 'off'} {way.address}".rstrip()
        )


def _switch(name: str, *, on: bool) -> None:
    with transaction():
        services.switch(name, on=on, at=clock.now())
    click.echo("on" if on else "off")


@click.group("mail")
def mail_group() -> None:
    """Mail that comes in."""


@mail_group.command("receive")
@click.option("--channel", default=None, help="Which one; without it the first of mail that is on.")
@with_appcontext
def receive_command(channel: str | None) -> None:
    """Take one mail from standard input, as a mail server hands it over.

    Exit status 0: it has the mail, also when it had it before. 75: not now, the server tries again.
    """
    way = queries.way(channel) if channel else queries.mail_way()
    if way is None or way.kind is not WayKind.MAIL or not way.is_on:
        _try_later("no channel of mail is on (cps channel add NAME --kind mail --address …)")
    raw = sys.stdin.buffer.read(LONGEST_MAIL + 1)
    while sys.stdin.buffer.read(1 << 20):
        pass  # else the mail server takes our not reading for a failure
    try:
        click.echo(receive(raw, way, at=clock.now()))
    except (OSError, SQLAlchemyError) as error:
        _try_later(type(error).__name__)


def _try_later(why: str) -> NoReturn:
    click.echo(f"cps: {why}", err=True)
    sys.exit(os.EX_TEMPFAIL)


@click.command("offline-kit")
@click.option("--forms", type=click.IntRange(1, MOST_FORMS), default=50, show_default=True)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="A folder.")
@click.option("--language", default=None, help="Without it the city's own.")
@with_appcontext
def offline_kit(forms: int, out: Path, language: str | None) -> None:
    """Write forms to print, each with a number set aside, and the answers of the answer base.

    What is filled in on them is entered at /channels/paper, each form once. The files show PINs.
    """
    city, at = cities.get(), clock.now()
    spoken = language or city.default_language
    if spoken not in city.languages:
        click.echo(f"cps: the city speaks {', '.join(city.languages)}", err=True)
        sys.exit(2)
    kit = Kit(out, spoken, city, at)
    with kit.kept_if_all_goes_well(), transaction():
        answers = kit.write(services.set_aside(forms, spoken, city=city, at=at))
    click.echo(f"{kit.forms}: {forms} forms")
    click.echo(f"{kit.answers}: {answers} answers")


COMMANDS = (channel_group, mail_group, offline_kit)
