"""What becomes of messages once they are written, and of the follow they came from."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, update

from cps.accounts import queries as accounts
from cps.cases import services as cases
from cps.core import leases
from cps.core.db import db
from cps.core.upsert import insert_into
from cps.notifications import links, queries
from cps.notifications.links import address_tag
from cps.notifications.models import BouncedAddress, Message, TextMessage

SENT_KEPT = timedelta(days=90)
BLANKED = ("address", "subject", "body_text", "body_html", "unsubscribe_url", "in_reply_to")


def put_into_mailbox(at: datetime) -> int:
    """Deliver what is due into the demo's mailbox, where it stays to be read; returns how many."""
    result = db.session.execute(
        update(Message)
        .where(Message.done_at.is_(None), Message.failed_at.is_(None), Message.run_at <= at)
        .values(done_at=at)
        .execution_options(synchronize_session=False)
    )
    return int(getattr(result, "rowcount", 0))


def mark_sent(key: int, owner: str, *, at: datetime) -> None:
    """Mark a message as sent and blank what it said and to whom, if this worker's lease still holds."""
    db.session.execute(
        update(Message)
        .where(Message.id == key, Message.lease_owner == owner, Message.done_at.is_(None))
        .values(done_at=at, **dict.fromkeys(BLANKED, ""))
        .execution_options(synchronize_session=False)
    )


def drop(table: type[Message] | type[TextMessage], keys: Sequence[int]) -> None:
    """Delete messages that shall not leave."""
    gone = delete(table).where(table.id.in_(keys))
    db.session.execute(gone.execution_options(synchronize_session=False))


def note_bounce(key: int, *, at: datetime) -> None:
    """Note of a message that its server refused for good that its account is to be asked for its address."""
    message = queries.message(key)
    if message is None or message.account_id is None:
        return
    note_bounced(message.account_id, message.address, at=at)


def note_late_bounce(address: str, message_ids: Collection[str], *, at: datetime) -> bool:
    """Note that mail to the account of an address comes back, where one of these is a mail that it was sent.

    Who forges a report would have to have that mail. Returns whether it is so.
    """
    account = accounts.account_by_email(address)
    tags = {one.strip("<> ").partition("@")[0] for one in message_ids}
    if account is None or tags.isdisjoint(map(links.message_tag, queries.sent_to(account.id))):
        return False
    note_bounced(account.id, address, at=at)
    return True


def note_bounced(account_id: int, address: str, *, at: datetime) -> None:
    """Note that an account is to be asked for its address: mail to it, at the one it has, comes back."""
    account = queries.account_of(account_id)
    if account is None or account.email.casefold() != address.casefold():
        return
    values = {"account_id": account.id, "tag": address_tag(account.email), "at": at}
    noted = insert_into(BouncedAddress).values(values)
    db.session.execute(noted.on_conflict_do_update(index_elements=["account_id"], set_=values))


def stop_following(case_id: int, account_id: int) -> None:
    """End a follow, as its messages offer; already ended is fine."""
    found = queries.case_and_account(case_id, account_id)
    if found is not None:
        cases.unfollow(found[0], by=found[1])


def forget_old(at: datetime) -> None:
    """Forget that messages were sent, some months later, and lay aside what kills every worker."""
    leases.lay_aside_vanished(Message, at)
    leases.forget_done(Message, at - SENT_KEPT)


def count_old(at: datetime) -> int:
    """Return how many messages were sent so long ago that they are to be forgotten."""
    return queries.count_sent(Message, before=at - SENT_KEPT)
