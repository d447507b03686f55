"""Languages: texts of the program, translated data of the city, dates and numbers.

Two pseudo-languages make untranslated or too narrow places visible in demo and test: `pseudo` lengthens
and accents every text, `pseudo-rtl` also runs from right to left.

A page says hundreds of texts, numbers and dates, mostly the same as the page before: each is worked out once
for a language and then remembered, in functions that depend on nothing but their arguments.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import flask_babel
from babel import Locale
from babel.dates import format_date, format_skeleton, format_time, format_timedelta
from babel.localedata import locale_identifiers
from babel.numbers import format_compact_decimal, format_currency, format_decimal, format_percent
from flask import Flask, g, request
from flask_babel import Babel
from flask_babel.speaklater import LazyString
from markupsafe import Markup, escape
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

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
LONG_DATES = {
    "en": "EEEE d MMMM",
    "ko": "M월 d일 EEEE",
    "id": "EEEE, d MMMM",
    "fil": "EEEE, MMMM d",
    "vi": "EEEE, d MMMM",
    "es": "EEEE, d 'de' MMMM",
    "fr": "EEEE d MMMM",
    "ar": "EEEE، d MMMM",
}
"""A day of this year with its weekday, which the locale data has only in short."""
WITH_YEAR = {"en": "EEEE d MMMM y"}
SHORT_DATES = {"en": "d MMM y"}
"""Of another year, and short: where the language's own form has another order than the one above."""
_TIMES = {"ko": "aaaa h:mm"}
"""Where the short form of the day's halves is not the language's own."""
UNITS = (31_536_000, 2_592_000, 604_800, 86_400, 3_600, 60)
"""Seconds of a year, a month, a week, a day, an hour, a minute."""

TRANSLATIONS = Path(__file__).parent.parent / "translations"

_ACCENTS = str.maketrans("aceinosuyAEIOUCN", "àçéîñöšüýÀÉÎÖÜÇÑ")
_OWN_DIGITS = frozenset({"ar"})
"""Languages that write other digits than 0 to 9 in some countries."""
_ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_KEEP = re.compile(r"(%\(\w+\)[sd]|%%|<[^>]+>|&\w+;)")
_babel = Babel()


def available(languages: list[str], *, with_pseudo: bool) -> list[str]:
    """Return the languages a visitor can choose from."""
    return [*languages, *(PSEUDO if with_pseudo else ())]


def current_language() -> str:
    """Return the language code of this request; English outside of one."""
    return _of_context("language", "en")


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


def gettext(text: str, **values: Any) -> str:
    """Translate a text of the program; `%(name)s` places are filled with `values`."""
    return _fill(_translated(current_language(), text), values)


def gettext_in(language: str, text: str) -> str:
    """Translate a text of the program into a language that need not be the page's: English where unknown."""
    return _translated(language if language in OWN_NAMES else "en", text)


def ngettext(singular: str, plural: str, num: int, **values: Any) -> str:
    """Translate a text that depends on a number, given as `num`."""
    code = current_language()
    return _translated_plural(code, singular, plural, num) % {
        "num": _number(code, num, _digits(code)),
        **values,
    }


def unfilled(singular: str, plural: str, num: int) -> str:
    """Translate a text that depends on a number and leave its places for the caller to fill."""
    return _translated_plural(current_language(), singular, plural, num)


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
    if text := texts.get(wanted):
        return text
    for code in (_of_context("default_language", "en"), "en"):
        if text := texts.get(code):
            return _pseudo(wanted, text)
    return next((text for text in texts.values() if text), "")


def zone() -> ZoneInfo:
    """Return the time zone of the city."""
    return ZoneInfo(_of_context("zone", "UTC"))


def long_date(at: datetime) -> str:
    """Return a date with its weekday, written out, in the city's zone: Friday 27 November."""
    return _in_digits(_long_date(current_language(), at.astimezone(zone()).date(), _this_year()))


def short_date(at: datetime) -> str:
    """Return a date in medium length, in the city's zone."""
    return _in_digits(_short_date(current_language(), at.astimezone(zone()).date()))


