"""What a supervisor found at a closed case of the sample."""

from datetime import date, datetime

from cps.accounts.models import Account
from cps.cases.models import Case
from cps.core import audit
from cps.core.db import db
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.upsert import insert_into
from cps.triage.work.models import ClosedCheck


def check(case: Case, week: date, *, is_good: bool, note: str, by: Account, at: datetime) -> bool:
    """Keep what was found; False where somebody checked this case for this week before.

    Raises RuleViolation where something was not good and nobody says what.
    """
    if not is_good and not note.strip():
        raise RuleViolation(_("Say what was not good."))
    key = {"week": week.isoformat(), "case_id": case.id}
    row = {**key, "is_good": is_good, "note": note, "by_id": by.id, "at": at}
    kept = insert_into(ClosedCheck).values(row).on_conflict_do_nothing().returning(ClosedCheck.case_id)
    if db.session.execute(kept).first() is None:
        return False
    about, found = ("case", case.reference), {"is_good": [None, is_good]}
    audit.record("check-closed-case", about=about, by=by.id, at=at, changes=found)
    return True
