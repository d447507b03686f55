"""Which languages there are, which one is spoken now, and who reads which."""

from collections.abc import Collection
from functools import lru_cache

import flask_babel
from babel import Locale
from flask import g, request
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from cps.core.text import detect_language

OWN_NAMES = {
    "en": "English",
    "ko": "한국어",
    "id": "Bahasa Indonesia",
    "fil": "Filipino",
    "vi": "Tiếng Việt",
    "es": "Español",
    "fr": "Français",
    "ar": "العربية",
    "pseudo": "[Pšéüdø]",
    "pseudo-rtl": "[Pšéüdø ⇄]",
}
PSEUDO = ("pseudo", "pseudo-rtl")
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "pseudo-rtl"})
LANGUAGE_COOKIE = "lang"
STAFF_LANGUAGES = frozenset({"en", "ko", *PSEUDO})
"""Languages of the pages for staff; those for residents are in every language that has translations."""


def available(languages: list[str], *, with_pseudo: bool) -> list[str]:
    """Return the languages a visitor can choose from."""
    return [*languages, *(PSEUDO if with_pseudo else ())]


def current_language() -> str:
    """Return the language code of this request; English outside of one."""
    return of_context("language", "en")


def use_language(code: str) -> None:
    """Fix the language of the running context, for mails and commands too."""
    g.language = code
    flask_babel.refresh()


def direction(code: str) -> str:
    """Return `rtl` or `ltr`."""
    return "rtl" if code in RIGHT_TO_LEFT else "ltr"


def for_staff(code: str, default: str) -> str:
    """Return the language of a page for staff: the one wanted, else the city's, else English."""
    return next((one for one in (code, default) if one in STAFF_LANGUAGES), "en")


def html_language(code: str) -> str:
    """Return the value of a `lang` attribute; pseudo-languages are marked-up English."""
    return "en" if code in PSEUDO else code


def language_of(words: str, candidates: Collection[str] = OWN_NAMES.keys()) -> str:
    """Return the language of what somebody wrote: told by its script, else the one of their page."""
    return detect_language(words, candidates) or html_language(current_language())


def choose_language(choices: list[str], default: str) -> str:
    """Return the language of this visitor: the cookie's, else the browser's best, else the city's."""
    cookie = request.cookies.get(LANGUAGE_COOKIE, "")
    if cookie in choices:
        return cookie
    offered = tuple(code for code in choices if code not in PSEUDO)
    return _best_offered(request.headers.get("Accept-Language", ""), offered) or default


@lru_cache(maxsize=1_000)
def _best_offered(accepted: str, offered: tuple[str, ...]) -> str:
    known = {code.lower(): code for code in offered}
    for wanted, quality in parse_accept_header(accepted, LanguageAccept):  # the best first
        code = known.get(wanted.lower()) or known.get(wanted.partition("-")[0].lower())  # ko-KR takes ko
        if code and quality > 0:
            return code
    return ""


@lru_cache(maxsize=100)
def locale_of(code: str) -> Locale:
    """Return the locale data (CLDR) of a language."""
    return Locale.parse(html_language(code).replace("-", "_"))


def of_context(name: str, default: str) -> str:
    """Return what `g` says, by the shortest way: a page asks hundreds of times."""
    try:
        here = g._get_current_object()  # noqa: SLF001 - documented by Werkzeug
    except RuntimeError:
        return default
    value: str = here.get(name, default)
    return value
