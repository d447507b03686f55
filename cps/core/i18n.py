"""Languages: texts of the program, translated data of the city, dates and numbers.

Two pseudo-languages make untranslated or too narrow places visible in demo and test: `pseudo` lengthens
and accents every text, `pseudo-rtl` also runs from right to left.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import flask_babel
from babel import Locale
from babel.dates import format_date, format_datetime, format_time, format_timedelta
from babel.numbers import format_decimal, format_percent
from flask import Flask, g, has_request_context, request
from flask_babel import Babel
from flask_babel.speaklater import LazyString
from markupsafe import Markup, escape

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

_ACCENTS = str.maketrans("aceinosuyAEIOUCN", "àçéîñöšüýÀÉÎÖÜÇÑ")
_KEEP = re.compile(r"(%\(\w+\)[sd]|%%|<[^>]+>|&\w+;)")
_babel = Babel()


def available(languages: list[str], *, with_pseudo: bool) -> list[str]:
    """Return the languages a visitor can choose from."""
    return [*languages, *(PSEUDO if with_pseudo else ())]


def current_language() -> str:
    """Return the language code of this request; English outside of one."""
    return getattr(g, "language", "en") if has_request_context() or _has_forced() else "en"


def use_language(code: str) -> None:
    """Fix the language of the running context, for mails and commands too."""
    g.language = code
    flask_babel.refresh()


def direction(code: str) -> str:
    """Return `rtl` or `ltr`."""
    return "rtl" if code in RIGHT_TO_LEFT else "ltr"


def html_language(code: str) -> str:
    """Return the value of a `lang` attribute; pseudo-languages are marked-up English."""
    return "en" if code in PSEUDO else code


def gettext(text: str, **values: Any) -> str:
    """Translate a text of the program; `%(name)s` places are filled with `values`."""
    return _fill(_pseudo(_catalog_get(text)), values)


def ngettext(singular: str, plural: str, num: int, **values: Any) -> str:
    """Translate a text that depends on a number, given as `num`."""
    translated = flask_babel.get_translations().ungettext(singular, plural, num)
    return _fill(_pseudo(translated), {"num": number(num), **values})


def unfilled(singular: str, plural: str, num: int) -> str:
    """Translate a text that depends on a number and leave its places for the caller to fill."""
    return _pseudo(flask_babel.get_translations().ungettext(singular, plural, num))


def lazy_gettext(text: str, **values: Any) -> Any:
    """Translate when the text is shown: for forms and tables that are made at import."""
    return LazyString(gettext, text, **values)


_ = gettext
_l = lazy_gettext


def localized(texts: Mapping[str, str] | None, language: str | None = None) -> str:
    """Return the text of translatable data in the language, else the city's, else English, else any."""
    if not texts:
        return ""
    wanted = language or current_language()
    default = getattr(g, "default_language", "en") if _has_forced() else "en"
    for code in (wanted, default, "en"):
        if texts.get(code):
            text = texts[code]
            return _pseudo(text) if wanted in PSEUDO and code != wanted else text
    return next((text for text in texts.values() if text), "")


def zone() -> ZoneInfo:
    """Return the time zone of the city."""
    return ZoneInfo(getattr(g, "zone", "UTC") if _has_forced() else "UTC")


def long_date(at: datetime) -> str:
    """Return a date with its weekday, written out, in the city's zone: Friday 27 November."""
    pattern = {"en": "EEEE d MMMM", "ko": "M월 d일 EEEE"}.get(_locale().language)
    local = at.astimezone(zone())
    if pattern is None or local.year != _this_year():
        return format_date(local, "full", locale=_locale())
    return format_date(local, pattern, locale=_locale())


def short_date(at: datetime) -> str:
    """Return a date in medium length, in the city's zone."""
    return format_date(at.astimezone(zone()), "medium", locale=_locale())


def date_time(at: datetime) -> str:
    """Return a date with its time of day, in the city's zone."""
    local = at.astimezone(zone())
    return f"{long_date(at)}, {format_time(local, 'short', locale=_locale())}"


def stamp(at: datetime) -> str:
    """Return a compact date and time for tables, in the city's zone."""
    return format_datetime(at.astimezone(zone()), "short", locale=_locale())


def ago(at: datetime, now: datetime) -> str:
    """Return the distance of two moments in words: 3 days ago, in 2 hours."""
    return format_timedelta(at - now, add_direction=True, locale=_locale(), threshold=1)


def number(value: float) -> str:
    """Return a number as the language writes it."""
    return format_decimal(value, locale=_locale())


def percent(value: float) -> str:
    """Return a share of one as a percentage."""
    return format_percent(value, locale=_locale())


def init_app(app: Flask) -> None:
    """Install translations into the application and its templates."""
    _babel.init_app(app, locale_selector=lambda: str(_locale()), timezone_selector=lambda: str(zone()))
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(gettext=gettext, ngettext=ngettext, newstyle=False)  # type: ignore[attr-defined]
    app.jinja_env.globals.update(_=_for_templates, gettext=_for_templates, ngettext=_plural_for_templates)
    app.jinja_env.filters.update(
        localized=localized,
        long_date=long_date,
        short_date=short_date,
        date_time=date_time,
        stamp=stamp,
        number=number,
        percent=percent,
    )


def _for_templates(text: str, **values: Any) -> Markup:
    return (
        Markup(gettext(text)) % {k: escape(v) for k, v in values.items()} if values else Markup(gettext(text))
    )


def _plural_for_templates(singular: str, plural: str, num: int, **values: Any) -> Markup:
    translated = _pseudo(flask_babel.get_translations().ungettext(singular, plural, num))
    return Markup(translated) % {"num": number(num), **{k: escape(v) for k, v in values.items()}}


def _catalog_get(text: str) -> str:
    return str(flask_babel.get_translations().ugettext(text))


def _fill(text: str, values: Mapping[str, Any]) -> str:
    return text % values if values else text


def _pseudo(text: str) -> str:
    if current_language() not in PSEUDO:
        return text
    parts = [part if _KEEP.fullmatch(part) else part.translate(_ACCENTS) for part in _KEEP.split(text)]
    return f"[{''.join(parts)}{'~' * (len(text) // 3)}]"


def _locale() -> Locale:
    code = current_language()
    return Locale.parse(html_language(code).replace("-", "_"))


def _this_year() -> int:
    from cps.core import clock

    return clock.now().astimezone(zone()).year


def _has_forced() -> bool:
    return bool(g)


def choose_language(choices: list[str], default: str) -> str:
    """Return the language of this visitor: the cookie's, else the browser's best, else the city's."""
    cookie = request.cookies.get(LANGUAGE_COOKIE, "")
    if cookie in choices:
        return cookie
    offered = {code.lower(): code for code in choices if code not in PSEUDO}
    for wanted, quality in request.accept_languages:  # the best first; ko-KR is happy with ko
        code = offered.get(wanted.lower()) or offered.get(wanted.partition("-")[0].lower())
        if code and quality > 0:
            return code
    return default
