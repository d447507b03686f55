"""Changing what the city says of itself."""

from collections.abc import Mapping
from datetime import datetime

from cps.admin.townhall.specs import CitySpec
from cps.core import audit, changes
from cps.core.db import db
from cps.core.models import City


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
