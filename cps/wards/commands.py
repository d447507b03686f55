"""Commands of wards: import."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from cps.core import city as cities
from cps.core import clock
from cps.core.db import db, transaction
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.text import one_line
from cps.core.wrong_rows import MOST_TOLD
from cps.wards import looking, services
from cps.wards.rules import BadFile, Reading, Wanted, WardSpec, read_geojson, read_table


@click.group("import")
def import_group() -> None:
    """Bring in data from files."""


@import_group.command("wards")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--code-property", help="Property or column with the ward's code; guessed when left out.")
@click.option(
    "--name",
    "names",
    multiple=True,
    metavar="LANGUAGE=PROPERTY",
    help="Property or column with the name in a language, for example en=name_eng; may be repeated.",
)
@click.option(
    "--within",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="DISTRICTS",
    help="GeoJSON of the districts, whose names are put to those of the wards inside them.",
)
@click.option("--replace", is_flag=True, help="Wards that the file has not go out of use.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@with_appcontext
def import_wards_command(
    file: Path,
    code_property: str | None,
    names: tuple[str, ...],
    within: Path | None,
    replace: bool,
    dry_run: bool,
) -> None:
    """Bring in wards from GeoJSON, or without outlines from CSV with the columns code and name.

    A ward that is there already is changed where the file differs; doing it twice changes nothing.
    """
    reading = _read(file, _wanted(code_property, names))
    click.echo(_("Code from “%(code)s”, names from %(names)s.", code=reading.code, names=_told(reading)))
    specs = _looked_at(reading, within)
    with transaction():
        at = clock.now()
        retired = services.retire_others(specs, by=None, at=at) if replace else []
        services.refuse_other_level(specs)
        report = services.save_wards(specs, by=None, at=at)
        if dry_run:
            db.session.rollback()
    click.echo(
        _("Wards: %(new)d new, %(changed)d changed, %(same)d as before.",
          new=len(report.created), changed=len(report.changed), same=len(report.unchanged))
    )  # fmt: skip
    if retired:
        click.echo(_("Out of use, %(number)d: %(codes)s.", number=len(retired), codes=", ".join(retired)))
    if dry_run:
        click.echo(_("Nothing was changed."))


def _wanted(code_property: str | None, names: tuple[str, ...]) -> Wanted:
    chosen = {}
    for name in names:
        language, equals, column = name.partition("=")
        if not (language and equals and column):
            raise click.BadParameter(f"“{name}” is not LANGUAGE=PROPERTY.", param_hint="--name")
        chosen[language] = column
    city = cities.find()
    if city is None:
        return Wanted(code_property, chosen)
    return Wanted(code_property, chosen, city.default_language, tuple(city.languages))


def _looked_at(reading: Reading, within: Path | None) -> list[WardSpec]:
    """Return the wards of a file, named with their districts; tells what is odd about their outlines."""
    specs, remarks = reading.wards, list(reading.remarks)
    if within is not None:
        specs, more = looking.with_districts(specs, _read(within, _wanted(None, ())).wards)
        remarks += more
    city = cities.find()
    areas = looking.outlines_of(specs)
    if city is not None:
        looking.refuse_swapped(areas, city.zone.key)
    remarks += looking.remarks(specs, areas, city.zone.key if city else None)
    for remark in remarks[:MOST_TOLD]:
        click.echo(remark, err=True)
    return list(specs)


def _read(file: Path, wanted: Wanted) -> Reading:
    try:
        if file.suffix.lower() == ".csv":
            with file.open("rb") as table:
                return read_table(table, wanted)
        return read_geojson(file.read_bytes(), wanted)
    except BadFile as bad:
        for problem in bad.problems[1:MOST_TOLD]:
            click.echo(one_line(f"{file.name}: {problem}"), err=True)
        raise RuleViolation(one_line(f"{file.name}: {bad.message}")) from None


def _told(reading: Reading) -> str:
    return ", ".join(f"{language}={column}" for language, column in reading.names.items())


COMMANDS = (import_group,)
