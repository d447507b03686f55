"""What administrators choose for the clock."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import update

from cps.cases.models import Case
from cps.cases.rules.clock import BOUNDS, SETTING, ClockSettings
from cps.core import audit
from cps.core.city import lock as lock_city
from cps.core.db import db
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _


def set_clock_settings(chosen: ClockSettings, *, by: int, at: datetime) -> None:
    """Keep what was chosen; the audit says what was and what is. No due date moves.

    Reminders and the public list follow for all open cases. Raises RuleViolation for a number out of bounds.
    """
    values = asdict(chosen)
    for name, (least, most) in BOUNDS.items():
        if not least <= values[name] <= most:
            raise RuleViolation(_("Choose a number from %(least)s to %(most)s.", least=least, most=most))
    row = lock_city()
    before = row.settings.get(SETTING)
    if before == values:
        return
    row.settings = {**row.settings, SETTING: values}
    audit.record("set-clock", about=("city", 1), by=by, at=at, changes={SETTING: [before, values]})
    db.session.flush()
    running = update(Case).where(Case.closed_at.is_(None), Case.clock_started_at.is_not(None))
    looked_at = running.where(Case.alarm_at.is_not(None)).values(alarm_at=at)
    db.session.execute(looked_at.execution_options(synchronize_session=False))
