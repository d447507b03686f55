"""Changing the facts of the city."""

from datetime import datetime

from cps.admin.townhall.specs import CitySpec
from cps.core import audit, changes
from cps.core.db import db
from cps.core.models import City
from cps.departments.specs import besides


def change_city(row: City, spec: CitySpec, *, by: int, at: datetime) -> bool:
    """Change the city's row, locked; False where nothing differs. Raises RuleViolation.

    A language that is no longer offered keeps its texts, for the day it is offered again.
    """
    spec.check()
    values = {
        "name": {**besides(row.name, spec.languages), **spec.name},
        "welcome": {**besides(row.welcome, spec.languages), **spec.welcome},
        "languages": list(spec.languages),
        "default_language": spec.default_language,
        "phone": spec.phone,
        "emergency_phone": spec.emergency_phone,
        "accent": spec.accent,
        "danger_words": {
            **besides(row.danger_words, spec.languages),
            **{code: list(words) for code, words in spec.danger_words.items()},
        },
    }
    found = changes.apply(row, values)
    if found:
        audit.record("change-city", about=("city", 1), by=by, at=at, changes=found)
        db.session.flush()
    return bool(found)
