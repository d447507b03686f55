"""Reads for messages: whom to tell, what waits, what the demo's mailbox shows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, Select, and_, exists, or_, select
from sqlalchemy.orm import joinedload

from cps.accounts.models import Account
from cps.accounts.rules import AccountState
from cps.cases.models import Case, CaseContact, CaseEvent, Follow
from cps.core import leases
from cps.core.db import db
from cps.notifications.models import Message
from cps.polls.models import Poll, PollWatch, TreeHead

MAILBOX_SIZE = 200

Filed = Select[Case, CaseContact, Account]

_CAN_BE_TOLD = (
    Account.state == AccountState.ACTIVE,
    Account.email_verified_at.is_not(None),
    Account.email != "",
)


@dataclass(frozen=True, slots=True)
class Recipient:
    """One person to write to: address, wished language, and the account where there is one."""

    address: str
    language: str
    account_id: int | None = None


@dataclass(frozen=True, slots=True)
class Reporter:
    """Who filed a case, with the case and the hash of its secret link."""

    case: Case
    recipient: Recipient
    secret_hash: str


def event_with_case(event_id: int) -> CaseEvent | None:
    """Return the event with its case and department; None when it was taken back before it became public."""
    case = joinedload(CaseEvent.case)
    return db.session.scalars(
        select(CaseEvent)
        .where(CaseEvent.id == event_id)
        .options(case.joinedload(Case.department), case.joinedload(Case.joined_to))
    ).one_or_none()


def reporter_of(case_id: int) -> Reporter | None:
    """Return who filed the case, or None when there is no way to reach them."""
    return next(iter(_reporters(_filed().where(Case.id == case_id))), None)


def reporters_of_joined(case_id: int) -> list[Reporter]:
    """Return who filed the cases that were joined to this one."""
    return _reporters(_filed().where(Case.joined_to_id == case_id, Case.is_hidden.is_(False)))


def _filed() -> Filed:
    return (
        select(Case, CaseContact, Account)
        .outerjoin(CaseContact, CaseContact.case_id == Case.id)
        .outerjoin(Account, and_(Account.id == Case.reporter_id, *_CAN_BE_TOLD))
        .options(joinedload(Case.department))
        .order_by(Case.id)
    )


def _reporters(statement: Filed) -> list[Reporter]:
    found = []
    for case, contact, account in db.session.execute(statement).unique():
        address = (contact.email if contact else "") or (account.email if account else "")
        if not address:
            continue
        language = (contact.language if contact else "") or (account.language if account else "")
        recipient = Recipient(address, language, account.id if account else None)
        found.append(Reporter(case, recipient, contact.secret_hash if contact else ""))
    return found


def followers(case_id: int, *, but: Collection[int], after: int, limit: int) -> list[Recipient]:
    """Return up to `limit` followers of a case with accounts above `after`, without the accounts `but`."""
    rows = db.session.execute(
        select(Account.email, Account.language, Account.id)
        .join(Follow, Follow.account_id == Account.id)
        .where(Follow.case_id == case_id, Account.id > after, Account.id.not_in(but), *_CAN_BE_TOLD)
        .order_by(Account.id)
        .limit(limit)
    )
    return [Recipient(email, language, account_id) for email, language, account_id in rows]


def head_of(poll_id: int, batch: int) -> tuple[Poll, TreeHead] | None:
    """Return a poll and one of its signed heads."""
    poll, head = db.session.get(Poll, poll_id), db.session.get(TreeHead, (poll_id, batch))
    return (poll, head) if poll is not None and head is not None else None


def watchers(poll_id: int) -> list[Recipient]:
    """Return who wants every head of a poll by mail; these are a few witnesses, not the voters."""
    rows = db.session.execute(
        select(Account.email, Account.language, Account.id)
        .join(PollWatch, PollWatch.account_id == Account.id)
        .where(PollWatch.poll_id == poll_id, *_CAN_BE_TOLD)
        .order_by(Account.id)
    )
    return [Recipient(email, language, account_id) for email, language, account_id in rows]


def case_and_account(case_id: int, account_id: int) -> tuple[Case, Account] | None:
    """Return both, or None where one of them is gone."""
    case, account = db.session.get(Case, case_id), db.session.get(Account, account_id)
    return (case, account) if case is not None and account is not None else None


def messages(keys: Sequence[int]) -> Sequence[Message]:
    """Return these messages, in the order of the keys."""
    found = {m.id: m for m in db.session.scalars(select(Message).where(Message.id.in_(keys)))}
    return [found[key] for key in keys if key in found]


def is_any_due(at: datetime) -> bool:
    """Return whether a message waits whose time has come."""
    due = exists().where(Message.done_at.is_(None), Message.failed_at.is_(None), Message.run_at <= at)
    return bool(db.session.scalar(select(due)))


def counts(at: datetime) -> leases.Counts:
    """Count the messages that wait, are late, or were laid aside."""
    return leases.counts(Message, at=at)


def mailbox(words: str = "") -> Sequence[Row[int, str, str, str, datetime | None]]:
    """Return the newest delivered messages (id, address, language, subject, when) with these words."""
    statement = select(
        Message.id, Message.address, Message.language, Message.subject, Message.done_at.label("at")
    ).where(Message.done_at.is_not(None))
    if words:
        like = [column.icontains(words, autoescape=True) for column in (Message.address, Message.subject)]
        statement = statement.where(or_(*like))
    return db.session.execute(statement.order_by(Message.id.desc()).limit(MAILBOX_SIZE)).all()


def delivered(message_id: int) -> Message | None:
    """Return one delivered message."""
    found = select(Message).where(Message.id == message_id, Message.done_at.is_not(None))
    return db.session.scalars(found).one_or_none()
