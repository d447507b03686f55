"""`cps city`: write the city as one file, bring one in; `cps import categories`."""

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

import click
from flask.cli import with_appcontext

from cps.admin.category_files import CategoryTable
from cps.admin.pack import loading, writing
from cps.admin.pack.loading import Part, Report
from cps.admin.pack.reading import read_categories, read_pack
from cps.admin.pack.shapes import LISTS, SECTIONS, Pack
from cps.core import city as cities
from cps.core import clock
from cps.core.db import db, transaction
from cps.core.document import BadDocument
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.wrong_rows import MOST_TOLD
from cps.departments import queries as departments
from cps.departments.specs import CategorySpec

Read = TypeVar("Read")

OWN_PACKS = ("generic", "philippines", "vietnam")
"""Packs that come with the program."""

LARGEST = 100_000_000
"""Bytes of a pack; outlines of a thousand wards take less than a tenth."""


@click.group("city")
def city_group() -> None:
    """Write what makes this city as one file, or bring such a file in."""


@city_group.command("export")
@click.argument("pack", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def export_command(pack: Path) -> None:
    """Write wards, departments, categories, calendar, reply templates, texts and crest to a new file PACK.

    There is no person, no case and no key in it.
    """
    cities.get()
    found = writing.whole_pack()
    try:
        with pack.open("x", encoding="utf-8") as file:
            file.write(writing.written(found))
    except FileExistsError:
        raise RuleViolation(_("%(file)s is there already.", file=pack.name)) from None
    except OSError as error:
        raise RuleViolation(
            _("%(file)s cannot be written: %(why)s.", file=pack.name, why=error.strerror)
        ) from None
    told = ", ".join(f"{section} {len(found[section])}" for section in LISTS)
    click.echo(_("Written: %(told)s.", told=told))


@city_group.command("import")
@click.argument("pack", metavar="PACK")
@click.option(
    "--only", type=click.Choice(SECTIONS), multiple=True, help="Take only this section; may be repeated."
)
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@with_appcontext
def import_command(pack: str, only: tuple[str, ...], dry_run: bool) -> None:
    """Bring in a pack: a file, or one that comes with the program (generic, philippines, vietnam).

    The whole pack is checked before anything is written. Nothing is removed: what the city has and the pack
    has not stays as it is.
    """
    cities.get()
    known = [one.code for one in departments.all_departments()]
    found = find_pack(pack, known_departments=known).only(only or SECTIONS)
    _load(found, dry_run=dry_run)


@click.group("import")
def import_group() -> None:
    """Bring in data from files."""


@import_group.command("categories")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--skip-wrong", is_flag=True, help="Load the rows of a table that are right.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@with_appcontext
def import_categories_command(file: Path, skip_wrong: bool, dry_run: bool) -> None:
    """Bring in categories from CSV, or from JSON as in a pack, with their questions.

    Their departments must be there. A category that is there already is changed where the file differs; a
    table leaves its questions as they are. None is removed.
    """
    city = cities.get()
    known = [one.code for one in departments.all_departments()]
    if file.suffix.lower() == ".json":
        found = _checked(file.name, lambda: read_categories(file.read_bytes(), known_departments=known))
    else:
        found = _read_table(file, CategoryTable(known, city.default_language), skips=skip_wrong)
    _load(Pack(categories=found), dry_run=dry_run)


def _read_table(file: Path, table: CategoryTable, *, skips: bool) -> list[CategorySpec]:
    with file.open("rb") as handle:
        found, wrong = loading.read_table(handle, table)
    wrong.tell()
    if not skips:
        wrong.refuse()
    if not found:
        raise RuleViolation(_("The file has no row that could be loaded; nothing was changed."))
    return found


def find_pack(name: str, *, known_departments: list[str]) -> Pack:
    """Read a pack by its path or the name of one of ours; raises RuleViolation with the first fault.

    Further faults are printed to standard error.
    """
    written = _bytes_of(name)
    return _checked(Path(name).name, lambda: read_pack(written, known_departments=known_departments))


def _checked(name: str, read: Callable[[], Read]) -> Read:
    """Return what was read of a file; tells all its faults and raises RuleViolation with the first."""
    try:
        return read()
    except BadDocument as bad:
        for fault in bad.faults[1:MOST_TOLD]:
            click.echo(f"{name}: {fault}", err=True)
        raise RuleViolation(f"{name}: {bad.message}") from None


def _load(pack: Pack, *, dry_run: bool) -> None:
    with transaction():
        report = loading.load(pack, by=None, at=clock.now())
        if dry_run:
            db.session.rollback()
    _tell(report)
    if dry_run:
        click.echo(_("Nothing was changed."))


def _bytes_of(name: str) -> bytes:
    path = Path(name)
    if name in OWN_PACKS and not path.exists():
        return (files("cps.admin") / "packs" / f"{name}.json").read_bytes()
    if not path.is_file():
        raise click.BadParameter(
            f"There is no file “{name}”; packs of this program are {', '.join(OWN_PACKS)}.", param_hint="PACK"
        )
    if path.stat().st_size > LARGEST:
        raise RuleViolation(_("%(file)s is too large to be a pack.", file=path.name))
    return path.read_bytes()


def _tell(report: Report) -> None:
    for section, part in report.parts.items():
        click.echo(_told(section, part))
        if part.left:
            click.echo(_("  left as they are: %(codes)s", codes=", ".join(part.left)))
    if report.facts:
        click.echo(_("city: changed %(facts)s", facts=", ".join(report.facts)))
    if report.calendar_changed:
        click.echo(_("calendar: changed"))
    for remark in report.remarks:
        click.echo(remark)


def _told(section: str, part: Part) -> str:
    return _(
        "%(section)s: %(new)d new, %(changed)d changed, %(same)d as before.",
        section=section, new=len(part.created), changed=len(part.changed), same=len(part.same),
    )  # fmt: skip
