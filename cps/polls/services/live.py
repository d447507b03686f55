"""Counts of a poll that shows them while it is open: what is public of its whole batches, and nothing else.

The row stands from the opening to the close. Each batch raises it in the transaction that takes the batch, so
that it is never ahead of the ledger or behind it.
"""

from sqlalchemy import delete

from cps.core.db import db
from cps.polls import queries, tally
from cps.polls.models import LiveCount, Poll
from cps.polls.rules import ResultsWhen
from cps.polls.specification import Specification


def begin(poll: Poll, specification: Specification) -> None:
    """Begin the counts of a poll that opens, where it shows any; all are nought before the first batch."""
    if specification.results is ResultsWhen.LIVE:
        nought = dict.fromkeys(specification.codes, 0)
        db.session.add(LiveCount(poll_id=poll.id, batch_no=0, size=0, blank=0, counts=nought))


def add(poll_id: int, counted: tally.Result, *, batch_no: int) -> None:
    """Add what one batch holds; nothing where the counts have ended.

    Where a batch before it is missing, as an older program beside this one leaves it out, they end: a sum of
    two batches with one head would belong to neither.
    """
    row = queries.lock_live_count(poll_id)
    if row is None:
        return
    if row.batch_no + 1 != batch_no:
        end(poll_id)
        return
    row.batch_no = batch_no
    row.size += counted.ballots
    row.blank += counted.blank
    row.counts = {code: votes + counted.counts[code] for code, votes in row.counts.items()}
    db.session.flush()


def end(poll_id: int) -> None:
    """Show no counts any more until there is a result; for good."""
    db.session.execute(delete(LiveCount).where(LiveCount.poll_id == poll_id))
