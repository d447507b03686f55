"""Commands of polls: verify a bundle, keep copies of keys, write what observers get."""

import os
import sys
from pathlib import Path
from typing import BinaryIO

import click
from flask.cli import with_appcontext

from cps.core import clock
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.keys import app_keys_dir
from cps.polls import copies, key_files, pieces, queries, verify
from cps.polls.bundle import Kind
from cps.polls.copies import CopyError
from cps.polls.key_ring import worker_keys
from cps.polls.models import Poll
from cps.polls.services import publishing

WRONG = 1
File = click.Path(dir_okay=False, path_type=Path)


@click.group("poll")
def poll_group() -> None:
    """Verify polls, keep their keys, serve their observers."""


@poll_group.command("verify", context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
@click.argument("bundle", type=click.Path(exists=True, dir_okay=False))
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
def verify_command(bundle: str, options: tuple[str, ...]) -> None:
    """Check a bundle as verify.py does: --code CODE shows one ballot, --witness FILE compares kept heads."""
    sys.exit(verify.main([bundle, *options]))


@poll_group.command("keys")
@click.argument("slug")
@click.option(
    "--copy", "copy_to", type=File, help="Write a copy of the keys to this file, for its owner only."
)
@click.option("--check", "check", type=File, help="Say whether this file is a whole copy of the keys here.")
@with_appcontext
def keys_command(slug: str, copy_to: Path | None, check: Path | None) -> None:
    """Say what the keys of a poll here were used for.

    Copies them to a file, or checks such a copy against them; it is as secret as they are.
    """
    if copy_to is not None and check is not None:
        raise click.UsageError("Give either --copy FILE or --check FILE, or neither.")
    poll = queries.get_poll(slug)
    click.echo(_use_of_keys(poll))
    if copy_to is None and check is None:
        return
    keys = key_files.read_all(app_keys_dir(), slug)
    if copy_to is not None:
        _write_new(copy_to, copies.copy_text(keys).encode())
        click.echo(_("The copy is written. Move it away from this server."))
        return
    try:
        is_same = copies.read_copy(Path(str(check)).read_text(errors="replace")) == keys
    except (CopyError, OSError) as error:
        raise RuleViolation(_("This is no whole copy (%(why)s).", why=error)) from None
    click.echo(_("It is the copy of these keys.") if is_same else _("It is a copy of other keys."))
    if not is_same:
        sys.exit(WRONG)


@poll_group.command("observers")
@click.argument("slug")
@click.argument("file", type=File)
@with_appcontext
def observers_command(slug: str, file: Path) -> None:
    """Write the bundle with every ballot line for named observers; prints its SHA-256."""
    poll = queries.get_poll(slug)
    if not poll.result_json:
        raise RuleViolation(_("This poll is not counted yet."))
    keys = worker_keys(poll)
    with _new_file(file) as stream:
        digest = pieces.finish(publishing.write(poll, keys, stream, Kind.OBSERVER, at=clock.now()))
    click.echo(f"{digest}  {file}")


def _use_of_keys(poll: Poll) -> str:
    """Return in a sentence as what the keys in this server's folder opened a poll."""
    if key_files.was_destroyed(app_keys_dir(), poll.slug):
        return _("The keys were destroyed when the poll had ended.")
    opened_as = key_files.opened_as(app_keys_dir(), poll.slug)
    if opened_as is None:
        return _("No poll was opened with the keys here.")
    if opened_as == poll.spec_sha256:
        return _("Opened as %(hash)s, which is the poll in the database.", hash=opened_as)
    return _(
        "Opened as %(hash)s, which is not the poll in the database: clone it to open it, under other keys.",
        hash=opened_as,
    )


def _write_new(path: Path, content: bytes) -> None:
    with _new_file(path) as stream:
        stream.write(content)


def _new_file(path: Path) -> BinaryIO:
    """Open a file that is not there yet, readable by its owner only."""
    try:
        return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b")
    except FileExistsError:
        raise RuleViolation(_("%(path)s exists already; it is not overwritten.", path=path)) from None
    except OSError as error:
        raise RuleViolation(
            _("%(path)s cannot be written (%(why)s).", path=path, why=error.strerror)
        ) from None


COMMANDS = [poll_group]
