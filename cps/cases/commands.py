"""Commands of cases: import, and counting the map."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from cps.cases.importing.mapping import read_mapping
from cps.cases.map_commands import map_group
from cps.cases.mask_command import mask_command
from cps.cases.services import from_files, importing
from cps.cases.services.importing import Report
from cps.core import city as cities
from cps.core import clock
from cps.core.db import transaction
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.core.mapping_file import import_options, read_for_city
from cps.core.progress import Bars
from cps.core.wrong_rows import WrongRows


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
    with (
        file.open("rb") as handle,
        Bars() as bars,
        from_files.reading(handle, mapping, city, at=clock.now(), progress=bars) as found,
    ):
        found.wrong.tell()
        if dry_run:
            _tell(importing.compare(found.incoming), found.wrong)
        if not skip_wrong:
            found.wrong.refuse()
        if dry_run:
            click.echo(_("Nothing was changed."))
            return
        if not len(found.incoming.staged):
            raise RuleViolation(_("The file has no row that could be loaded; nothing was changed."))
        with transaction():
            report = importing.load(found.incoming, by=None, at=clock.now(), progress=bars)
    _tell(report, found.wrong)


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
