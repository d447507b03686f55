"""Dates, numbers, money and lists as a language writes them, in the zone and the digits of the city."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time, format_timedelta
from babel.localedata import locale_identifiers
from babel.numbers import format_compact_decimal, format_currency, format_decimal, format_percent

from cps.core import clock
from cps.core.i18n.languages import current_language, direction, locale_of, of_context

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
COMMAS = {"ar": "، "}
"""Between two parts of one line, where it is not a Latin comma."""
_TIMES = {"ko": "aaaa h:mm"}
"""Where the short form of the day's halves is not the language's own."""
UNITS = (31_536_000, 2_592_000, 604_800, 86_400, 3_600, 60)
"""Seconds of a year, a month, a week, a day, an hour, a minute."""
_OWN_DIGITS = frozenset({"ar"})
"""Languages that write other digits than 0 to 9 in some countries."""
_ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_GROUPS = re.compile(r"\+?\d+(?:[ \u00a0\u2011-]\d+)+")
"""The number of a case or a telephone: after Arabic letters its last group would be shown first."""
_LEFT_TO_RIGHT_MARK = "\u200e"


def zone() -> ZoneInfo:
    """Return the time zone of the city."""
    return ZoneInfo(of_context("zone", "UTC"))


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
    return listed([long_date(at), _time_of_day(at.astimezone(zone()))])


def dated(at: datetime) -> str:
    """Return the same with its year, this year's too: for papers that are kept."""
    local = at.astimezone(zone())
    return listed([_in_digits(_long_date(current_language(), local.date(), 0)), _time_of_day(local)])


def hour(of_day: int) -> str:
    """Return a whole hour of the day, 0 to 23, as clocks show it."""
    return _in_digits(_minute(current_language(), time(of_day)))


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
        format_compact_decimal(value, fraction_digits=int(value < 10_000), locale=locale_of(code))
    )


def percent(value: float) -> str:
    """Return a share of one as a percentage."""
    code = current_language()
    return _in_digits(format_percent(value, locale=locale_of(code), numbering_system=_digits(code)))


def exact_money(amount: float, currency: str) -> str:
    """Return an amount with as many decimals as its currency has."""
    code = current_language()
    written = format_currency(amount, currency, locale=locale_of(code), numbering_system=_digits(code))
    return _in_digits(written)


def money(amount: int, currency: str) -> str:
    """Return whole units of a currency (ISO 4217) as the language writes them."""
    code = current_language()
    return _money(code, amount, currency, _digits(code))


def listed(parts: Iterable[str | None]) -> str:
    """Return the parts that say something on one line, with the language's comma: Mill Lane 4, Harbour."""
    return COMMAS.get(current_language(), ", ").join(part for part in parts if part)


def in_order(text: str) -> str:
    """Return a text; the number of a case or a telephone so that it keeps its order among Arabic words."""
    is_turned = direction(current_language()) == "rtl" and _GROUPS.fullmatch(text)
    return _LEFT_TO_RIGHT_MARK + text if is_turned else text


def load(code: str) -> None:
    """Load the dates and numbers of a language, which takes a while."""
    _long_date(code, date(2000, 1, 1), 2000)
    _distance(code, 3600)
    _number(code, 1, "latn")


@lru_cache(maxsize=2_000)
def _long_date(code: str, day: date, this_year: int) -> str:
    locale = locale_of(code)
    patterns = LONG_DATES if day.year == this_year else WITH_YEAR
    return format_date(day, patterns.get(locale.language, "full"), locale=locale)


@lru_cache(maxsize=2_000)
def _short_date(code: str, day: date) -> str:
    locale = locale_of(code)
    return format_date(day, SHORT_DATES.get(locale.language, "medium"), locale=locale)


@lru_cache(maxsize=2_000)
def _month_and_year(code: str, year: int, month: int) -> str:
    return str(format_skeleton("yMMMM", date(year, month, 1), locale=locale_of(code)))


@lru_cache(maxsize=3_000)
def _minute(code: str, minute: time) -> str:
    return format_time(minute, _TIMES.get(locale_of(code).language, "short"), locale=locale_of(code))


@lru_cache(maxsize=2_000)
def _distance(code: str, seconds: int) -> str:
    return format_timedelta(
        timedelta(seconds=seconds), add_direction=True, locale=locale_of(code), threshold=1
    )


@lru_cache(maxsize=5_000, typed=True)
def _number(code: str, value: float, digits: str) -> str:
    return _written(format_decimal(value, locale=locale_of(code), numbering_system=digits), digits)


@lru_cache(maxsize=2_000)
def _money(code: str, amount: int, currency: str, digits: str) -> str:
    locale = locale_of(code)
    whole = locale.currency_formats["standard"].pattern.replace(".00", "")
    written = format_currency(
        amount, currency, whole, locale=locale, currency_digits=False, numbering_system=digits
    )
    return _written(written, digits)


def _digits(code: str) -> str:
    """Return the numbering system (CLDR) of a language in the city's country: `latn` or `arab`."""
    return _system(code, of_context("country", "")) if code in _OWN_DIGITS else "latn"


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
    return clock.now().astimezone(zone()).year
