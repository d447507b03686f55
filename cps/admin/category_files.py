"""Categories as an office writes them down: a table with a row for each; no database.

`code`, `department` and `service_time` must be there. `name`, `group`, `description` and `keywords` are
texts: in a language where the column ends in its code (`name_ko`), else in the city's first. `unit`, `kind`,
`icon`, `repair`, `private` and `integrity` may be left out.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from cps.core import text
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.table_file import Cells, fault_in, plain, table_file
from cps.core.wrong_rows import WrongRow
from cps.departments.rules import CategoryKind, TimeUnit
from cps.departments.specs import CategorySpec

TEXTS = ("name", "group", "description", "keywords")
YES = frozenset({"yes", "true", "1", "x", "y"})
NO = frozenset({"no", "false", "0", "", "n"})
UNITS = {unit.value.replace("_", " "): unit for unit in TimeUnit} | {"days": TimeUnit.WORKING_DAYS}
"""What the column `unit` may say; service times of offices are in working days unless they say otherwise."""


@dataclass(frozen=True, slots=True)
class CategoryTable:
    """How to read such a table: the departments there are, and the language of texts without one."""

    departments: Collection[str]
    language: str

    def rows(self, file: BinaryIO) -> Iterator[CategorySpec | WrongRow]:
        """Yield each category, right or wrong; raises RuleViolation where it is no such table."""
        with table_file(file) as table:
            heads = [plain(name).replace(" ", "_") for name in table.head]
            for needed in ("code", "department", "service_time"):
                if heads.count(needed) != 1:
                    raise RuleViolation(
                        _("The table needs one column “%(name)s”; it has: %(there)s.",
                          name=needed, there=", ".join(table.head))
                    )  # fmt: skip
            lines: dict[str, int] = {}
            for order, row in enumerate(table.rows()):
                found = row if isinstance(row, WrongRow) else self._row(row, heads, order)
                if isinstance(found, CategorySpec) and lines.setdefault(found.code, row.line) != row.line:
                    line = lines[found.code]
                    found = WrongRow(row.line, _("The code stands in line %(line)s already.", line=line))
                yield found

    def _row(self, row: Cells, heads: list[str], order: int) -> CategorySpec | WrongRow:
        if fault := fault_in("".join(row.cells)):
            return WrongRow(row.line, fault)
        said = {head: text.one_line(cell) for head, cell in zip(heads, row.cells, strict=True)}
        try:
            spec = self._spec(said, order)
            spec.check()
        except RuleViolation as refusal:
            return WrongRow(row.line, refusal.message)
        return spec

    def _spec(self, said: Mapping[str, str], order: int) -> CategorySpec:
        if said["department"] not in self.departments:
            raise RuleViolation(
                _("There is no department with the code “%(code)s”.", code=said["department"][:80])
            )
        if not (said["service_time"].isascii() and said["service_time"].isdecimal()):
            raise RuleViolation(_("“%(said)s” is no whole number.", said=said["service_time"][:20]))
        keywords = {
            language: [word.strip() for word in words.split(",") if word.strip()]
            for language, words in self._texts(said, "keywords").items()
        }
        return CategorySpec(
            code=said["code"],
            name=self._texts(said, "name"),
            department=said["department"],
            service_time=int(said["service_time"][:6]),
            service_time_unit=_unit(said.get("unit", "")),
            kind=_kind(said.get("kind", "")),
            group_name=self._texts(said, "group"),
            description=self._texts(said, "description"),
            keywords=keywords,
            icon=said.get("icon") or "circle-question-mark",
            is_repair=_flag(said, "repair"),
            is_private_by_default=_flag(said, "private"),
            is_integrity=_flag(said, "integrity"),
            ord=order,
        )

    def _texts(self, said: Mapping[str, str], what: str) -> dict[str, str]:
        found = {}
        for head, value in said.items():
            name, _low, language = head.partition("_")
            if name == what and value:
                found[language or self.language] = value
        return found


def _unit(said: str) -> TimeUnit:
    unit = UNITS.get(plain(said) or "days")
    if unit is None:
        raise RuleViolation(_("“%(said)s” is no unit; write %(known)s.", said=said[:40],
                              known=", ".join(UNITS)))  # fmt: skip
    return unit


def _kind(said: str) -> CategoryKind:
    try:
        return CategoryKind(said.casefold() or CategoryKind.COMPLAINT.value)
    except ValueError:
        raise RuleViolation(
            _("“%(said)s” is no kind of case; write complaint or proposal.", said=said[:40])
        ) from None


def _flag(said: Mapping[str, str], what: str) -> bool:
    value = said.get(what, "").casefold()
    if value not in YES | NO:
        raise RuleViolation(_("“%(said)s” is neither yes nor no.", said=value[:20]))
    return value in YES
