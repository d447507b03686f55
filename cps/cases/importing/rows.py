"""From a row of the file to a case, or to everything that is wrong with it; no database."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO

from cps.cases.importing.directory import LONGEST_NAME, Directory
from cps.cases.importing.fields import Field, Place
from cps.cases.importing.mapping import CHOICES, CaseMapping
from cps.cases.importing.places import Ground, Position, read_position
from cps.cases.importing.values import BadValue, Times, without_beginning
from cps.cases.rules import CLOSED, Channel, Outcome, Priority, Status
from cps.core import text
from cps.core.errors import RuleViolation
from cps.core.i18n import OWN_NAMES
from cps.core.i18n import gettext as _
from cps.core.table_file import UTF_8, Cells, fault_in, plain, table_file
from cps.core.wrong_rows import WrongRow

LONGEST_ID = 120
LONGEST_TITLE = 80
LONGEST_BODY = 20_000
LONGEST_ADDRESS = 300


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case as the file tells it: category, department and ward by code; `due_at` may be unsaid."""

    line: int
    external_id: str
    title: str
    body: str
    language: str
    category: str
    category_group: str
    department: str
    ward: str
    lat: float | None
    lon: float | None
    address: str
    channel: Channel
    priority: Priority
    status: Status
    outcome: Outcome | None
    received_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    answer: str


@dataclass(frozen=True, slots=True)
class Known:
    """What the city has, for the rows to name; `department_of` gives that of a category without a column."""

    departments: Directory
    categories: Directory
    wards: Directory
    ground: Ground
    department_of: Callable[[str], str | None]
    now: datetime


@dataclass(slots=True)
class _Row:
    """One row while it is read: what its columns say, and what is wrong so far."""

    line: int
    said: Mapping[Field, str]
    heads: Mapping[Field, str]
    faults: list[WrongRow] = field(default_factory=list)

    def wrong(self, what: Field, reason: str) -> None:
        self.faults.append(WrongRow(self.line, reason, self.heads.get(what, "")))


