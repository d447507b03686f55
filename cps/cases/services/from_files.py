"""A table of cases, read whole before anything is written: right rows are kept aside, wrong ones told."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from cps.cases.importing.directory import Directory
from cps.cases.importing.fields import Field, Unknown
from cps.cases.importing.mapping import CaseMapping
from cps.cases.importing.places import Ground
from cps.cases.importing.preparing import prepare
from cps.cases.importing.rows import CaseReader, CaseRow, Known
from cps.cases.importing.staging import Staging, staging
from cps.cases.services.importing import Incoming
from cps.core.city import CityFacts
from cps.core.i18n import gettext as _
from cps.core.progress import Progress
from cps.core.table_file import at_most, plain, table_file, told
from cps.core.wrong_rows import WrongRow, WrongRows
from cps.departments import queries as departments
from cps.departments.calendar import Deadline, Unit
from cps.departments.rules import CategoryKind, TimeUnit
from cps.wards import queries as wards

STEP = 1_000
DEPARTMENT_CODE, CATEGORY_CODE, WARD_CODE = 40, 60, 40
"""How long codes may be."""

Due = Callable[[str, datetime], datetime]
"""Says when a case of a category (by code) that came at a time is due, where the file does not say."""


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A table that was read: its cases that are right, ready to be written, and the rows that are wrong."""

    incoming: Incoming
    wrong: WrongRows


@contextmanager
def reading(
    file: BinaryIO,
    mapping: CaseMapping,
    city: CityFacts,
    *,
    at: datetime,
    progress: Progress,
    most: int | None = None,
) -> Iterator[CaseFile]:
    """Read a table; what was read is there until the block ends. `most` bounds its rows.

    Raises RuleViolation where it is no table with the columns of the mapping.
    """
    known = _known(mapping, at)
    with staging() as staged:
        incoming = Incoming(mapping, known.departments, known.categories, known.wards, staged)
        rows = CaseReader(mapping, known)
        yield CaseFile(incoming, _read_all(file, rows, staged, _due(mapping, city), progress, most))


def own_mapping(file: BinaryIO, source: str, *, encoding: str, is_public: bool) -> dict[str, Any]:
    """Return the mapping, as a document, of a table whose columns have the names of fields."""
    with table_file(file, encoding=encoding) as table:
        heads = {plain(name): name for name in table.head}
    names = {field.value: heads[plain(field.value)] for field in Field if plain(field.value) in heads}
    return {
        "source": source,
        "encoding": encoding,
        "visibility": "public" if is_public else "private",
        "columns": names,
    }


def _known(mapping: CaseMapping, at: datetime) -> Known:
    """Read what the city has, before the first row."""
    catalogue, areas = departments.catalogue(), wards.areas()

    def creates(what: Field) -> bool:
        return mapping.unknown[what] is Unknown.CREATE

    def department_of(code: str) -> str | None:
        category = catalogue.category(code)
        return category.department.code if category else None

    return Known(
        departments=Directory.of(
            ((one.code, one.name) for one in catalogue.departments.values()),
            creates=creates(Field.DEPARTMENT),
            longest_code=DEPARTMENT_CODE,
        ),
        categories=Directory.of(
            (
                (one.code, one.name)
                for one in catalogue.categories.values()
                if one.kind is CategoryKind.COMPLAINT
            ),
            creates=creates(Field.CATEGORY),
            longest_code=CATEGORY_CODE,
            reserved=(one.code for one in catalogue.categories.values()),
        ),
        wards=Directory.of(
            ((one.code, one.name) for one in wards.all_by_code().values()),
            creates=creates(Field.WARD),
            longest_code=WARD_CODE,
        ),
        ground=Ground(areas.outlines, mapping.bounds, mapping.outside),
        department_of=department_of,
        now=at,
    )


def _due(mapping: CaseMapping, city: CityFacts) -> Due:
    calendar = departments.working_calendar(city.zone)
    new = mapping.new_category
    promises: dict[str, tuple[int, TimeUnit]] = {
        one.code: (one.service_time, one.service_time_unit)
        for one in departments.catalogue().categories.values()
    }

    def due(category: str, received: datetime) -> datetime:
        amount, unit = promises.get(category, (new.service_time, new.unit))
        return Deadline(amount, Unit[unit.name]).due(calendar, received)

    return due


def _read_all(
    file: BinaryIO, reader: CaseReader, staged: Staging, due: Due, progress: Progress, most: int | None
) -> WrongRows:
    """Look at every row and keep those that are right; returns the others."""
    wrong = WrongRows()
    for row in told(at_most(reader.rows(file), most), file, progress, every=STEP):
        faults = _keep(row, staged, due) if isinstance(row, CaseRow) else row
        if faults:
            wrong.add(*faults)
    return wrong


def _keep(row: CaseRow, staged: Staging, due: Due) -> list[WrongRow]:
    before = staged.add(prepare(row, due))
    if before is None:
        return []
    return [WrongRow(row.line, _("Its external number stands in line %(line)s already.", line=before))]
