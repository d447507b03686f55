"""The command that masks what was written before masking was."""

import click
from flask.cli import with_appcontext

from cps.cases.models import Case, CaseEvent
from cps.cases.services import masking_old
from cps.cases.services.masking_old import Row
from cps.core.db import db, transaction


@click.command("mask")
@click.option("--dry-run", is_flag=True, help="Only count where there is something to hide.")
@with_appcontext
def mask_command(dry_run: bool) -> None:
    """Hide numbers and addresses of people in cases that were written before this program did so.

    It can be stopped and run again at any time; a second run finds nothing.
    """
    total = 0
    for what, found in (
        ("cases", _mask_all(Case, dry_run=dry_run)),
        ("entries in the stories of cases", _mask_all(CaseEvent, dry_run=dry_run)),
    ):
        total += found
        click.echo(f"{found:>9} {what}")
    if total and not dry_run:
        with transaction():
            masking_old.drop_what_was_masked()
    click.echo("Nothing was changed." if dry_run else "Masked.")


def _mask_all(table: type[Row], *, dry_run: bool) -> int:
    """Mask all rows of a table, each piece in a transaction of its own; returns how many."""
    found = after = 0
    while (piece := masking_old.next_piece(table, after)) is not None:
        if piece.ids and not dry_run:
            with transaction():
                masking_old.mask_old(table, piece.ids)
        found, after = found + len(piece.ids), piece.last_id
        db.session.rollback()
    return found