def month_and_year(day: date) -> str:
    """Return the month of a day with its year: October 2026."""
    return _in_digits(_month_and_year(current_language(), day.year, day.month))


def date_time(at: datetime) -> str:
    """Return a date with its time of day, in the city's zone."""
    return f"{long_date(at)}, {_time_of_day(at.astimezone(zone()))}"


def dated(at: datetime) -> str:
    """Return the same with its year, this year's too: for papers that are kept."""
    local = at.astimezone(zone())
    return f"{_long_date(current_language(), local.date(), 0)}, {_time_of_day(local)}"


def hour(of_day: int) -> str:
    """Return a whole hour of the day, 0 to 23, as clocks show it."""
    return _minute(current_language(), time(of_day))


def stamp(at: datetime) -> str:
    """Return a compact date and time for tables, in the city's zone."""
    local = at.astimezone(zone())
    return f"{short_date(at)} {_time_of_day(local)}"


def ago(at: datetime, now: datetime) -> str:
    """Return the distance of two moments in words: 3 days ago, in 2 hours."""
    seconds = int((at - now).total_seconds()) or -1  # this very second is past, not "in 0 seconds"
    unit = next((size for size in UNITS if abs(seconds) >= size), 1)
    return _in_digits(_distance(current_language(), round(seconds / unit) * unit))


def number(value: float) -> str:
    """Return a number as the language writes it."""
    return _number(current_language(), value, _digits(current_language()))


def compact(value: int) -> str:
    """Return a number in few letters, as the language does: 37, 1.2K."""
    code = current_language()
    return _in_digits(
        format_compact_decimal(value, fraction_digits=int(value < 10_000), locale=_locale(code))
    )


def percent(value: float) -> str:
    """Return a share of one as a percentage."""
    code = current_language()
    return _in_digits(format_percent(value, locale=_locale(code), numbering_system=_digits(code)))


def exact_money(amount: float, currency: str) -> str:
    """Return an amount with as many decimals as its currency has."""
    code = current_language()
    written = format_currency(amount, currency, locale=_locale(code), numbering_system=_digits(code))
    return _in_digits(written)


def money(amount: int, currency: str) -> str:
    """Return whole units of a currency (ISO 4217) as the language writes them."""
    code = current_language()
    return _money(code, amount, currency, _digits(code))


def init_app(app: Flask) -> None:
    """Install translations into the application and its templates."""
    _babel.init_app(
        app,
        locale_selector=lambda: str(_locale(current_language())),
        timezone_selector=lambda: str(zone()),
    )
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(gettext=gettext, ngettext=ngettext, newstyle=False)  # type: ignore[attr-defined]
    app.jinja_env.globals.update(_=_for_templates, gettext=_for_templates, ngettext=_plural_for_templates)
    app.jinja_env.filters.update(
        localized=localized,
        long_date=long_date,
        short_date=short_date,
        date_time=date_time,
        hour=hour,
        stamp=stamp,
        number=number,
        percent=percent,
        money=money,
    )


def prepare() -> None:
    """Load the dates and numbers of every language that has translations, which takes a while."""
    for code in {"en", *(folder.parent.name for folder in TRANSLATIONS.glob("*/LC_MESSAGES"))}:
        _long_date(code, date(2000, 1, 1), 2000)
        _distance(code, 3600)
        _number(code, 1, "latn")


def _for_templates(text: str, **values: Any) -> Markup:
    translated = _translated(current_language(), text)
    return _markup(translated) if not values else _filled_markup(translated, values)


def _plural_for_templates(singular: str, plural: str, num: int, **values: Any) -> Markup:
    code = current_language()
    translated = _translated_plural(code, singular, plural, num)
    return _filled_markup(translated, {"num": number(num), **values})


def _filled_markup(translated: str, values: Mapping[str, Any]) -> Markup:
    return Markup(translated % {name: escape(value) for name, value in values.items()})  # noqa: S704


