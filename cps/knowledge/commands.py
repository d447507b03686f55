"""Commands of the answer base: import and export of articles."""

import csv
from pathlib import Path

import click
from flask.cli import with_appcontext

from cps.core import city as cities
from cps.core import clock
from cps.core.db import transaction
from cps.core.i18n import gettext as _
from cps.knowledge import importing
from cps.knowledge.services import all_articles, from_files, load

LINES = ".jsonl"
A_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("import")
def import_group() -> None:
    """Bring in data from files."""


@click.group("export")
def export_group() -> None:
    """Write data into files."""


@import_group.command("articles")
@click.argument("file", type=A_FILE)
@click.option(
    "--language", "languages", multiple=True, metavar="THEIRS=OURS", help="Such as ko-KR=ko; repeat."
)
@click.option("--publish", is_flag=True, help="Let readers see them at once: the city published them before.")
@click.option("--skip-wrong", is_flag=True, help="Load the articles that are right.")
@click.option("--dry-run", is_flag=True, help="Look at everything, and do nothing.")
@with_appcontext
def import_articles_command(
    file: Path, languages: tuple[str, ...], publish: bool, skip_wrong: bool, dry_run: bool
) -> None:
    """Bring in articles of the answer base from CSV or JSON Lines; docs/answers.md says how it looks.

    All of it is looked at before anything is written, and written together. The same file again changes
    nothing.
    """
    pairs = dict(pair.partition("=")[::2] for pair in languages)
    with file.open("rb") as handle:
        right, wrong = from_files.read(handle, cities.get(), pairs, is_lines=file.suffix.lower() == LINES)
    wrong.tell()
    if not skip_wrong:
        wrong.refuse()
    if dry_run:
        click.echo(_("Nothing was changed."))
        return
    with transaction():
        report = load(right, publish=publish, at=clock.now())
    click.echo(
        _("Articles: %(new)d new, %(changed)d changed, %(same)d as before, %(wrong)d wrong.",
          new=report.new, changed=report.changed, same=report.same, wrong=wrong.number)
    )  # fmt: skip


@export_group.command("articles")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def export_articles_command(file: Path) -> None:
    """Write all articles, as they are written now, into CSV or (FILE.jsonl) JSON Lines."""
    articles = list(all_articles())
    with file.open("w", encoding="utf-8", newline="") as handle:
        if file.suffix.lower() == LINES:
            handle.writelines(f"{importing.as_object(one)}\n" for one in articles)
        else:
            table = csv.writer(handle)
            table.writerow(importing.COLUMNS)
            for one in articles:
                table.writerows(importing.as_cells(one))
    click.echo(_("Articles written: %(number)d", number=len(articles)))


COMMANDS = (import_group, export_group)
