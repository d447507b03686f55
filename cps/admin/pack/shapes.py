"""What a pack holds, as plain values; no database."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from cps.departments.specs import CategorySpec, DepartmentSpec, Stretch, TemplateSpec
from cps.wards.rules import WardSpec

FORMAT, VERSION = "cps-city-pack", 1
LISTS = ("wards", "departments", "categories", "templates")
SECTIONS = ("city", "wards", "departments", "categories", "calendar", "templates")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

CITY_FACTS = (
    *("name", "zone", "country", "languages", "default_language", "currency", "accent", "phone"),
    *("emergency_phone", "welcome", "danger_words", "settings"),
)
FACE = ("texts", "logo")
"""What the city shows besides its facts: its own words by page, and its crest as base64 of a picture."""

FOUNDING = CITY_FACTS[: CITY_FACTS.index("welcome")]
"""What is asked when a city is founded; the rest is brought in afterwards."""

OWN_SETTINGS = frozenset({"demo", "sms", "suggestions"})
"""Settings that one installation keeps about itself: they go into no pack, and none changes them.

What may be spent on text messages is not for whoever wrote a file to say.
"""


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack that was checked; a section that it does not have is empty, and the city keeps its own.

    `city` has the columns of the city's row that the pack gives, `holidays` the names by day, `yearly` those
    of every year by month and day. `remarks` say what was left out.
    """

    city: Mapping[str, Any] = field(default_factory=dict)
    wards: Sequence[WardSpec] = ()
    departments: Sequence[DepartmentSpec] = ()
    categories: Sequence[CategorySpec] = ()
    hours: Sequence[Stretch] = ()
    holidays: Mapping[date, Mapping[str, str]] = field(default_factory=dict)
    yearly: Mapping[tuple[int, int], Mapping[str, str]] = field(default_factory=dict)
    templates: Sequence[TemplateSpec] = ()
    remarks: Sequence[str] = ()

    def only(self, sections: Collection[str]) -> "Pack":
        """Return the pack with these of its sections."""
        kept = self if "calendar" in sections else replace(self, hours=(), holidays={}, yearly={})
        kept = kept if "city" in sections else replace(kept, city={}, remarks=())
        return replace(
            kept,
            wards=kept.wards if "wards" in sections else (),
            departments=kept.departments if "departments" in sections else (),
            categories=kept.categories if "categories" in sections else (),
            templates=kept.templates if "templates" in sections else (),
        )

    def without_facts(self, names: Collection[str]) -> "Pack":
        """Return the pack without these facts of the city."""
        return replace(self, city={name: value for name, value in self.city.items() if name not in names})
