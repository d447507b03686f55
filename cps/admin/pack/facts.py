"""The city's own facts in a pack; no database."""

import re
from math import isfinite
from typing import Any
from zoneinfo import available_timezones

from babel import Locale

from cps.admin.pack.face import read_face
from cps.admin.pack.shapes import CITY_FACTS, FACE
from cps.core import i18n, text
from cps.core.document import Part
from cps.core.i18n import gettext as _
from cps.departments.specs import check_texts

_ACCENT = re.compile(r"(?:#[0-9a-fA-F]{6})?")
_CURRENCY = re.compile(r"[A-Z]{3}")
LONGEST_PHONE = 40


def read_facts(part: Part) -> tuple[dict[str, Any], list[str]]:
    """Return the columns of the city's row and the parts of `FACE` that the pack gives, and remarks."""
    part.only(*CITY_FACTS, *FACE)
    given = {name: read(part) for name, read in _READERS.items() if part.has(name)}
    given |= {name: found for name in FACE if part.has(name) and (found := read_face(name, part))}
    remarks = []
    if "languages" in given:
        wanted = given["languages"]
        given["languages"] = [one for one in wanted if one in i18n.OWN_NAMES and one not in i18n.PSEUDO]
        if left := [one for one in wanted if one not in given["languages"]]:
            remarks.append(_("This program does not speak %(codes)s yet.", codes=", ".join(left)))
        if not given["languages"]:
            part.note("languages", _("This program speaks none of these languages."))
        elif given.get("default_language") not in given["languages"]:
            given["default_language"] = given["languages"][0]
    elif given.get("default_language", "en") not in i18n.OWN_NAMES:
        part.note("default_language", _("This program speaks none of these languages."))
    return given, remarks


def _name(part: Part) -> dict[str, str]:
    name = part.texts("name")
    with part.noting():
        check_texts(name, what=_("City"))
    return name


def _zone(part: Part) -> str:
    zone = part.line("zone")
    if zone not in available_timezones():
        part.note("zone", _("“%(zone)s” is not a time zone; write it like Asia/Seoul.", zone=zone[:60]))
    return zone


def _country(part: Part) -> str:
    code = part.line("country")
    if len(code) != 2 or code not in Locale("en").territories:
        part.note("country", _("“%(code)s” is not a country code; write two capital letters, like KR.",
                               code=code[:20]))  # fmt: skip
    return code


def _currency(part: Part) -> str:
    code = part.line("currency")
    if not _CURRENCY.fullmatch(code):
        part.note("currency", _("This must be three capital letters, such as KRW."))
    return code


def _accent(part: Part) -> str:
    colour = part.line("accent")
    if not _ACCENT.fullmatch(colour):
        part.note("accent", _("This must be a colour such as #0b5cad."))
    return colour


def _settings(part: Part) -> dict[str, Any]:
    given = part.part("settings").value.items()
    try:
        return {text.one_line(key): _cleaned(value) for key, value in given}
    except RecursionError:
        part.note("settings", _("it is nested too deep"))
    except ValueError as error:
        part.note("settings", _("%(constant)s is no number", constant=error))
    return {}


def _cleaned(value: Any) -> Any:
    """Return a value of JSON with every text in it clean; raises ValueError for a number too large."""
    if isinstance(value, dict):
        return {text.one_line(key): _cleaned(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_cleaned(one) for one in value]
    if isinstance(value, float) and not isfinite(value):
        raise ValueError(value)
    return text.clean(value) if isinstance(value, str) else value


_READERS = {
    "name": _name,
    "zone": _zone,
    "country": _country,
    "languages": lambda part: part.lines("languages"),
    "default_language": lambda part: part.line("default_language"),
    "currency": _currency,
    "accent": _accent,
    "phone": lambda part: part.line("phone", longest=LONGEST_PHONE),
    "emergency_phone": lambda part: part.line("emergency_phone", longest=LONGEST_PHONE),
    "welcome": lambda part: part.texts("welcome"),
    "danger_words": lambda part: part.lists("danger_words"),
    "settings": _settings,
}
