"""The mapping file of an import of proposals; docs/proposals.md explains each value. No database."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from cps.cases.importing.mapping_head import known_zone, parsed, source_name
from cps.cases.importing.values import ISO, ValueMap
from cps.core.document import Part
from cps.core.i18n import gettext as _


class Column(StrEnum):
    """What a file tells of a proposal."""

    EXTERNAL_ID = "external_id"
    TITLE = "title"
    BODY = "body"
    CATEGORY = "category"
    SUPPORTS = "supports"
    BEGINS = "begins"
    ENDS = "ends"


class Ended(StrEnum):
    """What becomes of one whose time was over on the other site."""

    CLOSE = "close"
    """It is closed here too, unless its supports reach the goal of this city: then an answer is due."""
    REOPEN = "reopen"
    """It gathers here anew, with the supports it brings."""


NEEDED = (Column.EXTERNAL_ID, Column.TITLE, Column.BODY, Column.SUPPORTS, Column.BEGINS)
NAMES = ("source", "site", "zone", "dates", "language", "html", "ended", "columns", "categories", "category")


@dataclass(frozen=True, slots=True)
class ProposalMapping:
    """How a file is read. `site` is the name by which pages call where the supports were given.

    `categories` gives the code of this city for the words of the file; without one that fits it is
    `category`, and without that the row is wrong.
    """

    source: str
    site: str
    zone: ZoneInfo
    dates: tuple[str, ...]
    language: str
    is_html: bool
    ended: Ended
    columns: Mapping[Column, str]
    categories: ValueMap
    category: str


def read_mapping(written: bytes, *, is_json: bool, zone: ZoneInfo, language: str) -> ProposalMapping:
    """Read a mapping; zone and language are those of the city, where it leaves them out.

    Raises BadDocument with all faults.
    """
    file = Part.of(parsed(written, is_json=is_json))
    file.only(*NAMES)
    codes = file.part("categories")
    mapping = ProposalMapping(
        source=source_name(file),
        site=file.line("site", needed=True, longest=80),
        zone=known_zone(file, zone),
        dates=tuple(file.lines("dates")) or (ISO,),
        language=file.line("language", language, longest=12),
        is_html=file.flag("html"),
        ended=file.one_of("ended", Ended.CLOSE),
        columns=_columns(file.part("columns")),
        categories=ValueMap({key: codes.line(key) for key in codes.value}),
        category=file.line("category"),
    )
    file.refuse()
    return mapping


def _columns(part: Part) -> dict[Column, str]:
    part.only(*Column)
    found = {column: part.line(column) for column in Column if part.has(column)}
    for needed in NEEDED:
        if not found.get(needed):
            part.note(needed, _("This is missing."))
    return found
