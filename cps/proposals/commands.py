"""Commands of proposals: import; what the city sets stands in `goal_commands`."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from cps.core import city as cities
from cps.core import clock
from cps.core.db import transaction
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.mapping_file import import_options, read_for_city
from cps.core.progress import Bars
from cps.core.wrong_rows import WrongRows
from cps.proposals.goal_commands import proposals_group
from cps.proposals.importing.mapping import read_mapping
from cps.proposals.services import from_files, importing
from cps.proposals.services.importing import Report

LINES = ".jsonl"


@click.group("import")
def import_group() -> None:
    """Bring in data from files."""


@import_group.command("proposals")
@import_options("docs/proposals.md")
@with_appcontext
def import_proposals_command(file: Path, mapping_file: Path, skip_wrong: bool, dry_run: bool) -> None:
    """Bring in proposals of an earlier site from CSV or JSON Lines, by a mapping file.

    All rows are looked at before anything is written, and written together. Nobody gets a message. The same
    file again changes nothing but numbers of supports that are others by now.
    """
    city = cities.get()
    mapping = read_for_city(mapping_file, read_mapping)
    with file.open("rb") as handle:
        is_lines = file.suffix.lower() == LINES
        rows, wrong = from_files.read(handle, mapping, is_lines=is_lines, at=clock.now())
    wrong.tell()
    if dry_run:
        _tell(importing.compare(mapping, rows), wrong)
    if not skip_wrong:
        wrong.refuse()
    if dry_run:
        click.echo(_("Nothing was changed."))
        return
    if not rows:
        raise RuleViolation(_("The file has no row that could be loaded; nothing was changed."))
    with Bars() as bars, transaction():
        report = importing.load(mapping, rows, zone=city.zone, at=clock.now(), by=None, progress=bars)
    _tell(report, wrong)


def _tell(report: Report, wrong: WrongRows) -> None:
    click.echo(
        _("Proposals: %(new)d new, %(more)d with other supports, %(same)d as before, %(wrong)d wrong.",
          new=report.new, more=report.more, same=report.same, wrong=wrong.number)
    )  # fmt: skip


COMMANDS = (import_group, proposals_group)
