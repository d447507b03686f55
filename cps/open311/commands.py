"""Commands of Open311: keys by which other programs file complaints."""

import sys

import click
from flask.cli import with_appcontext

from cps.core import clock
from cps.core.db import transaction
from cps.core.errors import NotVisible
from cps.open311 import queries, services
from cps.open311.rules import host_of
from cps.open311.services import Client


@click.group("open311")
def open311_group() -> None:
    """Other programs that file complaints over Open311."""


@open311_group.group("key")
def key_group() -> None:
    """Keys by which other programs file."""


@key_group.command("add")
@click.argument("client")
@click.option("--contact", required=True, help="Whom to write to about it.")
@click.option("--media-host", default="", help="Links to photos on this host are shown to everybody.")
@with_appcontext
def add(client: str, contact: str, media_host: str) -> None:
    """Make a key and print it: it is shown only now."""
    known = Client(client.strip()[:120], contact.strip()[:254], host_of(f"//{media_host}"))
    if not known.name or not known.contact:
        click.echo("cps: say whose key it is, and whom to write to", err=True)
        sys.exit(2)
    with transaction():
        shown = services.make_key(known, by=None, at=clock.now())
    click.echo(f"key {shown}")


@key_group.command("list")
@with_appcontext
def list_command() -> None:
    """Print every key: its number, in use or revoked, whose it is."""
    for key, _last in queries.all_keys():
        click.echo(f"{key.id:<5} {'revoked' if key.revoked_at else 'in use ':<7} {key.client} {key.contact}")


@key_group.command("revoke")
@click.argument("number", type=int)
@with_appcontext
def revoke(number: int) -> None:
    """Let nobody file by a key any more."""
    try:
        with transaction():
            services.revoke_key(queries.lock_key(number), by=None, at=clock.now())
    except NotVisible:
        click.echo("cps: there is no such key", err=True)
        sys.exit(1)
    click.echo("revoked")


COMMANDS = (open311_group,)
