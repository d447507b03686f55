"""Changing what the city says itself."""

from collections.abc import Mapping
from datetime import datetime

from cps.admin.models import CityText
from cps.admin.townhall.rules import OwnPage, check_words
from cps.core import audit
from cps.core.db import db


def change_words(page: OwnPage, texts: Mapping[str, str], *, by: int | None, at: datetime) -> bool:
    """Change what the city says on a page, the city's row locked; False where nothing differs.

    The audit row keeps old and new texts of those languages that changed. Raises RuleViolation.
    """
    check_words(page, texts)
    row = db.session.get(CityText, page.value)
    before, after = (row.texts if row else {}), {code: text for code, text in texts.items() if text}
    differ = [code for code in {**before, **after} if before.get(code) != after.get(code)]
    if not differ:
        return False
    if row is None:
        db.session.add(CityText(page=page.value, texts=after))
    else:
        row.texts = after
    told = [{code: side[code] for code in differ if code in side} for side in (before, after)]
    audit.record("change-words", about=("city-text", page.value), by=by, at=at, changes={"words": told})
    db.session.flush()
    return True
