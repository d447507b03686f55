"""Who has a case open: written at most once a minute for each of them, cleared after an hour."""

from datetime import datetime

from sqlalchemy import delete

from cps.core.db import db
from cps.core.upsert import insert_into
from cps.triage.work.models import CasePresence
from cps.triage.work.rules import PRESENCE_KEPT, WRITTEN_AGAIN


def come(case_id: int, account_id: int, *, at: datetime) -> None:
    """Note that somebody has a case open."""
    row = {"case_id": case_id, "account_id": account_id, "seen_at": at}
    written = insert_into(CasePresence).values(row)
    db.session.execute(
        written.on_conflict_do_update(
            index_elements=["case_id", "account_id"],
            set_={"seen_at": at},
            where=CasePresence.seen_at < at - WRITTEN_AGAIN,
        )
    )


def leave_old(at: datetime) -> None:
    """Forget who had a case open more than an hour ago."""
    old = CasePresence.seen_at < at - PRESENCE_KEPT
    db.session.execute(delete(CasePresence).where(old).execution_options(synchronize_session=False))
