"""Commands of cases: import, and counting the map."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import click
from flask.cli import with_appcontext

from cps.cases.importing.directory import Directory
from cps.cases.importing.fields import Field, Unknown
from cps.cases.importing.mapping import CaseMapping, read_mapping
from cps.cases.importing.places import Ground
from cps.cases.importing.preparing import prepare
from cps.cases.importing.rows import CaseReader, CaseRow, Known
from cps.cases.importing.staging import Staging, staging
from cps.cases.map_commands import map_group
from cps.cases.mask_command import mask_command
from cps.cases.services import importing
from cps.cases.services.importing import Incoming, Report
from cps.core import city as cities
from cps.core import clock
from cps.core.city import CityFacts
from cps.core.db import transaction
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.core.mapping_file import import_options, read_for_city
from cps.core.progress import Bars
from cps.core.wrong_rows import WrongRow, WrongRows
from cps.departments import queries as departments
from cps.departments.calendar import Deadline, Unit
from cps.departments.rules import CategoryKind, TimeUnit
from cps.wards import queries as wards

STEP = 1_000
DEPARTMENT_CODE, CATEGORY_CODE, WARD_CODE = 40, 60, 40
"""How long codes may be."""


@click.group("import")
def import_group() -> None:
    """Bring in data from files."""


@import_group.command("cases")
@import_options("docs/importing.md")
@with_appcontext
def import_cases_command(file: Path, mapping_file: Path, skip_wrong: bool, dry_run: bool) -> None:
    """Bring in cases of an earlier system from CSV, by a mapping file.

    All rows are looked at before anything is written, and written together. Nobody gets a message. The same
    file again changes nothing; cases that were closed in the meantime are closed.
    """
    city = cities.get()
    mapping = read_for_city(mapping_file, read_mapping)
    known = _known(mapping)
    with staging() as staged:
        incoming = Incoming(mapping, known.departments, known.categories, known.wards, staged)
        wrong = _read_all(file, CaseReader(mapping, known), staged, _due(mapping, city))
        wrong.tell()
        if dry_run:
            _tell(importing.compare(incoming), wrong)
        if not skip_wrong:
            wrong.refuse()
        if dry_run:
            click.echo(_("Nothing was changed."))
            return
        if not len(staged):
            raise RuleViolation(_("The file has no row that could be loaded; nothing was changed."))
        with Bars() as bars, transaction():
            report = importing.load(incoming, by=None, at=clock.now(), progress=bars)
    _tell(report, wrong)


def _known(mapping: CaseMapping) -> Known:
    """Read what the city has, before the first row."""
    catalogue, areas = departments.catalogue(), wards.areas()

    def creates(what: Field) -> bool:
        return mapping.unknown[what] is Unknown.CREATE

    def department_of(code: str) -> str | None:
        category = catalogue.category(code)
        return category.department.code if category else None

    return Known(
        departments=Directory.of(
            ((one.code, one.name) for one in catalogue.departments.values()),
            creates=creates(Field.DEPARTMENT),
            longest_code=DEPARTMENT_CODE,
        ),
        categories=Directory.of(
            (
                (one.code, one.name)
                for one in catalogue.categories.values()
                if one.kind is CategoryKind.COMPLAINT
            ),
            creates=creates(Field.CATEGORY),
            longest_code=CATEGORY_CODE,
            reserved=(one.code for one in catalogue.categories.values()),
        ),
        wards=Directory.of(
            ((one.code, one.name) for one in wards.all_by_code().values()),
            creates=creates(Field.WARD),
            longest_code=WARD_CODE,
        ),
        ground=Ground(areas.outlines, mapping.bounds, mapping.outside),
        department_of=department_of,
        now=clock.now(),
    )


def _due(mapping: CaseMapping, city: CityFacts) -> Callable[[str, datetime], datetime]:
    """Return what says when a case of a category is due that came at a time, where the file does not say."""
    calendar = departments.working_calendar(city.zone)
    new = mapping.new_category
    promises: dict[str, tuple[int, TimeUnit]] = {
        one.code: (one.service_time, one.service_time_unit)
        for one in departments.catalogue().categories.values()
    }

    def due(category: str, received: datetime) -> datetime:
        amount, unit = promises.get(category, (new.service_time, new.unit))
        return Deadline(amount, Unit[unit.name]).due(calendar, received)

    return due


def _read_all(
    file: Path, reader: CaseReader, staged: Staging, due: Callable[[str, datetime], datetime]
) -> WrongRows:
    """Look at every row and keep those that are right; returns the others."""
    wrong = WrongRows()
    with file.open("rb") as handle, Bars() as bars:
        bars.begin("kilobytes", file.stat().st_size // 1024)
        done = 0
        for count, row in enumerate(reader.rows(handle), 1):
            faults = _keep(row, staged, due) if isinstance(row, CaseRow) else row
            if faults:
                wrong.add(*faults)
            if count % STEP == 0:
                bars.step(handle.tell() // 1024 - done)
                done = handle.tell() // 1024
    return wrong


def _keep(row: CaseRow, staged: Staging, due: Callable[[str, datetime], datetime]) -> list[WrongRow]:
    before = staged.add(prepare(row, due))
    if before is None:
        return []
    return [WrongRow(row.line, _("Its external number stands in line %(line)s already.", line=before))]


def _tell(report: Report, wrong: WrongRows) -> None:
    for sentence, names in (
        (_l("New departments, %(number)s: %(names)s."), report.departments),
        (_l("New categories, %(number)s: %(names)s."), report.categories),
        (_l("New wards, %(number)s: %(names)s."), report.wards),
    ):
        if names:
            click.echo(str(sentence) % {"number": len(names), "names": ", ".join(names)})
    click.echo(
        _("Cases: %(new)d new, %(closed)d closed since, %(same)d as before, %(wrong)d wrong.",
          new=report.new, closed=report.closed, same=report.same, wrong=wrong.number)
    )  # fmt: skip


COMMANDS = (import_group, map_group, mask_command)
