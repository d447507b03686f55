"""Changing what the city says of itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cps.core import audit, changes, i18n
from cps.core.colours import HEX
from cps.core.db import db
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.models import City
from cps.departments.specs import check_texts

Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CitySpec:
    """What can be changed of a city; zone, country and currency are fixed when it is founded."""

    name: Texts
    welcome: Texts
    languages: Sequence[str]
    default_language: str
    phone: str
    emergency_phone: str
    accent: str
    danger_words: Mapping[str, Sequence[str]]

    def check(self) -> None:
        """Raise RuleViolation with what to mend."""
        check_texts(self.name, what=_("City"))
        if self.default_language not in self.languages:
            raise RuleViolation(_("The city’s own language must be one of its languages."))
        if not self.name.get(self.default_language):
            raise RuleViolation(_("Give the city a name in its own language."))
        if not set(self.languages) <= set(spoken()):
            raise RuleViolation(_("This program speaks none of these languages."))
        if not any(sign.isdigit() for sign in self.emergency_phone):
            raise RuleViolation(_("Give the number to call when somebody is in danger, such as 112."))
        if self.accent and not HEX.fullmatch(self.accent):
            raise RuleViolation(_("This must be a colour such as #0b5cad."))


def spoken() -> list[str]:
    """Return the languages of this program that a city can offer."""
    return [code for code in i18n.OWN_NAMES if code not in i18n.PSEUDO]


def lock_city() -> City:
    """Return the city's row, loaded anew and locked for the running write transaction."""
    return db.session.get_one(City, 1, populate_existing=True, with_for_update=True)


def change_city(row: City, spec: CitySpec, *, by: int, at: datetime) -> bool:
    """Change the city's row, locked; False where nothing differs. Raises RuleViolation.

    A language that is no longer offered keeps its texts, for the day it is offered again.
    """
    spec.check()
    values = {
        "name": {**_others(row.name, spec), **spec.name},
        "welcome": {**_others(row.welcome, spec), **spec.welcome},
        "languages": list(spec.languages),
        "default_language": spec.default_language,
        "phone": spec.phone,
        "emergency_phone": spec.emergency_phone,
        "accent": spec.accent,
        "danger_words": {
            **_others(row.danger_words, spec),
            **{code: list(words) for code, words in spec.danger_words.items()},
        },
    }
    found = changes.apply(row, values)
    if found:
        audit.record("change-city", about=("city", 1), by=by, at=at, changes=found)
        db.session.flush()
    return bool(found)


def _others(texts: Mapping[str, object], spec: CitySpec) -> dict[str, object]:
    return {code: text for code, text in texts.items() if code not in spec.languages}
