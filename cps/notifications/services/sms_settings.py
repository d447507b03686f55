"""What a city chose for its text messages, kept among the settings of its row."""

from datetime import datetime
from typing import Any

from cps.core import audit
from cps.core.city import lock as lock_city
from cps.core.db import db
from cps.core.sms_budget import SETTING


def set_sms_settings(chosen: dict[str, Any], *, by: int, at: datetime) -> None:
    """Keep countries, price and budgets; the audit says what was and what is."""
    row = lock_city()
    before = row.settings.get(SETTING)
    if before == chosen:
        return
    row.settings = {**row.settings, SETTING: chosen}
    audit.record("set-sms", about=("city", 1), by=by, at=at, changes={SETTING: [before, chosen]})
    db.session.flush()