def _of_context(name: str, default: str) -> str:
    """Return what `g` says, by the shortest way: a page asks hundreds of times."""
    try:
        here = g._get_current_object()  # noqa: SLF001 - documented by Werkzeug
    except RuntimeError:
        return default
    value: str = here.get(name, default)
    return value


@lru_cache(maxsize=20_000)
def _translated(code: str, text: str) -> str:
    with flask_babel.force_locale(_locale(code)):
        return _pseudo(code, str(flask_babel.get_translations().ugettext(text)))


@lru_cache(maxsize=20_000)
def _translated_plural(code: str, singular: str, plural: str, num: int) -> str:
    with flask_babel.force_locale(_locale(code)):
        return _pseudo(code, str(flask_babel.get_translations().ungettext(singular, plural, num)))


@lru_cache(maxsize=20_000)
def _markup(translated: str) -> Markup:
    return Markup(translated)  # noqa: S704 - texts of the program are marked up by us


def _fill(text: str, values: Mapping[str, Any]) -> str:
    return text % values if values else text


def _pseudo(code: str, text: str) -> str:
    if code not in PSEUDO:
        return text
    parts = [part if _KEEP.fullmatch(part) else part.translate(_ACCENTS) for part in _KEEP.split(text)]
    longer = " ".join("~" * min(6, left) for left in range(len(text) // 3, 0, -6))  # words, not one long one
    return f"[{''.join(parts)} {longer}]"


@lru_cache(maxsize=100)
def _locale(code: str) -> Locale:
    return Locale.parse(html_language(code).replace("-", "_"))


@lru_cache(maxsize=2_000)
def _long_date(code: str, day: date, this_year: int) -> str:
    locale = _locale(code)
    patterns = LONG_DATES if day.year == this_year else WITH_YEAR
    return format_date(day, patterns.get(locale.language, "full"), locale=locale)


@lru_cache(maxsize=2_000)
def _short_date(code: str, day: date) -> str:
    locale = _locale(code)
    return format_date(day, SHORT_DATES.get(locale.language, "medium"), locale=locale)


@lru_cache(maxsize=2_000)
def _month_and_year(code: str, year: int, month: int) -> str:
    return str(format_skeleton("yMMMM", date(year, month, 1), locale=_locale(code)))


@lru_cache(maxsize=3_000)
def _minute(code: str, minute: time) -> str:
    return format_time(minute, _TIMES.get(_locale(code).language, "short"), locale=_locale(code))


@lru_cache(maxsize=2_000)
def _distance(code: str, seconds: int) -> str:
    return format_timedelta(timedelta(seconds=seconds), add_direction=True, locale=_locale(code), threshold=1)


@lru_cache(maxsize=5_000, typed=True)
def _number(code: str, value: float, digits: str) -> str:
    return _written(format_decimal(value, locale=_locale(code), numbering_system=digits), digits)


@lru_cache(maxsize=2_000)
def _money(code: str, amount: int, currency: str, digits: str) -> str:
    locale = _locale(code)
    whole = locale.currency_formats["standard"].pattern.replace(".00", "")
    written = format_currency(
        amount, currency, whole, locale=locale, currency_digits=False, numbering_system=digits
    )
    return _written(written, digits)


def _digits(code: str) -> str:
    """Return the numbering system (CLDR) of a language in the city's country: `latn` or `arab`."""
    return _system(code, _of_context("country", "")) if code in _OWN_DIGITS else "latn"


@lru_cache(maxsize=100)
def _system(code: str, country: str) -> str:
    known = country and f"{code}_{country}" in locale_identifiers()
    return Locale.parse(f"{code}_{country}" if known else code).default_numbering_system


def _in_digits(text: str) -> str:
    """Return what the locale data write with 0 to 9 in the digits of the language in the city's country."""
    return _written(text, _digits(current_language()))


def _written(text: str, digits: str) -> str:
    return text.translate(_ARABIC_DIGITS) if digits == "arab" else text


def _time_of_day(local: datetime) -> str:
    return _in_digits(_minute(current_language(), time(local.hour, local.minute)))


def _this_year() -> int:
    from cps.core import clock

    return clock.now().astimezone(zone()).year


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
