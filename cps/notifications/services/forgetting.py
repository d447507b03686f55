"""Messages to somebody who deletes their account: those that wait do not leave, and none stays."""

from sqlalchemy import delete, or_

from cps.accounts.partings import Parting
from cps.core.db import db
from cps.notices.models import NoticeFollow
from cps.notifications.models import Message, TextMessage
from cps.polls.models import PollWatch


def forget_messages(parting: Parting) -> None:
    """Delete every message to an account or to one of its addresses, and what it wanted to hear of."""
    own, addresses = parting.account_id, list(parting.addresses)
    for statement in (
        delete(Message).where(or_(Message.account_id == own, Message.address.in_(addresses))),
        delete(TextMessage).where(or_(TextMessage.account_id == own, TextMessage.phone.in_(addresses))),
        delete(NoticeFollow).where(NoticeFollow.account_id == own),
        delete(PollWatch).where(PollWatch.account_id == own),
    ):
        db.session.execute(statement.execution_options(synchronize_session=False))
