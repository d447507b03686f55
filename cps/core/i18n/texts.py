"""Texts of the program, from catalogs with English as the source, and translatable data of the city.

Two pseudo-languages make untranslated or too narrow places visible in demo and test: `pseudo` lengthens
and accents every text, `pseudo-rtl` also runs from right to left.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import flask_babel
from flask_babel.speaklater import LazyString
from markupsafe import Markup, escape

from cps.core.i18n.formats import in_order, number
from cps.core.i18n.languages import OWN_NAMES, PSEUDO, current_language, direction, locale_of, of_context

TRANSLATIONS = Path(__file__).parents[2] / "translations"

_ACCENTS = str.maketrans("aceinosuyAEIOUCN", "àçéîñöšüýÀÉÎÖÜÇÑ")
_KEEP = re.compile(r"(%\(\w+\)[sd]|%%|<[^>]+>|&\w+;)")


def gettext(text: str, **values: Any) -> str:
    """Translate a text of the program; `%(name)s` places are filled with `values`."""
    return _fill(_translated(current_language(), text), values)


def gettext_in(language: str, text: str) -> str:
    """Translate a text of the program into a language that need not be the page's: English where unknown."""
    return _translated(language if language in OWN_NAMES else "en", text)


def ngettext(singular: str, plural: str, num: int, **values: Any) -> str:
    """Translate a text that depends on a number, given as `num`."""
    translated = _translated_plural(current_language(), singular, plural, num)
    return _fill(translated, {"num": number(num), **values})


def unfilled(singular: str, plural: str, num: int) -> str:
    """Translate a text that depends on a number and leave its places for the caller to fill."""
    return _translated_plural(current_language(), singular, plural, num)


def lazy_gettext(text: str, **values: Any) -> Any:
    """Translate when the text is shown: for forms and tables that are made at import."""
    return LazyString(gettext, text, **values)


def localized(texts: Mapping[str, str] | None, language: str | None = None) -> str:
    """Return the text of translatable data in the language, else the city's, else English, else any."""
    if not texts:
        return ""
    wanted = language or current_language()
    if text := texts.get(wanted):
        return text
    for code in (of_context("default_language", "en"), "en"):
        if text := texts.get(code):
            return _pseudo(wanted, text)
    return next((text for text in texts.values() if text), "")


def for_templates(text: str, **values: Any) -> Markup:
    """Translate a text of a template, which may hold markup; values are escaped."""
    translated = _translated(current_language(), text)
    return _markup(translated) if not values else _filled_markup(translated, values)


def plural_for_templates(singular: str, plural: str, num: int, **values: Any) -> Markup:
    """Do the same with a text that depends on a number."""
    code = current_language()
    translated = _translated_plural(code, singular, plural, num)
    return _filled_markup(translated, {"num": number(num), **values})


def _filled_markup(translated: str, values: Mapping[str, Any]) -> Markup:
    safe = {name: escape(value) for name, value in _in_order(values).items()}
    return Markup(translated % safe)  # noqa: S704


@lru_cache(maxsize=20_000)
def _translated(code: str, text: str) -> str:
    with flask_babel.force_locale(locale_of(code)):
        return _pseudo(code, str(flask_babel.get_translations().ugettext(text)))


@lru_cache(maxsize=20_000)
def _translated_plural(code: str, singular: str, plural: str, num: int) -> str:
    with flask_babel.force_locale(locale_of(code)):
        return _pseudo(code, str(flask_babel.get_translations().ungettext(singular, plural, num)))


@lru_cache(maxsize=20_000)
def _markup(translated: str) -> Markup:
    return Markup(translated)  # noqa: S704 - texts of the program are marked up by us


def _fill(text: str, values: Mapping[str, Any]) -> str:
    return text % _in_order(values) if values else text


def _in_order(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Mark groups of digits, so that they keep their order in a text that runs from right to left."""
    if direction(current_language()) == "ltr":
        return values
    return {name: in_order(value) if isinstance(value, str) else value for name, value in values.items()}


def _pseudo(code: str, text: str) -> str:
    if code not in PSEUDO:
        return text
    parts = [part if _KEEP.fullmatch(part) else part.translate(_ACCENTS) for part in _KEEP.split(text)]
    longer = " ".join("~" * min(6, left) for left in range(len(text) // 3, 0, -6))  # words, not one long one
    return f"[{''.join(parts)} {longer}]"
