"""Sending a message again that did not arrive. Flushes and never commits."""

from datetime import datetime

from cps.core import audit
from cps.core.db import db
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.notifications.failed import queries
from cps.notifications.failed.queries import Table


def send_again(table: Table, key: int, *, by: int, at: datetime) -> None:
    """Let a message leave at once that was given up or waits for its next try; the audit keeps who did it.

    Raises RuleViolation where it has left meanwhile, or is a code, which is of no use any more.
    """
    row = queries.lock_undelivered(table, key)
    if row is None:
        raise RuleViolation(_("This message cannot be sent again. It has left, or it was a code."))
    row.failed_at, row.lease_until, row.attempts, row.run_at = None, None, 0, at
    audit.record("send-message-again", about=(table.__tablename__, key), by=by, at=at)
    db.session.flush()
