"""Loads the rows of a backup into a database, on one connection and in its transaction."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from sqlalchemy import Connection, delete
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from cps.core import triggers
from cps.core.backup import guards, hooks, revisions
from cps.core.backup.archive import Archive
from cps.core.backup.manifest import BadBackup, Manifest, TablePart
from cps.core.backup.rows import ROWS_AT_ONCE, BadRow, Content, Shape, content_of, line_of
from cps.core.backup.spool import Spool
from cps.core.i18n import gettext as _
from cps.core.progress import Progress


def load(connection: Connection, archive: Archive, named: Spool, progress: Progress) -> None:
    """Make the schema of the backup, load every row, compare, and bring the schema to the newest revision.

    What stood in its tables before is gone. The keys of the files that rows name are added to `named`, in
    their order. Raises BadBackup where a row is none, does not fit the database, refers to nothing or comes
    back changed.
    """
    manifest = archive.manifest
    try:
        revisions.move(connection, manifest.revision)
        _refuse_other_tables(connection, manifest)
        with guards.aside(connection):
            progress.begin(_("rows"), manifest.rows)
            for table in manifest.tables:
                _load_table(connection, archive, table, named, progress)
        guards.refuse_dangling(connection)
        _compare(connection, manifest, progress)
        revisions.move(connection, revisions.head())
        triggers.create_all(connection)
    except OperationalError:  # the disk is full or the database is gone: no fault of the backup
        raise
    except SQLAlchemyError as error:
        raise BadBackup(
            _("The rows do not fit together, or not into this database: %(why)s.", why=reason_of(error))
        ) from error


def reason_of(error: SQLAlchemyError) -> str:
    """Return the first line of what a database said; the rows themselves stand in later ones, if at all."""
    said = str(getattr(error, "orig", None) or error) or type(error).__name__
    return said.splitlines()[0].rstrip(". ")


def _refuse_other_tables(connection: Connection, manifest: Manifest) -> None:
    theirs = {table.shape.name: set(table.shape.names) for table in manifest.tables}
    ours = {name: guards.columns(connection, name) for name in guards.tables(connection)}
    if theirs != ours:
        differing = sorted(name for name in theirs.keys() | ours if theirs.get(name) != ours.get(name))
        raise BadBackup(
            _("The backup does not have the tables of its schema %(revision)s: %(tables)s.",
              revision=manifest.revision, tables=", ".join(differing))
        )  # fmt: skip


def _load_table(
    connection: Connection, archive: Archive, table: TablePart, named: Spool, progress: Progress
) -> None:
    connection.execute(delete(table.shape.clause))
    rows, content = _rows(archive, table, named), Content()
    while batch := list(islice(rows, ROWS_AT_ONCE)):
        connection.execute(table.shape.insert(), [typed for _line, typed in batch])
        for line, _typed in batch:
            content.add(line)
        progress.step(len(batch))
    _refuse_other_content(table, content)


def _rows(archive: Archive, table: TablePart, named: Spool) -> Iterator[tuple[bytes, dict[str, Any]]]:
    """Yield each row as its line and as the database takes it."""
    for number, line in enumerate(archive.lines(table), start=1):
        try:
            values = table.shape.parse(line)
            typed = table.shape.typed(values)
            for key in _keys(table.shape, values):
                named.add(key)
            yield line_of(values), typed
        except (BadRow, UnicodeError) as bad:
            raise BadBackup(
                _("%(table)s, row %(number)s: %(why)s.", table=table.shape.name, number=number, why=str(bad))
            ) from None


def _keys(shape: Shape, values: list[Any]) -> list[str]:
    """Return which files a row names; raises BadRow where it does not even name them."""
    try:
        return list(hooks.media_function(shape.name)(shape.mapped(values)))
    except (TypeError, ValueError, LookupError, AttributeError) as error:
        raise BadRow(f"names no file ({error})") from None


def _compare(connection: Connection, manifest: Manifest, progress: Progress) -> None:
    progress.begin(_("rows compared"), manifest.rows)
    for table in manifest.tables:
        _refuse_other_content(table, content_of(connection, table.shape, progress.step))


def _refuse_other_content(table: TablePart, content: Content) -> None:
    if (content.rows, content.text()) != (table.rows, table.content):
        raise BadBackup(
            _("%(table)s holds other rows than the backup's list says (%(found)s, not %(said)s).",
              table=table.shape.name, found=content.rows, said=table.rows)
        )  # fmt: skip
