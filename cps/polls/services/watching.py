"""Who wants every signed head by mail, to show later that the city told one history."""

from datetime import datetime

from sqlalchemy import delete

from cps.accounts.models import Account
from cps.core.db import db
from cps.polls.models import Poll, PollWatch


def watch(poll: Poll, *, by: Account, at: datetime) -> None:
    """Send every further head to an account; asked again, nothing changes."""
    if db.session.get(PollWatch, (poll.id, by.id)) is None:
        db.session.add(PollWatch(poll_id=poll.id, account_id=by.id, at=at))
        db.session.flush()


def unwatch(poll: Poll, *, by: Account) -> None:
    """Send no further head."""
    db.session.execute(delete(PollWatch).where(PollWatch.poll_id == poll.id, PollWatch.account_id == by.id))
