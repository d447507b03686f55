"""What a city says of itself: plain values that check themselves; no database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cps.core import i18n
from cps.core.colours import HEX
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
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
