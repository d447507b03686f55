"""The mapping file of an import of proposals; docs/proposals.md explains each value. No database."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from cps.cases.importing.values import ISO, ValueMap
from cps.cases.models import OWN_SOURCE
from cps.core.document import BadDocument, Part, read_json
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
    file = Part.of(_parsed(written, is_json=is_json))
    file.only(*NAMES)
    source = file.line("source", needed=True, longest=40)
    if source.casefold() == OWN_SOURCE:
        file.note("source", _("“%(source)s” means this program itself; choose another word.", source=source))
    codes = file.part("categories")
    mapping = ProposalMapping(
        source=source,
        site=file.line("site", needed=True, longest=80),
        zone=_zone(file, zone),
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


def _parsed(written: bytes, *, is_json: bool) -> Any:
    try:
        return read_json(written) if is_json else tomllib.loads(written.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise BadDocument([_("The mapping cannot be read: %(why)s", why=error)]) from None


def _zone(file: Part, zone: ZoneInfo) -> ZoneInfo:
    name = file.line("zone", zone.key)
    if name not in available_timezones():
        file.note("zone", _("“%(zone)s” is not a time zone; write it like Asia/Seoul.", zone=name[:60]))
        return zone
    return ZoneInfo(name)


def _columns(part: Part) -> dict[Column, str]:
    part.only(*Column)
    found = {column: part.line(column) for column in Column if part.has(column)}
    for needed in NEEDED:
        if not found.get(needed):
            part.note(needed, _("This is missing."))
    return found
