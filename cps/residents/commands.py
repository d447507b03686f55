"""Commands of the register: import."""

from contextlib import nullcontext
from pathlib import Path

import click
from flask import current_app, g
from flask.cli import with_appcontext

from cps.core import city as cities
from cps.core import clock
from cps.core.city import CityFacts
from cps.core.db import transaction
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.i18n import ngettext
from cps.core.progress import Bars
from cps.residents import services
from cps.residents.card_commands import import_cards_command
from cps.residents.letter_files import Printer
from cps.residents.register_file import COLUMNS, Reader
from cps.residents.services import Report, from_files
from cps.residents.staging import Staging, staging
from cps.wards import queries as wards

PAGE = "/accounts/me/register"


@click.group("import")
def import_group() -> None:
    """Bring in data from files."""


@import_group.command("residents")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--letters",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="OUT",
    help="Make codes for who has none, and write OUT.csv for a mail merge and OUT.html to print.",
)
@click.option(
    "--map",
    "columns",
    multiple=True,
    metavar="WHAT=COLUMN",
    help="Which column holds number, ward or born, for example ward=DONG; may be repeated.",
)
@click.option("--full", is_flag=True, help="The file has everybody: who is missing has left the register.")
@click.option("--skip-wrong", is_flag=True, help="Load the rows that are right.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@with_appcontext
def import_residents_command(
    file: Path, letters: Path | None, columns: tuple[str, ...], full: bool, skip_wrong: bool, dry_run: bool
) -> None:
    """Bring in the register of residents from CSV: number, ward code, birth date.

    Of the number only a keyed tag is stored. All rows are looked at before anything is written, and written
    together; the same file again changes nothing.
    """
    if full and skip_wrong:
        raise click.UsageError("--full needs every row: who stands in a wrong one would count as gone.")
    if letters and dry_run:
        raise click.UsageError("--letters cannot be tried with --dry-run.")
    city = cities.get()
    printer = _printer(letters, city) if letters else None
    with staging() as staged:
        with file.open("rb") as handle, Bars() as bars:
            reader, keeps = _reader(columns, city), printer is not None
            wrong = from_files.read_register(handle, reader, staged, keeps_numbers=keeps, progress=bars)
        wrong.tell()
        if not skip_wrong:
            wrong.refuse()
        if not len(staged):
            raise RuleViolation(_("The file has no row that could be loaded; nothing was changed."))
        if dry_run:
            click.echo(_told(services.compare(staged, full=full)))
            click.echo(_("Nothing was changed."))
            return
        _load(staged, printer, full=full)


def _reader(columns: tuple[str, ...], city: CityFacts) -> Reader:
    chosen = {}
    for given in columns:
        what, equals, column = given.partition("=")
        if what not in COLUMNS or not equals or not column.strip():
            raise click.BadParameter(
                f"“{given}” is not WHAT=COLUMN with number, ward or born.", param_hint="--map"
            )
        chosen[what] = column
    return from_files.reader_for(city, chosen, at=clock.now())


def _printer(letters: Path, city: CityFacts) -> Printer:
    base = current_app.extensions["cps_config"].base_url
    if not base:
        raise RuleViolation(_("Set CPS_BASE_URL first: the letters say where to write the code."))
    g.zone = city.zone.key
    printer = Printer(letters, current_app.jinja_env, city, f"{base}{PAGE}", clock.now())
    printer.refuse_to_overwrite()
    return printer


def _load(staged: Staging, printer: Printer | None, *, full: bool) -> None:
    with printer.kept_if_all_goes_well() if printer else nullcontext(), transaction():
        at = clock.now()
        report = services.load(staged, full=full, by=None, at=at)
        printed = 0
        if printer:
            printed = printer.write(services.write_codes(staged, at=at), wards.areas().names)
    click.echo(_told(report))
    if printer:
        table, pages = printer.paths
        click.echo(
            ngettext("%(num)s letter: %(table)s and %(pages)s. Delete both once they are printed.",
                     "%(num)s letters: %(table)s and %(pages)s. Delete both once they are printed.",
                     printed, table=table, pages=pages)
        )  # fmt: skip


def _told(report: Report) -> str:
    return _(
        "Residents: %(new)d new, %(changed)d changed, %(same)d as before, %(gone)d gone.",
        new=report.new, changed=report.changed, same=report.same, gone=report.gone,
    )  # fmt: skip


import_group.add_command(import_cards_command)
COMMANDS = (import_group,)
