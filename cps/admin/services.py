"""Founding a city: the smallest set of rows with which residents can complain and somebody answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import available_timezones

from babel import Locale
from babel.numbers import get_territory_currencies

from cps.core import audit, city, i18n
from cps.core.db import db
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.i18n import lazy_gettext as _l
from cps.core.models import City
from cps.departments import services as departments
from cps.departments.rules import TimeUnit
from cps.departments.specs import CategorySpec, DepartmentSpec, Stretch
from cps.departments.specs import check_texts as check_name

OFFICE, OFFICE_NAME = "citizen-office", _l("Citizen office")
ANYTHING, ANYTHING_NAME = "something-else", _l("Something else")
ANSWERED_IN = 5
WEEK = tuple(Stretch(day, time(9), time(18)) for day in range(5))


@dataclass(frozen=True, slots=True)
class NewCity:
    """What must be known to found a city; the first language is the city's own."""

    name: dict[str, str]
    zone: str
    country: str
    languages: Sequence[str]
    emergency_phone: str
    phone: str = ""
    currency: str = ""
    accent: str = ""


def check_city(new: NewCity) -> None:
    """Raise RuleViolation with what to mend."""
    check_name(new.name, what=_("City"))
    if new.zone not in available_timezones():
        raise RuleViolation(_("“%(zone)s” is not a time zone; write it like Asia/Seoul.", zone=new.zone[:60]))
    if new.country not in Locale("en").territories or len(new.country) != 2:
        raise RuleViolation(
            _("“%(code)s” is not a country code; write two capital letters, like KR.", code=new.country[:20])
        )
    known = [code for code in i18n.OWN_NAMES if code not in i18n.PSEUDO]
    unknown = [language for language in new.languages if language not in known]
    if unknown or not new.languages:
        raise RuleViolation(
            _("“%(code)s” is not a language of this program; it has %(known)s.",
              code=", ".join(unknown), known=", ".join(known))
        )  # fmt: skip
    if not any(character.isdigit() for character in new.emergency_phone):
        raise RuleViolation(_("Give the number to call when somebody is in danger, such as 112."))


def found_city(new: NewCity, *, at: datetime) -> City:
    """Make the city's row; raises RuleViolation where there is a city already or a fact is wrong."""
    if city.find() is not None:
        raise RuleViolation(_("This installation has a city already."))
    check_city(new)
    row = City(
        name=new.name,
        zone=new.zone,
        country=new.country,
        languages=list(new.languages),
        default_language=new.languages[0],
        currency=new.currency or (get_territory_currencies(new.country) or ["XXX"])[0],
        accent=new.accent,
        phone=new.phone,
        emergency_phone=new.emergency_phone,
    )
    db.session.add(row)
    db.session.flush()
    audit.record("found-city", about=("city", 1), by=None, at=at)
    return row


def furnish(languages: Sequence[str], *, at: datetime) -> None:
    """Give a new city a working week, an office that reads everything, and one category for it."""
    departments.save_opening_hours(WEEK, by=None, at=at)
    departments.save_department(
        DepartmentSpec(OFFICE, _in_each(languages, OFFICE_NAME), is_triage=True), by=None, at=at
    )
    departments.save_category(
        CategorySpec(
            ANYTHING, _in_each(languages, ANYTHING_NAME), OFFICE, ANSWERED_IN, TimeUnit.WORKING_DAYS
        ),
        by=None,
        at=at,
    )


def _in_each(languages: Sequence[str], text: object) -> dict[str, str]:
    """Return a lazy text of the program in each language."""
    names = {}
    for language in languages:
        i18n.use_language(language)
        names[language] = str(text)
    i18n.use_language("en")
    return names
