"""`cps import cards`: which card of the city is whose in the register."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import click
from flask.cli import with_appcontext

from cps.core import clock
from cps.core.db import transaction
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.i18n import ngettext
from cps.core.keys import app_identity_key
from cps.core.staging import private_database
from cps.core.table_file import Cells, fault_in, plain, table_file
from cps.core.wrong_rows import WrongRow, WrongRows
from cps.residents import queries, services
from cps.residents.rules import Unreadable, normal_number
from cps.residents.services.cards import TABLE
from cps.residents.wording import FAULTS

COLUMNS = ("card", "number")


@click.command("cards")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--full", is_flag=True, help="The file has every card: those that are missing open nothing any more."
)
@click.option("--skip-wrong", is_flag=True, help="Load the rows that are right.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@with_appcontext
def import_cards_command(file: Path, full: bool, skip_wrong: bool, dry_run: bool) -> None:
    """Bring in the city's cards from CSV: a card's number or the text of its QR code, number in the register.

    Of both only keyed tags are stored. All rows are looked at before anything is written, and written
    together.
    """
    if full and skip_wrong:
        raise click.UsageError(
            "--full needs every row: a card that stands in a wrong one would be forgotten."
        )
    wrong = WrongRows()
    with private_database(TABLE) as staged:
        for row in _rows(file):
            fault = row if isinstance(row, WrongRow) else _keep(row, staged)
            if fault is not None:
                wrong.add(fault)
        wrong.tell()
        if not skip_wrong:
            wrong.refuse()
        number = staged.execute("SELECT count(*) FROM card").fetchone()[0]
        if not number:
            raise RuleViolation(_("The file has no row that could be loaded; nothing was changed."))
        if dry_run:
            click.echo(ngettext("The file has %(num)s card.", "The file has %(num)s cards.", number))
            click.echo(_("Nothing was changed."))
            return
        with transaction():
            services.load_cards(staged, full=full, at=clock.now())
    click.echo(ngettext("%(num)s card is known.", "%(num)s cards are known.", number))


def _rows(file: Path) -> Iterator[Cells | WrongRow]:
    """Yield each row with its cells in the order of COLUMNS; raises RuleViolation without these columns."""
    with file.open("rb") as handle, table_file(handle) as table:
        head = [plain(name) for name in table.head]
        if any(head.count(name) != 1 for name in COLUMNS):
            raise RuleViolation(_("The first line must name the columns “card” and “number”, each once."))
        places = [head.index(name) for name in COLUMNS]
        for row in table.rows():
            if isinstance(row, WrongRow):
                yield row
            else:
                yield Cells(row.line, [row.cells[place].strip() for place in places])


def _keep(row: Cells, staged: sqlite3.Connection) -> WrongRow | None:
    card, number = row.cells
    if fault := fault_in(card + number):
        return WrongRow(row.line, fault)
    try:
        tag, entry_tag = queries.card_tag(card), queries.tag_of(normal_number(number), app_identity_key())
    except Unreadable as bad:
        return WrongRow(row.line, str(FAULTS[bad.fault]))
    if not queries.is_listed(entry_tag):
        return WrongRow(row.line, _("The number is not in the register."))
    try:
        staged.execute("INSERT INTO card VALUES (?, ?, ?)", (tag, row.line, entry_tag))
    except sqlite3.IntegrityError:
        before = staged.execute("SELECT line FROM card WHERE tag = ?", (tag,)).fetchone()[0]
        return WrongRow(row.line, _("The card stands in line %(line)s already.", line=before))
    return None
