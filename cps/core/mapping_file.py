"""What commands that bring in a file by a mapping file have in common: options, and reading the mapping."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

import click

from cps.core import city as cities
from cps.core.document import BadDocument
from cps.core.errors import RuleViolation
from cps.core.wrong_rows import MOST_TOLD

Command = TypeVar("Command", bound=Callable[..., Any])
Mapping_co = TypeVar("Mapping_co", covariant=True)


class ReadsMapping(Protocol[Mapping_co]):
    """What reads a mapping."""

    def __call__(self, written: bytes, *, is_json: bool, zone: ZoneInfo, language: str) -> Mapping_co:
        """Return it; zone and language are those of the city. Raises BadDocument with all faults."""


def import_options(explained_in: str) -> Callable[[Command], Command]:
    """Give a command FILE, --mapping, --skip-wrong and --dry-run; `explained_in` tells of the mapping."""
    a_file = click.Path(exists=True, dir_okay=False, path_type=Path)
    options = (
        click.argument("file", type=a_file),
        click.option(
            "--mapping",
            "mapping_file",
            type=a_file,
            required=True,
            help=f"TOML or JSON that says which column is what; {explained_in} explains it.",
        ),
        click.option("--skip-wrong", is_flag=True, help="Load the rows that are right."),
        click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing."),
    )

    def give(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return give


def read_for_city(file: Path, read: ReadsMapping[Mapping_co]) -> Mapping_co:
    """Read a mapping file for this city; raises RuleViolation with the first fault, and prints the others."""
    city = cities.get()
    try:
        return read(
            file.read_bytes(),
            is_json=file.suffix.lower() == ".json",
            zone=city.zone,
            language=city.default_language,
        )
    except BadDocument as bad:
        for fault in bad.faults[1:MOST_TOLD]:
            click.echo(f"{file.name}: {fault}", err=True)
        raise RuleViolation(f"{file.name}: {bad.message}") from None
