"""Commands of wards: import."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from cps.core import city as cities
from cps.core import clock
from cps.core.db import transaction
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.wards import services
from cps.wards.rules import BadFile, Reading, Wanted, read_geojson, read_table

MOST_TOLD = 20


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
@with_appcontext
def import_wards_command(file: Path, code_property: str | None, names: tuple[str, ...]) -> None:
    """Bring in wards from GeoJSON, or without outlines from CSV with the columns code and name.

    A ward that is there already is changed where the file differs; doing it twice changes nothing.
    """
    reading = _read(file, _wanted(code_property, names))
    click.echo(_("Code from “%(code)s”, names from %(names)s.", code=reading.code, names=_told(reading)))
    for remark in reading.remarks[:MOST_TOLD]:
        click.echo(remark, err=True)
    with transaction():
        report = services.save_wards(reading.wards, by=None, at=clock.now())
    click.echo(
        _("Wards: %(new)d new, %(changed)d changed, %(same)d as before.",
          new=len(report.created), changed=len(report.changed), same=len(report.unchanged))
    )  # fmt: skip


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


def _read(file: Path, wanted: Wanted) -> Reading:
    try:
        if file.suffix.lower() == ".csv":
            return read_table(file.read_text(encoding="utf-8-sig").splitlines(), wanted)
        return read_geojson(file.read_bytes(), wanted)
    except UnicodeDecodeError:
        raise RuleViolation(_("%(file)s is not text in UTF-8.", file=file.name)) from None
    except BadFile as bad:
        for problem in bad.problems[1:MOST_TOLD]:
            click.echo(f"{file.name}: {problem}", err=True)
        raise RuleViolation(f"{file.name}: {bad.message}") from None


def _told(reading: Reading) -> str:
    return ", ".join(f"{language}={column}" for language, column in reading.names.items())


COMMANDS = (import_group,)
