"""The console command `cps`: a command group; each feature brings its commands, each calls a service."""

import sys
from importlib import import_module
from typing import Any

import click
from flask.cli import FlaskGroup

from cps import FEATURES, PACKAGE, create_app
from cps.core.errors import ConfigurationError, CpsError

FAILED = 1


class CityGroup(FlaskGroup):
    """The commands of this program, listed without an application: help works before the first setting."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            create_app=lambda: create_app(), add_default_commands=False, add_version_option=False, **options
        )
        self.params = []

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the names of our commands."""
        return sorted(self.commands)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:  # noqa: ARG002
        """Return one of our commands."""
        return self.commands.get(name)


@click.group(cls=CityGroup)
def cli() -> None:
    """Run and look after a city's participation site."""


def _collect() -> None:
    for part in ("core", "core/backup", *FEATURES, "demo"):
        if (PACKAGE / part / "commands.py").exists():
            for command in import_module(f"cps.{part.replace('/', '.')}.commands").COMMANDS:
                _add(command)


def _add(command: click.Command) -> None:
    """Add a command; groups of the same name (`cps import …`) are merged."""
    existing = cli.commands.get(command.name or "")
    if isinstance(existing, click.Group) and isinstance(command, click.Group):
        for part in command.commands.values():
            existing.add_command(part)
    else:
        cli.add_command(command)


def main() -> None:
    """Run a command; a refusal is one clear line and exit status 1, wrong use 2."""
    _collect()
    try:
        cli.main(prog_name="cps", standalone_mode=True)
    except (ConfigurationError, CpsError) as error:
        click.echo(f"cps: {error}", err=True)
        sys.exit(FAILED)
