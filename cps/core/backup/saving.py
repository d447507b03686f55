"""Writes a backup while people go on writing to the database."""

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib import metadata
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import Connection, func, select, text

from cps.core.backup import hooks, revisions
from cps.core.backup.archive import Writer, write_tar
from cps.core.backup.fingerprints import fingerprints
from cps.core.backup.manifest import Manifest, MediaPart, TablePart, media_member, table_member
from cps.core.backup.rows import ROWS_AT_ONCE, Content, Shape, line_of, read_rows
from cps.core.backup.spool import Spool
from cps.core.db import db
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.progress import Progress
from cps.core.storage import NotStored, Storage, current_storage

FILES_AT_ONCE = 1000
"""How many files stand in one tar of the archive."""


def save(place: Path, *, at: datetime, progress: Progress) -> Manifest:
    """Write a backup to `place`, whole or not at all, readable by its owner only; returns what it holds.

    Rows are those of one moment; files are read after them. Raises RuleViolation where the schema is not this
    program's, OSError where the file cannot be written.
    """
    with _replacing(place) as file, Writer(file) as writer, Spool() as named:
        with snapshot() as connection:
            revision = _own_revision(connection)
            tables = tuple(_save_tables(connection, writer, named, progress))
        missing: list[str] = []
        progress.begin(_("files"), named.count)
        media = tuple(_save_media(writer, named, missing, progress))
        manifest = Manifest(
            program=_version(),
            revision=revision,
            made_at=at,
            database=db.engine.dialect.name,
            keys=fingerprints(),
            tables=tables,
            media=media,
            missing=tuple(missing),
        )
        writer.add_manifest(manifest)
    return manifest


@contextmanager
def snapshot() -> Iterator[Connection]:
    """Return a connection to which the database stands still; others go on writing."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            connection.execute(text("SET LOCAL TIME ZONE 'UTC'"))
        yield connection


def _own_revision(connection: Connection) -> str:
    revision, own = revisions.of(connection), revisions.head()
    if revision != own:
        raise RuleViolation(
            _("The database is not at this program's version of the schema. Run `cps upgrade` first, or use"
              " the newest version of the program.")
        )  # fmt: skip
    return own


def _save_tables(
    connection: Connection, writer: Writer, named: Spool, progress: Progress
) -> Iterator[TablePart]:
    shapes = [Shape.of(table) for _name, table in sorted(db.metadata.tables.items())]
    count = sum(connection.scalar(select(func.count()).select_from(s.clause)) or 0 for s in shapes)
    progress.begin(_("rows"), count)
    for shape in shapes:
        yield _save_table(connection, shape, writer, named, progress)


def _save_table(
    connection: Connection, shape: Shape, writer: Writer, named: Spool, progress: Progress
) -> TablePart:
    content, media_of, member = Content(), hooks.media_function(shape.name), table_member(shape.name)
    with writer.member(member, packed=True) as stream:
        for values in read_rows(connection, shape):
            line = line_of(values)
            stream.write(line)
            content.add(line)
            for key in media_of(shape.mapped(values)):
                named.add(key)
            if content.rows % ROWS_AT_ONCE == 0:
                progress.step(ROWS_AT_ONCE)
        progress.step(content.rows % ROWS_AT_ONCE)
    return TablePart(shape, content.rows, content.text(), stream.part(member))


def _save_media(
    writer: Writer, named: Iterable[str], missing: list[str], progress: Progress
) -> Iterator[MediaPart]:
    keys = iter(named)
    for number, first in enumerate(keys, start=1):
        member = media_member(number)
        with writer.member(member, packed=False) as stream:
            files = _contents((first, *islice(keys, FILES_AT_ONCE - 1)), current_storage(), missing, progress)
            count = write_tar(stream, files)
        yield MediaPart(count, stream.part(member))


def _contents(
    keys: Iterable[str], storage: Storage, missing: list[str], progress: Progress
) -> Iterator[tuple[str, bytes]]:
    for key in keys:
        try:
            yield key, storage.get(key)
        except NotStored:
            missing.append(key)
        progress.step(1)


@contextmanager
def _replacing(place: Path) -> Iterator[BinaryIO]:
    """Open a file beside the place, which takes the place once everything is written and on the disk."""
    handle, name = tempfile.mkstemp(prefix=f".{place.name}.", suffix=".part", dir=place.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(place)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _version() -> str:
    try:
        return metadata.version("civic-participation-system")
    except metadata.PackageNotFoundError:  # run from a checkout that was never installed
        return "unknown"