class CaseReader:
    """Reads the rows of one file by its mapping."""

    def __init__(self, mapping: CaseMapping, known: Known) -> None:
        self.mapping = mapping
        self.known = known
        self.times = Times(mapping.dates, mapping.zone, mapping.ambiguous)

    def rows(self, file: BinaryIO) -> Iterator[CaseRow | list[WrongRow]]:
        """Yield each row as a case, or all that is wrong with it, in the order of the file.

        Raises RuleViolation where the file is no table with the columns of the mapping.
        """
        mapping = self.mapping
        with table_file(file, encoding=mapping.encoding, delimiter=mapping.delimiter) as table:
            places = {what: [_place(name, table.head) for name in names]
                      for what, names in mapping.columns.items()}  # fmt: skip
            for row in table.rows():
                yield [row] if isinstance(row, WrongRow) else self._row(row, places, table.head)

    def _row(
        self, cells: Cells, places: Mapping[Field, list[int]], head: list[str]
    ) -> CaseRow | list[WrongRow]:
        faults, said, heads = [], {}, {}
        for what, columns in places.items():
            place = next((place for place in columns if cells.cells[place].strip()), columns[0])
            said[what], heads[what] = cells.cells[place].strip(), head[place]
            if fault := fault_in(said[what], encoding=self.mapping.encoding):
                faults.append(WrongRow(cells.line, f"{fault} {self._hint()}".strip(), heads[what]))
        if faults:
            return faults
        row = _Row(cells.line, said, heads)
        case = self._case(row)
        return row.faults or case

    def _hint(self) -> str:
        if self.mapping.encoding != UTF_8:
            return ""
        return _('Where it was saved as Windows-1252, write encoding = "windows-1252" into the mapping.')

    def _case(self, row: _Row) -> CaseRow:
        title, body = self._words(row)
        received, due, closed = self._times(row)
        status, outcome = self._end(row, closed)
        category, department = self._belongs(row)
        lat, lon, ward = self._place(row)
        return CaseRow(
            line=row.line,
            external_id=self._external_id(row),
            title=title,
            body=body,
            language=text.detect_language(body, OWN_NAMES) or self.mapping.language,
            category=category,
            category_group=text.excerpt(self._value(row, Field.GROUP), LONGEST_NAME),
            department=department,
            ward=ward,
            lat=lat,
            lon=lon,
            address=text.excerpt(self._value(row, Field.ADDRESS), LONGEST_ADDRESS),
            channel=Channel(self._value(row, Field.CHANNEL)),
            priority=Priority(self._value(row, Field.PRIORITY)),
            status=status,
            outcome=outcome,
            received_at=received,
            due_at=due,
            closed_at=closed,
            answer=self._answer(row) if closed else "",
        )

    def _value(self, row: _Row, what: Field) -> str:
        """Return what a column says, in this program's words where the mapping has some for it."""
        said = row.said.get(what, "")
        values = self.mapping.values.get(what)
        default = self.mapping.defaults.get(what, "")
        if values is not None and what in row.said:
            found = values.find(said)
            if found is not None:
                return found or default
        if what in CHOICES and said and said not in CHOICES[what]:
            row.wrong(what, _("“%(said)s” has no meaning in the mapping.", said=said[:60]))
            return default
        return said or default

    def _external_id(self, row: _Row) -> str:
        found = text.one_line(row.said[Field.EXTERNAL_ID])
        if not found:
            row.wrong(Field.EXTERNAL_ID, _("It is empty."))
        if len(found) > LONGEST_ID:
            row.wrong(Field.EXTERNAL_ID, _("It is longer than %(longest)s signs.", longest=LONGEST_ID))
        return found

    def _words(self, row: _Row) -> tuple[str, str]:
        title = text.one_line(self._text(row, Field.TITLE))
        body = text.clean(self._text(row, Field.BODY)) or title
        if not body:
            row.wrong(Field.BODY if Field.BODY in row.said else Field.TITLE, _("It says nothing."))
        if len(body) > LONGEST_BODY:
            row.wrong(Field.BODY, _("It is longer than %(longest)s signs.", longest=LONGEST_BODY))
        return text.excerpt(title or body, LONGEST_TITLE), body

    def _text(self, row: _Row, what: Field) -> str:
        return without_beginning(self._value(row, what), self.mapping.leave_out.get(what, ()))

    def _answer(self, row: _Row) -> str:
        found = text.clean(self._text(row, Field.ANSWER)) or self.mapping.defaults.get(Field.ANSWER, "")
        return found or _("Closed in an earlier system, which kept no answer.")

    def _times(self, row: _Row) -> tuple[datetime, datetime | None, datetime | None]:
        received = self._time(row, Field.RECEIVED)
        due, closed = self._time(row, Field.DUE), self._time(row, Field.CLOSED)
        if received is None:
            if not row.said[Field.RECEIVED]:
                row.wrong(Field.RECEIVED, _("It is empty."))
            return self.known.now, due, closed
        if due and due < received:
            row.wrong(Field.DUE, _("It is due before it was received."))
        if closed and closed < received:
            row.wrong(Field.CLOSED, _("It was closed before it was received."))
        for what, moment in ((Field.RECEIVED, received), (Field.CLOSED, closed)):
            if moment and moment > self.known.now:
                row.wrong(what, _("It lies in the future."))
        return received, due, closed

    def _time(self, row: _Row, what: Field) -> datetime | None:
        said = self._value(row, what)
        try:
            return self.times.read(said) if said else None
        except BadValue as bad:
            row.wrong(what, str(bad))
            return None

    def _end(self, row: _Row, closed: datetime | None) -> tuple[Status, Outcome | None]:
        status = Status(self._value(row, Field.STATUS))
        says_status = bool(row.said.get(Field.STATUS))
        if not says_status and closed:
            status = Status.CLOSED
        if status in CLOSED and not closed:
            row.wrong(Field.CLOSED, _("The case is closed, but not when."))
        if status not in CLOSED and closed:
            row.wrong(Field.STATUS, _("The case is open, but has a time at which it was closed."))
        return status, Outcome(self._value(row, Field.OUTCOME)) if status in CLOSED else None

    def _belongs(self, row: _Row) -> tuple[str, str]:
        """Return the codes of category and department."""
        category = self._named(row, Field.CATEGORY, self.known.categories)
        if Field.DEPARTMENT in self.mapping.columns or Field.DEPARTMENT in self.mapping.defaults:
            return category, self._named(row, Field.DEPARTMENT, self.known.departments)
        return category, (self.known.department_of(category) or "") if category else ""

    def _named(self, row: _Row, what: Field, directory: Directory) -> str:
        written = text.one_line(self._value(row, what))
        if not written:
            row.wrong(what, _("It is empty."))
            return ""
        try:
            return directory.find_or_add(written)
        except BadValue as bad:
            row.wrong(what, str(bad))
            return ""

    def _place(self, row: _Row) -> tuple[float | None, float | None, str]:
        """Return latitude, longitude and ward: the ward that is named, else that of the position."""
        ward = text.one_line(self._value(row, Field.WARD))
        code = self._named(row, Field.WARD, self.known.wards) if ward else ""
        try:
            position = read_position(
                self._value(row, Field.LAT), self._value(row, Field.LON), nowhere=self.mapping.nowhere
            )
        except BadValue as bad:
            row.wrong(Field.LAT, str(bad))
            return None, None, code
        return self._on_ground(row, position, code)

    def _on_ground(
        self, row: _Row, position: Position | None, code: str
    ) -> tuple[float | None, float | None, str]:
        if position is None:
            return None, None, code
        try:
            found = self.known.ground.ward_at(position)
        except BadValue as bad:
            if self.mapping.outside is Place.REFUSE:
                row.wrong(Field.LAT, str(bad))
            return None, None, code
        return *position, code or found


def _place(name: str, head: list[str]) -> int:
    """Return where a column is; raises RuleViolation where there is none, or several."""
    found = [place for place, there in enumerate(head) if plain(there) == plain(name)]
    if len(found) == 1:
        return found[0]
    told = ", ".join(head)[:1_000]
    if found:
        raise RuleViolation(_("The file has several columns “%(name)s”.", name=name))
    raise RuleViolation(
        _("The file has no column “%(name)s”. Its first line must hold the names of its columns; it is:"
          " %(told)s.", name=name, told=told)
    )  # fmt: skip
