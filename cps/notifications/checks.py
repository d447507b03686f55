"""What `cps doctor` looks for among messages."""

from datetime import datetime

from cps.core import leases
from cps.core.doctor import check, told_work
from cps.core.leases import Counts
from cps.notifications.models import Message


@check("messages")
def _messages(at: datetime) -> str:
    found = leases.counts(Message, at=at)
    waiting = told_work(Message, at, Counts(found.waiting, found.late, failed=0))
    return waiting if not found.failed else f"{found.waiting} waiting, {found.failed} could not be delivered"
