"""Who has a case open."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, bindparam, func, select

from cps.accounts.models import Account
from cps.core.db import db
from cps.triage.work.models import CasePresence
from cps.triage.work.rules import IS_HERE, PRESENCE_KEPT

# Asked on every page of a case, so it is built once.
_THERE = (
    select(CasePresence.account_id, CasePresence.seen_at, Account.display_name)
    .join(Account, Account.id == CasePresence.account_id)
    .where(CasePresence.case_id == bindparam("case_id"), CasePresence.seen_at > bindparam("since"))
    .order_by(CasePresence.seen_at.desc())
)


def who_is_there(case_id: int, *, at: datetime) -> Sequence[Row[int, datetime, str]]:
    """Return (account_id, seen_at, display_name) of everybody who had the case open a moment ago."""
    return db.session.execute(_THERE, {"case_id": case_id, "since": at - IS_HERE}).all()


def count_old_presence(at: datetime) -> int:
    """Return how many rows are older than they are kept."""
    old = select(func.count()).select_from(CasePresence).where(CasePresence.seen_at < at - PRESENCE_KEPT)
    return db.session.scalar(old) or 0
