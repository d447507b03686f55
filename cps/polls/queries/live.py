"""What an open poll shows of its counts, with the head that they go with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select

from cps.core.db import db
from cps.polls.models import LiveCount, TreeHead


@dataclass(frozen=True, slots=True)
class SoFar:
    """Counts of all batches up to one, and what its signed head says: who waits, who has voted, and when.

    In a ranking `counts` are first choices.
    """

    batch: int
    size: int
    blank: int
    counts: Mapping[str, int]
    pending: int
    roll: int
    at: datetime


def so_far(poll_id: int) -> SoFar | None:
    """Return the counts that a poll shows while it is open; None where it shows none, or none any more."""
    head = and_(TreeHead.poll_id == LiveCount.poll_id, TreeHead.batch_no == LiveCount.batch_no)
    wanted = select(
        LiveCount.batch_no,
        LiveCount.size,
        LiveCount.blank,
        LiveCount.counts,
        TreeHead.pending,
        TreeHead.roll_size,
        TreeHead.signed_at,
    ).join(TreeHead, head)
    row = db.session.execute(wanted.where(LiveCount.poll_id == poll_id)).one_or_none()
    return None if row is None else SoFar(*row)


def lock_live_count(poll_id: int) -> LiveCount | None:
    """Return the row of these counts, loaded anew and locked for the running write transaction."""
    return db.session.get(LiveCount, poll_id, with_for_update=True, populate_existing=True)
