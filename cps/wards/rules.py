"""Wards as files tell them: GeoJSON with outlines, or a table of codes and names; no Flask, no database."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.table_file import Cells, fault_in, table_file
from cps.core.text import one_line
from cps.core.wrong_rows import WrongRow
from cps.wards import columns
from cps.wards.boundaries import BadBoundaries, Fault, FileProblem, read_boundaries
from cps.wards.geometry import Area
from cps.wards.outlines import Problem

LONGEST_CODE = 40
LONGEST_NAME = 120
DIGITS = 6
"""Decimal places of a degree that are kept: about ten centimetres."""

ITSELF = "*"
"""In place of a language: the property holds `{language: name}` itself."""

_CODE = re.compile(rf"[\w.-]{{1,{LONGEST_CODE}}}")


class BadFile(RuleViolation):
    """The file cannot be used; `problems` has a sentence for each fault, `message` the first."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(problems[0])
        self.problems = list(problems)


@dataclass(frozen=True, slots=True)
class WardSpec:
    """A ward as a file tells it; `geometry` is None where the file has no outlines."""

    code: str
    name: dict[str, str]
    geometry: dict[str, Any] | None = None
    population: int | None = None
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which properties to read; left out, they are guessed. `names` is `{language: property}`."""

    code: str | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    default_language: str = "en"
    languages: tuple[str, ...] = ("en",)


@dataclass(slots=True)
class Reading:
    """What a file says: its wards, remarks on odd outlines, and which properties were read."""

    code: str
    names: dict[str, str]
    wards: list[WardSpec] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def read_geojson(text: str | bytes, wanted: Wanted) -> Reading:
    """Read wards with outlines; raises BadFile with everything that is wrong."""
    try:
        found = read_boundaries(text)
    except BadBoundaries as bad:
        raise BadFile([_told(fault) for fault in bad.faults]) from None
    reading = Reading(*_columns([feature.properties for feature in found.features], wanted))
    reading.remarks = [_told(remark) for remark in found.remarks]
    return _filled(reading, ((feature.properties, feature.area) for feature in found.features))


def read_table(file: BinaryIO, wanted: Wanted) -> Reading:
    """Read wards without outlines from CSV with a head line; raises BadFile with everything that is wrong."""
    with table_file(file) as table:
        read = list(table.rows())
        rows = [dict(zip(table.head, row.cells, strict=True)) for row in read if isinstance(row, Cells)]
    problems = [str(row) for row in read if isinstance(row, WrongRow)]
    problems += [
        str(WrongRow(row.line, fault))
        for row in read
        if isinstance(row, Cells) and (fault := fault_in("".join(row.cells)))
    ]
    if problems:
        raise BadFile(problems)
    if not rows:
        raise BadFile([_("The table has no rows. It needs a head line with code and name.")])
    return _filled(Reading(*_columns(rows, wanted)), ((row, None) for row in rows))


def _filled(reading: Reading, rows: Iterable[tuple[columns.Properties, Area | None]]) -> Reading:
    """Add each row as a ward; raises BadFile with the problems of all rows."""
    codes: set[str] = set()
    problems = []
    for number, (row, area) in enumerate(rows, 1):
        try:
            ward = _spec(row, area, reading, codes)
        except RuleViolation as problem:
            problems.append(_("Ward %(number)d: %(problem)s", number=number, problem=problem.message))
        else:
            codes.add(ward.code)
            reading.wards.append(ward)
    if problems:
        raise BadFile(problems)
    return reading


def _columns(rows: Sequence[columns.Properties], wanted: Wanted) -> tuple[str, dict[str, str]]:
    """Return the property of the code and those of the names; without a code the first name serves."""
    there = sorted({str(key) for row in rows for key in row})
    for column in [*([wanted.code] if wanted.code else []), *wanted.names.values()]:
        if column not in there:
            raise BadFile(
                [
                    _(
                        "There is no “%(wanted)s”; the file has: %(there)s.",
                        wanted=column,
                        there=", ".join(there),
                    )
                ]
            )
    names = dict(wanted.names)
    if not names and isinstance(rows[0].get("name"), dict):
        names = {ITSELF: "name"}
    names = names or columns.guess_names(rows, default=wanted.default_language, languages=wanted.languages)
    if not names:
        raise BadFile(
            [_("No name was found; say which, for example --name en=NAME. The file has: %(there)s.",
               there=", ".join(there))]
        )  # fmt: skip
    return wanted.code or columns.guess_code(rows) or next(iter(names.values())), names


def _spec(row: columns.Properties, area: Area | None, reading: Reading, codes: set[str]) -> WardSpec:
    value = row.get(reading.code)
    code = re.sub(r"\s+", "-", one_line("" if value is None else str(value)))
    check_code(code)
    if code in codes:
        raise RuleViolation(_("the code “%(code)s” is there twice.", code=code))
    texts = _names(row, reading.names)
    if not texts:
        raise RuleViolation(_("it has no name."))
    return WardSpec(code, texts, geometry_of(area) if area else None, _population(row.get("population")))


def check_code(code: str) -> None:
    """Raise RuleViolation unless a text can be the code of a ward."""
    if not _CODE.fullmatch(code):
        raise RuleViolation(_("“%(code)s” is no code: at most 40 letters, digits and - . _", code=code[:80]))


def geometry_of(area: Area) -> dict[str, Any]:
    """Return an area as a GeoJSON MultiPolygon."""
    polygons = [
        [[[round(lon, DIGITS), round(lat, DIGITS)] for lon, lat in ring] for ring in polygon.rings]
        for polygon in area.polygons
    ]
    return {"type": "MultiPolygon", "coordinates": polygons}


def _names(row: columns.Properties, names: dict[str, str]) -> dict[str, str]:
    if ITSELF in names:
        found = row.get("name")
        given = found if isinstance(found, dict) else {}
    else:
        given = {language: row.get(column) for language, column in names.items()}
    texts = {str(language): one_line(str(text or ""))[:LONGEST_NAME] for language, text in given.items()}
    return {language: text for language, text in texts.items() if text}


def _population(value: Any) -> int | None:
    try:
        number = int(str(value).replace(",", "").replace(" ", ""))
    except ValueError:
        return None
    return number if 0 <= number < 2**31 else None


def _told(fault: Fault) -> str:
    problem = said(fault.problem)
    return (
        _("Ward %(number)d: %(problem)s", number=fault.feature, problem=problem) if fault.feature else problem
    )


def said(problem: Problem | FileProblem) -> str:
    """Return what is wrong with an outline or a file, in a sentence."""
    return {
        Problem.NO_AREA: _("It has no Polygon or MultiPolygon."),
        Problem.BAD_COORDINATES: _("A coordinate is not a pair of numbers."),
        Problem.NOT_FINITE: _("A coordinate is not a finite number."),
        Problem.PROJECTED: _("The coordinates look projected. Export the file again as WGS 84 (EPSG:4326)."),
        Problem.SWAPPED: _("A latitude is beyond 90 degrees. Latitude and longitude seem to be swapped."),
        Problem.TOO_FEW_POINTS: _("A ring has fewer than three different points."),
        Problem.CROSSES_ITSELF: _(
            "An outline crosses itself. It is taken all the same; look at it on the map."
        ),
        FileProblem.NOT_JSON: _("This is not a JSON file."),
        FileProblem.TOPOLOGY: _("This is TopoJSON. Export it as GeoJSON."),
        FileProblem.NOT_GEOJSON: _("This is not GeoJSON with features."),
        FileProblem.NO_FEATURES: _("There is no feature in the file."),
        FileProblem.PROJECTED: _(
            "The file names another system of coordinates. Export it again as WGS 84 (EPSG:4326)."
        ),
    }[problem]
