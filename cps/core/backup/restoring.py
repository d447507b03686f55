"""Proves backups, and loads them into an empty installation on either database."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, NullPool, create_engine, literal, select, table

from cps.core.backup import guards, hooks, revisions
from cps.core.backup.archive import Archive
from cps.core.backup.fingerprints import differing
from cps.core.backup.loading import load
from cps.core.backup.manifest import BadBackup, Manifest
from cps.core.backup.media import files_of, store
from cps.core.backup.spool import Spool
from cps.core.db import UNCHECKED, WRITING, db, prepare_engine
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.progress import Progress
from cps.core.storage import current_storage

PASSING = frozenset({"schema_level", "limit_window", "form_key", "job", "outbox"})
"""Tables that migrations, a worker or a visitor may have filled before there is a city."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored, what features told, and which keys are not those of the backup."""

    manifest: Manifest
    told: tuple[str, ...]
    other_keys: tuple[str, ...]


def check(file: Path, *, progress: Progress) -> Manifest:
    """Prove a backup without touching the installation: it is loaded into a database that is thrown away.

    Every hash, count, value, constraint, reference and file is looked at, and that this program can bring it
    to its own schema. Raises BadBackup with what is wrong.
    """
    with Archive(file) as archive, Spool() as named:
        _prove(archive, progress)
        with _scratch() as connection:
            load(connection, archive, named, progress)
        progress.begin(_("files"), archive.manifest.files)
        for _key, _content in files_of(archive, named):
            progress.step(1)
        return archive.manifest


def restore(file: Path, *, at: datetime, progress: Progress) -> Restored:
    """Load a backup into this installation, which must be empty; all of it, or nothing.

    Files are stored before the one transaction ends, and those that are new are removed where it fails.
    Raises BadBackup for a file that is not whole or that this program does not know, RuleViolation where
    there are rows already.
    """
    with Archive(file) as archive, Spool() as named:
        _refuse_newer(archive.manifest)
        with _one_transaction() as connection:
            _refuse_unless_empty(connection)
        _prove(archive, progress)
        with _one_transaction() as connection, store(current_storage()) as put:
            guards.keep_others_out(connection)
            _refuse_unless_empty(connection)
            load(connection, archive, named, progress)
            told = tuple(hooks.run_after_restore(at))
            db.session.flush()
            guards.refuse_dangling(connection)
            progress.begin(_("files"), archive.manifest.files)
            for key, content in files_of(archive, named):
                put(key, content)
                progress.step(1)
        return Restored(archive.manifest, told, tuple(differing(archive.manifest.keys)))


def _prove(archive: Archive, progress: Progress) -> None:
    _refuse_newer(archive.manifest)
    progress.begin(_("bytes proved"), sum(part.bytes for part in archive.manifest.parts))
    for part in archive.manifest.parts:
        for size in archive.prove(part):
            progress.step(size)


def _refuse_newer(manifest: Manifest) -> None:
    if not revisions.is_known(manifest.revision):
        raise BadBackup(
            _("This backup is of a newer version of the program (%(version)s, schema %(revision)s)."
              " Install that one.", version=manifest.program, revision=manifest.revision)
        )  # fmt: skip


def _refuse_unless_empty(connection: Connection) -> None:
    revision = revisions.of(connection)
    if revision is not None and not revisions.is_known(revision):
        raise RuleViolation(_("The database here is of a newer version of the program. Install that one."))
    for name in sorted(guards.tables(connection), key=lambda name: name != "city"):
        if name not in PASSING and _has_rows(connection, name):
            raise RuleViolation(
                _("There are rows in the table %(table)s already. A backup is restored into an empty database"
                  " only: name another one in CPS_DATABASE_URL.", table=name)
            )  # fmt: skip


def _has_rows(connection: Connection, name: str) -> bool:
    return connection.scalar(select(literal(1)).select_from(table(name)).limit(1)) is not None


@contextmanager
def _one_transaction() -> Iterator[Connection]:
    """Run one transaction of `db.session` in which SQLite does not look at foreign keys."""
    session = db.session()
    session.rollback()
    connection = session.connection(execution_options={WRITING: True, UNCHECKED: True})
    try:
        yield connection
        session.commit()
    except BaseException:
        session.rollback()
        raise


@contextmanager
def _scratch() -> Iterator[Connection]:
    """Return a connection to an SQLite database that is gone with the block."""
    with tempfile.TemporaryDirectory(prefix="cps-check-") as folder:
        engine = create_engine(f"sqlite:///{folder}/check.sqlite", poolclass=NullPool, hide_parameters=True)
        prepare_engine(engine)
        with engine.connect().execution_options(**{WRITING: True, UNCHECKED: True}) as connection:
            yield connection
