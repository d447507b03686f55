"""Reading a table from CSV, row by row, with every fault told by its line; no database.

Commas, semicolons or tabs, quoted fields with line breaks in them, with or without a byte order mark: as
offices save it. However large the file is, one row of it is held at a time.
"""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import SEEK_END, TextIOWrapper
from typing import BinaryIO, Protocol, TypeVar

from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.progress import Progress
from cps.core.text import one_line
from cps.core.wrong_rows import WrongRow

Row = TypeVar("Row")

UTF_8 = "utf-8"
LONGEST_HEAD = 65_536
LONGEST_LINE = 1_000_000
DELIMITERS = (",", ";", "\t")
UTF_8_MARK = b"\xef\xbb\xbf"
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
"""How UTF-16 begins, which spreadsheets call Unicode text."""


class _Reader(Protocol):
    """A reader of the module csv: rows, and how many lines they took so far."""

    @property
    def line_num(self) -> int:
        """Lines read so far."""

    def __next__(self) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class Cells:
    """One row as it is written; `line` is where it begins, counted from 1."""

    line: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class TableFile:
    """An open table: the names of its columns, and its rows one after another."""

    head: list[str]
    _reader: _Reader

    def rows(self) -> Iterator[Cells | WrongRow]:
        """Yield each row that is not empty, as wide as the head or told as wrong.

        Raises RuleViolation for a line so long that the file can be no table.
        """
        while True:
            line = self._reader.line_num + 1
            try:
                cells = next(self._reader)
            except StopIteration:
                return
            except csv.Error:
                yield _unreadable(line, self._reader.line_num)
                continue
            if not any(map(str.strip, cells)):
                continue
            if len(cells) == len(self.head):
                yield Cells(line, cells)
            else:
                yield WrongRow(
                    line,
                    _("It has %(fields)s fields and the head %(width)s.",
                      fields=len(cells), width=len(self.head)),
                )  # fmt: skip


@contextmanager
def table_file(file: BinaryIO, *, encoding: str = UTF_8, delimiter: str = "") -> Iterator[TableFile]:
    """Open a table from its beginning; `file` is left open. Without a delimiter the head tells it.

    What cannot be decoded becomes lone surrogates, for `fault_in` to find. Raises RuleViolation for a file
    that is empty or, by its first bytes, of another encoding.
    """
    _refuse_other_encoding(file, encoding)
    name = "utf-8-sig" if encoding == UTF_8 else encoding
    text = TextIOWrapper(file, encoding=name, errors="surrogateescape", newline="")
    try:
        reader = csv.reader(_lines(text), delimiter=delimiter or _delimiter(text), strict=True)
        yield TableFile(_head(reader, encoding), reader)
    finally:
        text.detach()


def at_most(rows: Iterator[Row], most: int | None) -> Iterator[Row]:
    """Yield rows; raises RuleViolation where there are more, unless any number may come."""
    for number, row in enumerate(rows, 1):
        if most is not None and number > most:
            raise RuleViolation(
                _("The file has more than %(most)s rows. Divide it, and bring the parts in one by one.",
                  most=f"{most:,}")
            )  # fmt: skip
        yield row


def told(rows: Iterator[Row], file: BinaryIO, progress: Progress, *, every: int) -> Iterator[Row]:
    """Yield rows of an open file, which is read from its beginning, and tell how much of it was read.

    A piece of the work is a kilobyte; it is told after so many rows.
    """
    progress.begin("kilobytes", file.seek(0, SEEK_END) // 1024)
    file.seek(0)
    done = 0
    for count, row in enumerate(rows, 1):
        yield row
        if count % every == 0:
            progress.step(file.tell() // 1024 - done)
            done = file.tell() // 1024


def fault_in(text: str, *, encoding: str = UTF_8) -> str | None:
    """Return in a sentence why a cell is no text, else None."""
    if "\0" in text:
        return _("It holds a zero byte, so it is no text.")
    if not is_text(text):
        return _("It is not text in %(encoding)s.", encoding=encoding.upper())
    return None


def is_text(text: str) -> bool:
    """Say whether all of a text could be decoded."""
    return text.isascii() or not any("\ud800" <= sign <= "\udfff" for sign in text)


def plain(name: str) -> str:
    """Return the name of a column for comparing: case, spaces, hyphens and low lines do not count."""
    return " ".join(name.replace("_", " ").replace("-", " ").casefold().split())


def _refuse_other_encoding(file: BinaryIO, encoding: str) -> None:
    file.seek(0)
    begins = file.read(3)
    file.seek(0)
    is_utf_16 = encoding.startswith("utf-16")
    if begins.startswith(UTF_16_MARKS) and not is_utf_16:
        raise _not_text(encoding)
    if begins == UTF_8_MARK and encoding != UTF_8:
        raise RuleViolation(_("The file begins like text in UTF-8, not in %(name)s.", name=encoding.upper()))


def _lines(text: TextIOWrapper) -> Iterator[str]:
    while line := text.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            raise RuleViolation(_("A line has more than a million signs. This is no table of rows."))
        yield line


def _delimiter(text: TextIOWrapper) -> str:
    head = text.readline(LONGEST_HEAD)
    text.seek(0)
    return max(DELIMITERS, key=head.count)


def _head(reader: _Reader, encoding: str) -> list[str]:
    try:
        head = next(reader)
    except (StopIteration, csv.Error):
        head = []
    if not any(head):
        raise RuleViolation(_("The file is empty. It needs a first line with the names of its columns."))
    if not all(map(is_text, head)):
        raise _not_text(encoding)
    return [one_line(name) for name in head]


def _unreadable(line: int, last: int) -> WrongRow:
    if last <= line:
        return WrongRow(line, _("The quotes do not match, or a field is much too long."))
    return WrongRow(
        line, _("The quotes do not match, or a field is much too long: up to line %(last)s.", last=last)
    )


def _not_text(encoding: str) -> RuleViolation:
    if encoding == UTF_8:
        return RuleViolation(_("The file is not text in UTF-8. Save it as “CSV UTF-8”."))
    return RuleViolation(_("The file is not text in %(name)s.", name=encoding.upper()))
