"""What the mapping files of all imports begin with: how they are written, the source, the time zone."""

import tomllib
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from cps.cases.models import OWN_SOURCE
from cps.core.document import BadDocument, Part, read_json
from cps.core.i18n import gettext as _

LONGEST_SOURCE = 40


def parsed(written: bytes, *, is_json: bool) -> Any:
    """Return what a mapping file says, as it stands; raises BadDocument where it is no JSON or TOML."""
    try:
        return read_json(written) if is_json else tomllib.loads(written.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise BadDocument([_("The mapping cannot be read: %(why)s", why=error)]) from None


def source_name(file: Part) -> str:
    """Return the word under which the rows are known here; notes one that means this program itself."""
    source = file.line("source", needed=True, longest=LONGEST_SOURCE)
    if source.casefold() == OWN_SOURCE:
        file.note("source", _("“%(source)s” means this program itself; choose another word.", source=source))
    return source


def known_zone(file: Part, zone: ZoneInfo) -> ZoneInfo:
    """Return the time zone of the file; notes one that is none, and takes this one where it names none."""
    name = file.line("zone", zone.key)
    if name not in available_timezones():
        file.note("zone", _("“%(zone)s” is not a time zone; write it like Asia/Seoul.", zone=name[:60]))
        return zone
    return ZoneInfo(name)
