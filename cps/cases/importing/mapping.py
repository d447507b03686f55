"""The mapping file: which column is what, how values and times are written, what to do with the unknown.

TOML or JSON of the same shape; docs/importing.md explains each value. No database.
"""

import codecs
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from cps.cases.importing.fields import Ambiguous, Field, Place, Unknown, Visibility
from cps.cases.importing.mapping_head import known_zone, parsed, source_name
from cps.cases.importing.values import ISO, ValueMap
from cps.cases.rules import OUTCOMES, CaseKind, Channel, Outcome, Priority, Status
from cps.core.document import Part
from cps.core.i18n import gettext as _
from cps.core.table_file import UTF_8
from cps.departments.rules import TimeUnit

NEEDED = (Field.EXTERNAL_ID, Field.RECEIVED)
COMPLAINT_STATUSES = tuple(Status)[:8]
CHOICES: Mapping[Field, tuple[str, ...]] = {
    Field.CHANNEL: tuple(Channel),
    Field.PRIORITY: tuple(Priority),
    Field.STATUS: COMPLAINT_STATUSES,
    Field.OUTCOME: tuple(sorted(OUTCOMES[CaseKind.COMPLAINT] - {Outcome.JOINED})),
}
"""Fields that have a fixed set of values."""

DEFAULTS = {
    Field.CHANNEL: Channel.IMPORT.value,
    Field.PRIORITY: Priority.NORMAL.value,
    Field.STATUS: Status.RECEIVED.value,
    Field.OUTCOME: Outcome.ANSWERED.value,
}
NAMES = (
    *("source", "encoding", "delimiter", "zone", "dates", "ambiguous", "language", "visibility"),
    *("columns", "values", "defaults", "leave_out", "unknown", "new_category", "bounds", "nowhere"),
)
MOST_DAYS = 1_000


@dataclass(frozen=True, slots=True)
class NewCategory:
    """What a category that the file brings gets."""

    service_time: int
    unit: TimeUnit
    is_offered: bool
    """Whether residents can choose it; else it only tells what old cases were about."""


@dataclass(frozen=True, slots=True)
class CaseMapping:
    """How a file is read; see docs/importing.md."""

    source: str
    encoding: str
    delimiter: str
    zone: ZoneInfo
    dates: tuple[str, ...]
    ambiguous: Ambiguous
    language: str
    is_private: bool
    columns: Mapping[Field, tuple[str, ...]]
    values: Mapping[Field, ValueMap]
    defaults: Mapping[Field, str]
    leave_out: Mapping[Field, tuple[str, ...]]
    unknown: Mapping[Field, Unknown]
    outside: Place
    new_category: NewCategory
    bounds: tuple[float, float, float, float] | None
    nowhere: frozenset[tuple[float, float]]


def read_mapping(written: bytes, *, is_json: bool, zone: ZoneInfo, language: str) -> CaseMapping:
    """Read a mapping; zone and language are those of the city, for what it leaves out.

    Raises BadDocument with all faults.
    """
    file = Part.of(parsed(written, is_json=is_json))
    file.only(*NAMES)
    columns = _columns(file.part("columns"))
    unknown = file.part("unknown")
    unknown.only("department", "category", "ward", "place")
    new = file.part("new_category")
    new.only("service_time", "unit", "offered")
    mapping = CaseMapping(
        source=source_name(file),
        encoding=_encoding(file),
        delimiter=_delimiter(file),
        zone=known_zone(file, zone),
        dates=tuple(file.lines("dates")) or (ISO,),
        ambiguous=file.one_of("ambiguous", Ambiguous.REFUSE),
        language=file.line("language", language, longest=12),
        is_private=file.one_of("visibility", Visibility.PRIVATE) is Visibility.PRIVATE,
        columns=columns,
        values=_values(file.part("values")),
        defaults={**DEFAULTS, **_defaults(file.part("defaults"))},
        leave_out=_leave_out(file.part("leave_out")),
        unknown={
            field: unknown.one_of(field.value, Unknown.REFUSE)
            for field in (Field.DEPARTMENT, Field.CATEGORY, Field.WARD)
        },
        outside=unknown.one_of("place", Place.REFUSE),
        new_category=NewCategory(
            new.whole("service_time", 5, least=1, most=MOST_DAYS),
            new.one_of("unit", TimeUnit.WORKING_DAYS),
            new.flag("offered"),
        ),
        bounds=_bounds(file),
        nowhere=_nowhere(file),
    )
    _check_whole(file, mapping)
    file.refuse()
    return mapping


