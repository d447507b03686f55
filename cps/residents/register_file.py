"""Reading a register from CSV, row by row, with every fault told by its line; no database."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO

from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.table_file import Cells, fault_in, plain, table_file
from cps.core.text import excerpt
from cps.core.wrong_rows import WrongRow
from cps.residents.rules import Unreadable, normal_number, read_born_on
from cps.residents.wording import FAULTS

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "number": ("number", "register number", "resident number"),
    "ward": ("ward", "ward code"),
    "born": ("birth date", "born", "born on", "date of birth"),
}
"""What is read, and the heads of columns that say it; spaces, hyphens and low lines are one."""

HIDDEN = "…"
"""In place of what may be somebody's number or birth date: why a file is refused is kept for thirty days."""

LONGEST_HEAD_TOLD = 300
_MANY_DIGITS = re.compile(r"\d(?:\W?\d){4}")


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
class Reader:
    """How to read a file: its wards by code, and which columns where the heads do not say it."""

    wards: Mapping[str, int]
    today: date
    columns: Mapping[str, str]

    def rows(self, file: BinaryIO) -> Iterator[Row | WrongRow]:
        """Yield each row, right or wrong, in the order of the file; `file` is left open.

        Raises RuleViolation where it is no table with these columns.
        """
        with table_file(file) as table:
            places = {what: self._place(what, table.head) for what in COLUMNS}
            for row in table.rows():
                yield row if isinstance(row, WrongRow) else self._row(row, places)

    def _place(self, what: str, head: list[str]) -> int:
        wanted = [plain(self.columns[what])] if what in self.columns else COLUMNS[what]
        found = [place for place, name in enumerate(head) if plain(name) in wanted]
        if len(found) == 1:
            return found[0]
        there = _told(head)
        if found:
            raise RuleViolation(
                _("Several columns could be “%(what)s”; say which one it is. The file has: %(there)s.",
                  what=what, there=there)
            )  # fmt: skip
        raise RuleViolation(
            _("There is no column “%(what)s”; say which one it is. The file has: %(there)s.",
              what=what, there=there)
        )  # fmt: skip

    def _row(self, row: Cells, places: Mapping[str, int]) -> Row | WrongRow:
        line = row.line
        number, ward, born = (row.cells[places[what]].strip() for what in COLUMNS)
        if fault := fault_in(number + ward + born):
            return WrongRow(line, fault)
        ward_id = self.wards.get(ward)
        try:
            normal = normal_number(number)
            born_on = read_born_on(born, today=self.today)
        except Unreadable as bad:
            return WrongRow(line, str(FAULTS[bad.fault]))
        if ward_id is None:
            code = HIDDEN if ward in {number, born} else ward[:40]
            return WrongRow(line, _("There is no ward with the code “%(code)s”.", code=code))
        return Row(line, number, normal, ward_id, born_on)


def _told(head: list[str]) -> str:
    """Return the names of columns; of a file without them nothing, for then somebody's data stand there."""
    return HIDDEN if any(map(_MANY_DIGITS.search, head)) else excerpt(", ".join(head), LONGEST_HEAD_TOLD)
