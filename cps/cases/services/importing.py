"""Writing the cases of an earlier system. Nobody is told: no fact is stated, nobody follows.

Case by case the rule is: what is not there is written. What is there stays as it is, except that a case that
is still open here, on which nobody here has worked, is closed where the file says so by now.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cps.cases.importing.directory import Directory
from cps.cases.importing.mapping import CaseMapping
from cps.cases.importing.staging import Staging
from cps.cases.queries import imports as queries
from cps.cases.services.imported_rows import Sorted, Writer, sort
from cps.core import audit
from cps.core.progress import Progress
from cps.departments import services as furnishing
from cps.departments.specs import CategorySpec, DepartmentSpec
from cps.wards import services as areas
from cps.wards.rules import WardSpec

CHUNK = 2_000
LOWEST_ORDER = 1_000
"""Categories that an import brings stand behind the city's own."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A whole file that was read: how, what is named in it, and its cases."""

    mapping: CaseMapping
    departments: Directory
    categories: Directory
    wards: Directory
    staged: Staging

    def new_departments(self) -> dict[str, str]:
        """Return code and name of those that are used and not there yet."""
        return _used(self.departments, self.staged.departments())

    def new_categories(self) -> dict[str, str]:
        """Return code and name of those that are used and not there yet."""
        return _used(self.categories, self.staged.categories())

    def new_wards(self) -> dict[str, str]:
        """Return code and name of those that are used and not there yet."""
        return _used(self.wards, self.staged.wards())


@dataclass(slots=True)
class Report:
    """What an import did, or would do: numbers of cases, and names of what it brings."""

    new: int = 0
    closed: int = 0
    same: int = 0
    departments: list[str] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    wards: list[str] = field(default_factory=list)


def compare(incoming: Incoming) -> Report:
    """Return what `load` would do."""
    report = _announced(incoming)
    for chunk in incoming.staged.chunks(CHUNK):
        _count(report, sort(incoming.mapping.source, chunk))
    return report


def load(incoming: Incoming, *, by: int | None, at: datetime, progress: Progress) -> Report:
    """Write everything of a file; the same file again writes nothing."""
    queries.lock_imports()
    report = _announced(incoming)
    _bring(incoming, by=by, at=at)
    writer = Writer(incoming.mapping, at)
    progress.begin("cases", len(incoming.staged))
    for chunk in incoming.staged.chunks(CHUNK):
        found = sort(incoming.mapping.source, chunk)
        writer.write(found)
        _count(report, found)
        progress.step(len(chunk))
    if report.new or report.closed:
        told = {"source": [None, incoming.mapping.source], "new": [None, report.new],
                "closed": [None, report.closed]}  # fmt: skip
        audit.record("import-cases", about=("city", 1), by=by, at=at, changes=told)
    return report


def _announced(incoming: Incoming) -> Report:
    return Report(
        departments=list(incoming.new_departments().values()),
        categories=list(incoming.new_categories().values()),
        wards=list(incoming.new_wards().values()),
    )


def _used(directory: Directory, used: Mapping[str, object]) -> dict[str, str]:
    return {code: name for code, name in directory.new.items() if code in used}


def _count(report: Report, found: Sorted) -> None:
    report.new += len(found.new)
    report.closed += len(found.to_close)
    report.same += found.same


def _bring(incoming: Incoming, *, by: int | None, at: datetime) -> None:
    """Create the wards, departments and categories that the file brings."""
    mapping, language = incoming.mapping, incoming.mapping.language
    areas.save_wards(
        [WardSpec(code, {language: name}) for code, name in incoming.new_wards().items()], by=by, at=at
    )
    for code, name in incoming.new_departments().items():
        furnishing.save_department(DepartmentSpec(code, {language: name}), by=by, at=at)
    used = incoming.staged.categories()
    for order, (code, name) in enumerate(incoming.new_categories().items()):
        group, department = used[code]
        spec = CategorySpec(
            code,
            {language: name},
            department,
            mapping.new_category.service_time,
            mapping.new_category.unit,
            group_name={language: group} if group else {},
            ord=LOWEST_ORDER + order,
            is_active=mapping.new_category.is_offered,
        )
        furnishing.save_category(spec, by=by, at=at)
