"""`cps import cards`: which card of the city is whose in the register."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from cps.core import clock
from cps.core.db import transaction
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.i18n import ngettext
from cps.core.staging import private_database
from cps.residents import services
from cps.residents.services import from_files
from cps.residents.services.cards import TABLE, CardReport


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
    with private_database(TABLE) as staged, file.open("rb") as handle:
        wrong = from_files.read_cards(handle, staged)
        wrong.tell()
        if not skip_wrong:
            wrong.refuse()
        number = staged.execute("SELECT count(*) FROM card").fetchone()[0]
        if not number:
            raise RuleViolation(_("The file has no row that could be loaded; nothing was changed."))
        if dry_run:
            click.echo(ngettext("The file has %(num)s card.", "The file has %(num)s cards.", number))
            click.echo(_told(services.compare_cards(staged, full=full)))
            click.echo(_("Nothing was changed."))
            return
        with transaction():
            services.load_cards(staged, full=full, by=None, at=clock.now())
    click.echo(ngettext("%(num)s card is known.", "%(num)s cards are known.", number))


def _told(report: CardReport) -> str:
    return _(
        "Cards: %(new)d new, %(changed)d of somebody else, %(same)d as before, %(gone)d gone.",
        new=report.new, changed=report.changed, same=report.same, gone=report.gone,
    )  # fmt: skip
