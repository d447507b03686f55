"""Cuts a `.pb` file into its sections and rows, each row with the number of its line."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

SECTIONS = ("META", "PROJECTS", "VOTES")


class Why(StrEnum):
    """Why a file is refused; pages have a sentence for each."""

    NOT_UTF8 = "not-utf8"
    MALFORMED = "malformed"
    SECTIONS = "sections"
    COLUMN_MISSING = "column-missing"
    FIELD_MISSING = "field-missing"
    FIELDS_TOO_FEW_OR_MANY = "fields-too-few-or-many"
    REPEATED = "repeated"
    NOT_APPROVAL = "not-approval"
    NOT_WHOLE = "not-whole"
    UNKNOWN_PROJECT = "unknown-project"
    TOO_FEW = "too-few"
    TOO_MANY = "too-many"
    TOO_EXPENSIVE = "too-expensive"
    COUNTED_OTHERWISE = "counted-otherwise"


class PabulibError(ValueError):
    """A file that cannot be read: `line` from 1, `why`, and `detail`, the words of the file it is about."""

    def __init__(self, line: int, why: Why, detail: str = "") -> None:
        super().__init__(f"line {line}: {why}{f' ({detail})' if detail else ''}")
        self.line = line
        self.why = why
        self.detail = detail


@dataclass(frozen=True)
class Row:
    """A line of a section."""

    line: int
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Section:
    """One section: the line of its title, the row with its columns, its other rows."""

    name: str
    line: int
    columns: Row
    rows: tuple[Row, ...]

    def records(self, *needed: str) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield each row's line with its fields by column; raises PabulibError."""
        columns = tuple(name.lower() for name in self.columns.fields)
        for name in needed:
            if name not in columns:
                raise PabulibError(self.columns.line, Why.COLUMN_MISSING, name)
        if len({*columns}) != len(columns):
            raise PabulibError(self.columns.line, Why.REPEATED)
        for row in self.rows:
            if len(row.fields) != len(columns):
                raise PabulibError(row.line, Why.FIELDS_TOO_FEW_OR_MANY, ";".join(row.fields)[:80])
            yield row.line, dict(zip(columns, row.fields, strict=True))


def sections_of(data: bytes) -> list[Section]:
    """Return the sections in the order of the file, whatever they are; raises PabulibError."""
    found: list[list[Row]] = []
    for row in _rows(data):
        if len(row.fields) == 1 and row.fields[0].upper() in SECTIONS:
            found.append([row])
        elif found:
            found[-1].append(row)
        else:
            raise PabulibError(row.line, Why.SECTIONS, row.fields[0][:80])
    return [_section(rows) for rows in found]


def check_sections(sections: list[Section]) -> None:
    """Raise PabulibError unless each of the three stands there once, in their order."""
    for section, name in zip(sections, SECTIONS, strict=False):
        if section.name != name:
            raise PabulibError(section.line, Why.SECTIONS, section.name)
    if len(sections) > len(SECTIONS):
        raise PabulibError(sections[len(SECTIONS)].line, Why.SECTIONS, sections[len(SECTIONS)].name)
    if len(sections) < len(SECTIONS):
        raise PabulibError(sections[-1].line if sections else 1, Why.SECTIONS, SECTIONS[len(sections)])


def _section(rows: list[Row]) -> Section:
    title, *rest = rows
    if not rest:
        raise PabulibError(title.line, Why.SECTIONS, title.fields[0])
    return Section(title.fields[0].upper(), title.line, rest[0], tuple(rest[1:]))


def _rows(data: bytes) -> Iterator[Row]:
    for number, text in enumerate(_text(data).split("\n"), 1):
        if not text.strip():
            continue
        try:
            fields = next(csv.reader([text.rstrip("\r")], delimiter=";", skipinitialspace=True, strict=True))
        except csv.Error as error:
            raise PabulibError(number, Why.MALFORMED, str(error)) from None
        yield Row(number, tuple(field.strip() for field in fields))


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PabulibError(data.count(b"\n", 0, error.start) + 1, Why.NOT_UTF8) from None
