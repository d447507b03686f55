"""Reading a register from CSV, row by row, with every fault told by its line; no database.

Commas, semicolons or tabs, quoted fields, with or without a byte order mark: as offices save it.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from io import TextIOWrapper
from typing import BinaryIO, Protocol

from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.residents.rules import Unreadable, normal_number, read_born_on
from cps.residents.wording import FAULTS

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "number": ("number", "register number", "resident number"),
    "ward": ("ward", "ward code"),
    "born": ("birth date", "born", "born on", "date of birth"),
}
"""What is read, and the heads of columns that say it; spaces, hyphens and low lines are one."""

LONGEST_HEAD = 65_536
DELIMITERS = (",", ";", "\t")
OTHER_TEXT = (b"\xff\xfe", b"\xfe\xff")
"""How UTF-16 begins, which spreadsheets call Unicode text."""


class Table(Protocol):
    """A reader of the module csv: rows, and how many lines they took so far."""

    @property
    def line_num(self) -> int:
        """Lines read so far."""

    def __next__(self) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class Row:
    """One person of the file; `line` is where the row begins, counted from 1.

    `number` is as it is written, `normal` as its tag is made of it.
    """

    line: int
    number: str
    normal: str
    ward_id: int
    born_on: date


@dataclass(frozen=True, slots=True)
class WrongRow:
    """A row that cannot be used, and why, in a sentence without the number."""

    line: int
    reason: str

    def __str__(self) -> str:
        return _("Line %(line)s: %(reason)s", line=self.line, reason=self.reason)


@dataclass(frozen=True, slots=True)
class Reader:
    """How to read a file: its wards by code, and which columns where the heads do not say it."""

    wards: Mapping[str, int]
    today: date
    columns: Mapping[str, str]

    def rows(self, file: BinaryIO) -> Iterator[Row | WrongRow]:
        """Yield each row, right or wrong, in the order of the file; `file` is left open.

        Raises RuleViolation where it is no table with these columns.
        """
        text = _opened(file)
        try:
            table = csv.reader(text, delimiter=_delimiter(text), strict=True)
            head = _head(table)
            places = {what: self._place(what, head) for what in COLUMNS}
            yield from self._rows(table, places, len(head))
        finally:
            text.detach()

    def _place(self, what: str, head: list[str]) -> int:
        wanted = [_plain(self.columns[what])] if what in self.columns else COLUMNS[what]
        found = [place for place, name in enumerate(head) if _plain(name) in wanted]
        if len(found) == 1:
            return found[0]
        there = ", ".join(head)
        if found:
            raise RuleViolation(
                _("Several columns could be “%(what)s”; say which with --map. The file has: %(there)s.",
                  what=what, there=there)
            )  # fmt: skip
        raise RuleViolation(
            _("There is no column “%(what)s”; say which with --map %(what)s=COLUMN. The file has: %(there)s.",
              what=what, there=there)
        )  # fmt: skip

    def _rows(self, table: Table, places: Mapping[str, int], width: int) -> Iterator[Row | WrongRow]:
        while True:
            line = table.line_num + 1
            try:
                fields = next(table)
            except StopIteration:
                return
            except csv.Error:
                yield WrongRow(line, _("The quotes do not match, or a field is much too long."))
                continue
            if fields and any(map(str.strip, fields)):
                yield self._row(line, fields, places, width)

    def _row(self, line: int, fields: list[str], places: Mapping[str, int], width: int) -> Row | WrongRow:
        if len(fields) != width:
            return WrongRow(line, _("It has %(fields)s fields and the head %(width)s.", fields=len(fields),
                                    width=width))  # fmt: skip
        number, ward, born = (fields[places[what]].strip() for what in COLUMNS)
        if not _is_text(number + ward + born):
            return WrongRow(line, _("It is not text in UTF-8."))
        ward_id = self.wards.get(ward)
        try:
            normal = normal_number(number)
            born_on = read_born_on(born, today=self.today)
        except Unreadable as bad:
            return WrongRow(line, str(FAULTS[bad.fault]))
        if ward_id is None:
            return WrongRow(line, _("There is no ward with the code “%(code)s”.", code=ward[:40]))
        return Row(line, number, normal, ward_id, born_on)


def _opened(file: BinaryIO) -> TextIOWrapper:
    file.seek(0)
    if file.read(2) in OTHER_TEXT:
        raise RuleViolation(_("The file is not text in UTF-8. Save it as “CSV UTF-8”."))
    file.seek(0)
    return TextIOWrapper(file, encoding="utf-8-sig", errors="surrogateescape", newline="")


def _delimiter(text: TextIOWrapper) -> str:
    head = text.readline(LONGEST_HEAD)
    text.seek(0)
    return max(DELIMITERS, key=head.count)


def _head(table: Table) -> list[str]:
    try:
        head = next(table)
    except (StopIteration, csv.Error):
        head = []
    if not any(head):
        raise RuleViolation(
            _("The file is empty. It needs a head line with the columns number, ward and birth date.")
        )
    if not all(_is_text(name) for name in head):
        raise RuleViolation(_("The file is not text in UTF-8. Save it as “CSV UTF-8”."))
    return [name.strip() for name in head]


def _plain(name: str) -> str:
    return " ".join(name.replace("_", " ").replace("-", " ").casefold().split())


def _is_text(text: str) -> bool:
    return text.isascii() or not any("\ud800" <= sign <= "\udfff" for sign in text)
