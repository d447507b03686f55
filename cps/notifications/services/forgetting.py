"""Messages to somebody who is forgotten: those that wait do not leave, and none stays."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, tuple_

from cps.accounts.partings import Parting
from cps.core.many import change_rows
from cps.notices.models import NoticeFollow
from cps.notifications import queries
from cps.notifications.models import BouncedAddress, Message, MessageWish, TextMessage, Told
from cps.notifications.rules import OF_REPORTERS
from cps.polls.models import PollWatch

TOLD_KEPT = timedelta(days=90)
FORGOTTEN_AT_ONCE = 2_000


def forget_messages(parting: Parting) -> None:
    """Delete every message to an account or to one of its addresses, and what it wanted to hear of."""
    own, addresses = parting.account_id, list(parting.addresses)
    for statement in (
        delete(Message).where(or_(Message.account_id == own, Message.address.in_(addresses))),
        delete(TextMessage).where(or_(TextMessage.account_id == own, TextMessage.phone.in_(addresses))),
        delete(NoticeFollow).where(NoticeFollow.account_id == own),
        delete(PollWatch).where(PollWatch.account_id == own),
        *(delete(table).where(table.account_id == own) for table in (Told, MessageWish, BouncedAddress)),
    ):
        change_rows(statement)


def forget_messages_to_reporters(case_ids: Sequence[int]) -> None:
    """Delete what was written to the addresses and numbers that were left with these cases, or told of them.

    Such a message names no account: whoever left the address may have had none, or not yet proven it.
    """
    for table in (Message, TextMessage):
        change_rows(delete(table).where(table.case_id.in_(case_ids), table.account_id.is_(None)))
    change_rows(delete(Told).where(Told.case_id.in_(case_ids), Told.topic.in_(OF_REPORTERS)))


def forget_old_told(at: datetime) -> bool:
    """Forget some of what people were told long ago; True while there is more."""
    old = queries.old_told(before=at - TOLD_KEPT, limit=FORGOTTEN_AT_ONCE)
    if old:
        change_rows(delete(Told).where(tuple_(Told.account_id, Told.about).in_([tuple(row) for row in old])))
    return len(old) == FORGOTTEN_AT_ONCE


def count_old_told(at: datetime) -> int:
    """Return how much was told so long ago that it is to be forgotten."""
    return queries.count_old_told(before=at - TOLD_KEPT)