def _encoding(file: Part) -> str:
    name = file.line("encoding", UTF_8)
    try:
        "a".encode(name)  # some codecs are not of text
        return codecs.lookup(name).name.removesuffix("-sig")
    except (LookupError, UnicodeError, TypeError):
        file.note("encoding", _("There is no such encoding; usual are utf-8 and windows-1252."))
        return UTF_8


def _delimiter(file: Part) -> str:
    delimiter = file.value.get("delimiter", "")
    if delimiter in ("", ",", ";", "\t", "|"):
        return str(delimiter)
    file.note("delimiter", _("This must be a comma, a semicolon, a tab or |."))
    return ""


def _columns(part: Part) -> dict[Field, tuple[str, ...]]:
    part.only(*Field)
    found = {field: tuple(part.lines(field)) for field in Field if part.has(field)}
    for needed in NEEDED:
        if not found.get(needed):
            part.note(needed, _("This is missing."))
    return found


def _values(part: Part) -> dict[Field, ValueMap]:
    part.only(*Field)
    return {field: _value_map(part.part(field), field) for field in Field if part.has(field)}


def _value_map(part: Part, field: Field) -> ValueMap:
    pairs = {key: part.line(key) for key in part.value}
    for key, value in pairs.items():
        _check_choice(part, key, field, value)
    return ValueMap(pairs)


def _defaults(part: Part) -> dict[Field, str]:
    part.only(*Field)
    found = {field: part.line(field) for field in Field if part.has(field)}
    for field, value in found.items():
        _check_choice(part, field, field, value)
    return found


def _check_choice(part: Part, key: str, field: Field, value: str) -> None:
    choices = CHOICES.get(field, ())
    if choices and value and value not in choices:
        part.note(key, _("This must be one of: %(known)s.", known=", ".join(choices)))


def _leave_out(part: Part) -> dict[Field, tuple[str, ...]]:
    part.only(*Field)
    return {field: tuple(sorted(part.lines(field), key=len, reverse=True)) for field in Field}


def _bounds(file: Part) -> tuple[float, float, float, float] | None:
    found = _numbers(file.value.get("bounds"), 4)
    if found and found[0] < found[2] and found[1] < found[3]:
        return found[0], found[1], found[2], found[3]
    if file.has("bounds"):
        file.note("bounds", _("This must be four numbers in degrees: west, south, east, north."))
    return None


def _nowhere(file: Part) -> frozenset[tuple[float, float]]:
    given = file.value.get("nowhere", [])
    pairs = [_numbers(pair, 2) for pair in given] if isinstance(given, list) else [None]
    if not all(pairs):
        file.note("nowhere", _("This must be a list of positions, each latitude and longitude."))
    return frozenset((pair[0], pair[1]) for pair in pairs if pair)


def _numbers(value: object, length: int) -> list[float] | None:
    if not isinstance(value, list) or len(value) != length:
        return None
    fit = all(isinstance(one, int | float) and not isinstance(one, bool) and abs(one) <= 180 for one in value)
    return [float(one) for one in value] if fit else None


def _check_whole(file: Part, mapping: CaseMapping) -> None:
    """Note what does not fit together."""
    there = {*mapping.columns, *mapping.defaults}
    columns = file.part("columns")
    if not {Field.TITLE, Field.BODY} & set(mapping.columns):
        columns.note(Field.BODY, _("Say which column has the words of a case: body, title or both."))
    if Field.CATEGORY not in there:
        columns.note(Field.CATEGORY, _("Say a column, or a category for all under defaults."))
    if (Field.LAT in mapping.columns) != (Field.LON in mapping.columns):
        columns.note(Field.LAT, _("A position needs both lat and lon."))
    creates = mapping.unknown[Field.CATEGORY] is Unknown.CREATE
    if creates and Field.DEPARTMENT not in there:
        columns.note(
            Field.DEPARTMENT, _("New categories need a department: a column, or one under defaults.")
        )
