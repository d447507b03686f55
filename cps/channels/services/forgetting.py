"""What came in is forgotten: words and senders some months later, or with whoever wrote them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, update

from cps.accounts.partings import Parting
from cps.channels import queries
from cps.channels.models import ChatContact, ChatMessage, IncomingMessage, IncomingPart
from cps.channels.rules import KEPT, KNOWN_FOR
from cps.channels.tags import sender_tag
from cps.core import leases
from cps.core.backup import media_of
from cps.core.backup.hooks import PlainRow
from cps.core.db import db
from cps.core.many import change_rows
from cps.core.stale_files import delete_once_committed

AT_ONCE = 500


@media_of(IncomingMessage)
def files_of_message(row: PlainRow) -> list[str]:
    """Return under which key the whole mail is stored, for backups."""
    return [row["original_key"]] if row["original_key"] else []


def forget_old(at: datetime) -> bool:
    """Blank words and senders of old messages, delete their mails; returns whether more may wait.

    That a message came is known for longer, so that it is not taken anew.
    """
    old = queries.stale_messages(before=at - KEPT, limit=AT_ONCE)
    _blank(old)
    for statement in (
        delete(IncomingMessage).where(IncomingMessage.entered_at < at - KNOWN_FOR),
        delete(IncomingPart).where(IncomingPart.entered_at < at - KEPT, IncomingPart.message_id.is_not(None)),
    ):
        change_rows(statement)
    leases.lay_aside_vanished(ChatMessage, at)
    leases.forget_done(ChatMessage, at - KEPT)
    return len(old) == AT_ONCE


def count_old(at: datetime) -> int:
    """Return of how many messages words and sender are to be forgotten."""
    return queries.count_stale(before=at - KEPT)


def forget_cases(case_ids: Sequence[int]) -> None:
    """Forget what led to the reporters of these cases."""
    _blank(queries.messages_of(case_ids=case_ids))
    change_rows(delete(ChatContact).where(ChatContact.case_id.in_(case_ids)))
    change_rows(update(ChatMessage).where(ChatMessage.case_id.in_(case_ids)).values(address="", text=""))


def forget_sender(parting: Parting) -> list[str]:
    """Forget what somebody wrote who deletes their account; returns the mails to delete afterwards."""
    tags = [sender_tag(address) for address in parting.addresses]
    change_rows(update(IncomingPart).where(IncomingPart.sender_tag.in_(tags)).values(sender="", text=""))
    return _emptied(queries.messages_of(sender_tags=tags))


def _blank(rows: Sequence[IncomingMessage]) -> None:
    delete_once_committed(_emptied(rows))


def _emptied(rows: Sequence[IncomingMessage]) -> list[str]:
    """Blank messages; returns the keys of their mails."""
    keys = [row.original_key for row in rows if row.original_key]
    for row in rows:
        row.sender = row.subject = row.text = row.thread_id = row.original_key = row.sender_tag = ""
        row.left_out = []
    db.session.flush()
    return keys
