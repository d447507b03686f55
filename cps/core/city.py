"""The city of this installation, as a plain value that pages and services read."""

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from cps.core.db import db
from cps.core.errors import ConfigurationError
from cps.core.known import Known
from cps.core.models import City


@dataclass(frozen=True, slots=True)
class CityFacts:
    """What the city row says; `name` and `welcome` are `{language: text}`."""

    name: dict[str, str]
    zone: ZoneInfo
    country: str
    languages: list[str]
    default_language: str
    currency: str
    accent: str
    phone: str
    emergency_phone: str
    welcome: dict[str, str]
    danger_words: dict[str, list[str]]
    settings: dict[str, Any]
    logo: str
    logo_next: str
    version: int


def find() -> CityFacts | None:
    """Return the city, or None before `cps init` or `cps demo` made one."""
    return _known.get()


def _read() -> CityFacts | None:
    row = db.session.get(City, 1)
    if row is None:
        return None
    return CityFacts(
        name=row.name,
        zone=ZoneInfo(row.zone),
        country=row.country,
        languages=row.languages,
        default_language=row.default_language,
        currency=row.currency,
        accent=row.accent,
        phone=row.phone,
        emergency_phone=row.emergency_phone,
        welcome=row.welcome,
        danger_words=row.danger_words,
        settings=row.settings,
        logo=row.logo,
        logo_next=row.logo_next,
        version=row.version,
    )


_known = Known(_read, City)


def get() -> CityFacts:
    """Return the city; raises ConfigurationError when none has been made."""
    city = find()
    if city is None:
        raise ConfigurationError(
            "This installation has no city yet. Run `cps init` (or `cps demo` to try it)."
        )
    return city


def lock() -> City:
    """Return the city's row, loaded anew and locked: whoever else locks it in a write transaction waits."""
    return db.session.get_one(City, 1, populate_existing=True, with_for_update=True)
