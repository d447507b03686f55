"""Messages to somebody who is forgotten: those that wait do not leave, and none stays."""

from collections.abc import Sequence

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


def forget_messages_to_reporters(case_ids: Sequence[int]) -> None:
    """Delete what was written to the addresses and numbers that were left with these cases.

    Such a message names no account: whoever left the address may have had none, or not yet proven it.
    """
    for table in (Message, TextMessage):
        of_cases = delete(table).where(table.case_id.in_(case_ids), table.account_id.is_(None))
        db.session.execute(of_cases.execution_options(synchronize_session=False))
