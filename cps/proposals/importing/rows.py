"""The rows of a file of proposals, each read whole or told as wrong; no database.

Two kinds of files: CSV with a head, and JSON Lines (`.jsonl`), one object in each line.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, BinaryIO

from cps.cases.importing.values import BadValue, Times
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.table_file import fault_in, table_file
from cps.core.text import clean, one_line
from cps.core.wrong_rows import WrongRow
from cps.proposals.importing.hypertext import plain_text
from cps.proposals.importing.mapping import Column, ProposalMapping

LONGEST = {Column.TITLE: 200, Column.BODY: 20_000, Column.EXTERNAL_ID: 120}
MOST_SUPPORTS = 100_000_000
LONGEST_LINE = 1_000_000


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """One proposal of another site. `ends` is None where the file does not say when its time is over."""

    line: int
    external_id: str
    title: str
    body: str
    category: str
    supports: int
    begins: datetime
    ends: datetime | None


Cells = tuple[int, Mapping[Column, str]]
Note = Callable[[Column, str], None]


class RowReader:
    """Reads rows by a mapping; knows which categories of proposals the city has, and the time."""

    def __init__(self, mapping: ProposalMapping, known: Callable[[str], bool], now: datetime) -> None:
        self.mapping = mapping
        self.known = known
        self.now = now
        self.times = Times(mapping.dates, mapping.zone)

    def rows(self, file: BinaryIO, *, is_lines: bool) -> Iterator[ProposalRow | list[WrongRow]]:
        """Yield every row of a file, or what is wrong with it; a second of the same number is wrong."""
        seen: dict[str, int] = {}
        for found in self._lines(file) if is_lines else self._table(file):
            if isinstance(found, WrongRow):
                yield [found]
                continue
            row = self._read(*found)
            if (
                isinstance(row, ProposalRow)
                and (before := seen.setdefault(row.external_id, row.line)) != row.line
            ):
                yield [
                    WrongRow(row.line, _("Its external number stands in line %(line)s already.", line=before))
                ]
            else:
                yield row

    def _lines(self, file: BinaryIO) -> Iterator[Cells | WrongRow]:
        line = 0
        while written := file.readline(LONGEST_LINE):
            line += 1
            if len(written) == LONGEST_LINE:
                raise RuleViolation(_("A line has more than a million signs. This is no file of rows."))
            if not written.strip():
                continue
            try:
                found = json.loads(written.decode("utf-8-sig"))
            except (ValueError, RecursionError):
                yield WrongRow(line, _("This is no JSON in UTF-8."))
                continue
            if isinstance(found, dict):
                yield line, {column: _told(found.get(name)) for column, name in self.mapping.columns.items()}
            else:
                yield WrongRow(line, _("This is not an object with named values."))

    def _table(self, file: BinaryIO) -> Iterator[Cells | WrongRow]:
        with table_file(file) as table:
            missing = [name for name in self.mapping.columns.values() if name not in table.head]
            if missing:
                raise RuleViolation(_("The file has no column “%(name)s”.", name=missing[0][:60]))
            places = {column: table.head.index(name) for column, name in self.mapping.columns.items()}
            for row in table.rows():
                if isinstance(row, WrongRow):
                    yield row
                else:
                    yield row.line, {column: row.cells[place] for column, place in places.items()}

    def _read(self, line: int, cells: Mapping[Column, str]) -> ProposalRow | list[WrongRow]:
        faults: list[WrongRow] = []

        def note(column: Column, reason: str) -> None:
            faults.append(WrongRow(line, reason, self.mapping.columns.get(column, column.value)))

        for column, cell in cells.items():
            if (fault := fault_in(cell)) is not None:
                note(column, fault)
        if faults:
            return faults
        number, title, body = self._texts(cells, note)
        begins, ends = self._time(cells, note)
        supports = self._supports(cells, note)
        category = self._category(cells, note)
        if faults or begins is None:
            return faults
        return ProposalRow(line, number, title, body, category, supports, begins, ends)

    def _texts(self, cells: Mapping[Column, str], note: Note) -> list[str]:
        """Return number, title and body."""
        found = {
            Column.EXTERNAL_ID: one_line(cells[Column.EXTERNAL_ID]),
            Column.TITLE: one_line(self._text(cells[Column.TITLE])),
            Column.BODY: self._text(cells[Column.BODY]),
        }
        for column, text in found.items():
            if not text or len(text) > LONGEST[column]:
                note(column, _("It must have 1 to %(longest)s signs.", longest=LONGEST[column]))
        return list(found.values())

    def _time(self, cells: Mapping[Column, str], note: Note) -> tuple[datetime | None, datetime | None]:
        begins = self._moment(cells, Column.BEGINS, note)
        ends = self._moment(cells, Column.ENDS, note)
        if begins is not None and begins > self.now:
            note(Column.BEGINS, _("This lies ahead."))
        if begins is not None and ends is not None and ends <= begins:
            note(Column.ENDS, _("It ends before it begins."))
        return begins, ends

    def _text(self, cell: str) -> str:
        return plain_text(cell) if self.mapping.is_html else clean(cell)

    def _moment(self, cells: Mapping[Column, str], column: Column, note: Note) -> datetime | None:
        """Return a moment; a day alone on which support ends is counted whole."""
        cell = cells.get(column, "").strip()
        if not cell and column is Column.ENDS:
            return None
        try:
            found = self.times.read(cell)
        except BadValue as bad:
            note(column, str(bad))
            return None
        local = found.astimezone(self.mapping.zone)
        is_day = column is Column.ENDS and local.time() == datetime.min.time()
        return found + timedelta(days=1) if is_day else found

    def _supports(self, cells: Mapping[Column, str], note: Note) -> int:
        cell = cells[Column.SUPPORTS].strip().replace(",", "")
        if cell.isascii() and cell.isdigit() and int(cell) <= MOST_SUPPORTS:
            return int(cell)
        note(Column.SUPPORTS, _("“%(written)s” is no number of supports.", written=cell[:40]))
        return 0

    def _category(self, cells: Mapping[Column, str], note: Note) -> str:
        written = one_line(cells.get(Column.CATEGORY, ""))
        code = self.mapping.categories.find(written) or self.mapping.category
        if not code or not self.known(code):
            note(
                Column.CATEGORY,
                _("“%(name)s” is no category of proposals here.", name=(code or written)[:60]),
            )
        return code


def _told(value: Any) -> str:
    """Return a value of JSON as a cell."""
    if value is None or isinstance(value, dict | list | bool):
        return ""
    return str(value)
