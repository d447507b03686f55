"""Commands: back up and restore."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from cps.core import clock
from cps.core.backup import restoring, saving
from cps.core.backup.loading import reason_of
from cps.core.backup.manifest import Manifest
from cps.core.errors import CpsError
from cps.core.i18n import gettext as _
from cps.core.progress import Bars

MOST_TOLD = 20


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def backup_command(file: Path) -> None:
    """Write rows of one moment and their photos to FILE, while the site runs; the keys are not in it."""
    with _one_line(), Bars() as bars:
        manifest = saving.save(file, at=clock.now(), progress=bars)
    _tell_missing(manifest)
    click.echo(
        _("%(file)s holds %(rows)s rows and %(files)s files."
          " Keep CPS_KEYS_DIR and CPS_SECRET_KEY apart from it.",
          file=file.name, rows=manifest.rows, files=manifest.files)
    )  # fmt: skip


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--check", is_flag=True, help="Only prove that the file is whole and can be restored.")
@with_appcontext
def restore_command(file: Path, check: bool) -> None:
    """Load a backup into this installation, which must be empty, on SQLite or PostgreSQL.

    With --check nothing here is touched: every hash, row, reference and photo of the file is proved in a
    database that is thrown away. Exit status 1 with the reason where something is wrong.
    """
    if check:
        with _one_line(), Bars() as bars:
            manifest = restoring.check(file, progress=bars)
        click.echo(
            _("%(file)s is whole: %(rows)s rows and %(files)s files of %(at)s UTC.", **_facts(file, manifest))
        )
        _tell_missing(manifest)
        return
    current_app.extensions["cps_config"].instance.mkdir(parents=True, exist_ok=True)
    with _one_line(), Bars() as bars:
        restored = restoring.restore(file, at=clock.now(), progress=bars)
    click.echo(
        _("%(file)s is restored: %(rows)s rows and %(files)s files of %(at)s UTC.",
          **_facts(file, restored.manifest))
    )  # fmt: skip
    _tell_missing(restored.manifest)
    for line in restored.told:
        click.echo(line)
    for key in restored.other_keys:
        click.echo(
            _("%(key)s is missing or not the one these rows go with: put it back before anybody signs in.",
              key=key),
            err=True,
        )  # fmt: skip


def _facts(file: Path, manifest: Manifest) -> dict[str, object]:
    return {
        "file": file.name,
        "rows": manifest.rows,
        "files": manifest.files,
        "at": f"{manifest.made_at:%Y-%m-%d %H:%M}",
    }


def _tell_missing(manifest: Manifest) -> None:
    for key in manifest.missing[:MOST_TOLD]:
        click.echo(_("%(key)s was removed while the backup was made, or before.", key=key), err=True)
    if more := len(manifest.missing[MOST_TOLD:]):
        click.echo(_("%(count)s files more were not there.", count=more), err=True)


@contextmanager
def _one_line() -> Iterator[None]:
    """Turn what the disk or the database says into one clear line."""
    try:
        yield
    except OSError as error:
        why = (error.strerror or str(error)).rstrip(".")
        raise CpsError(_("The file cannot be read or written: %(why)s.", why=why)) from error
    except SQLAlchemyError as error:
        raise CpsError(
            _("The database does not answer as it should: %(why)s.", why=reason_of(error))
        ) from error


COMMANDS = (backup_command, restore_command)
