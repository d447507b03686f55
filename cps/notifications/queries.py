"""Reads for messages: whom to tell, what waits, what the demo's mailbox shows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, or_, select
from sqlalchemy import case as sql_case
from sqlalchemy.orm import InstrumentedAttribute, contains_eager, joinedload

from cps.accounts.models import Account, RoleGrant
from cps.accounts.rules import AccountState, Role
from cps.cases.models import Case, CaseContact, CaseEvent, Follow
from cps.core import leases
from cps.core.db import db
from cps.core.models import LimitWindow
from cps.core.phone import is_phone
from cps.core.sms_budget import DAY, SETTING
from cps.departments.models import Department
from cps.notifications import links
from cps.notifications.models import Message, SmsDay, TextMessage, Told
from cps.polls.models import Poll, PollWatch, TreeHead
from cps.proposals.models import Proposal

MAILBOX_SIZE = 200
NEWS = "event:%"
"""Pattern of the dedupe keys of news of cases."""

Filed = Select[Case, CaseContact, Account]

_HAS_MAIL = and_(Account.email_verified_at.is_not(None), Account.email != "")
_HAS_PHONE = and_(Account.phone_verified_at.is_not(None), Account.phone != "")
ADDRESS = sql_case((_HAS_MAIL, Account.email), else_=Account.phone)
"""The proven address of mail of an account, else its proven number, as a column."""

CAN_BE_TOLD = (Account.state == AccountState.ACTIVE, or_(_HAS_MAIL, _HAS_PHONE))
_CAN_BE_MAILED = (Account.state == AccountState.ACTIVE, _HAS_MAIL)


@dataclass(frozen=True, slots=True)
class Recipient:
    """One person to write to: address, wished language, and the account where there is one.

    The address is one of mail, or the number of who has none. `case_id` is the case that they reported.
    """

    address: str
    language: str
    account_id: int | None = None
    case_id: int | None = None


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


def proposal_and_department(case_id: int) -> tuple[Proposal, Department] | None:
    """Return a proposal with its case, and the department that has it."""
    found = select(Proposal, Department).join(Proposal.case).options(contains_eager(Proposal.case))
    found = found.join(Department, Department.id == Case.department_id).where(Case.id == case_id)
    row = db.session.execute(found).one_or_none()
    return (row[0], row[1]) if row else None


def department_of(department_id: int) -> Department | None:
    """Return a department."""
    return db.session.get(Department, department_id)


def reporters_of(case_ids: Sequence[int]) -> list[Reporter]:
    """Return who filed these cases, those that a moderator hid left out."""
    return _reporters(_filed().where(Case.id.in_(case_ids), Case.is_hidden.is_(False)))


def reporters_joined_to(case_ids: Sequence[int]) -> list[Reporter]:
    """Return who filed the cases that were joined to these, or to one that was."""
    joined = select(Case.id).where(Case.joined_to_id.in_(case_ids)).cte("joined", recursive=True)
    further = joined.union(select(Case.id).where(Case.joined_to_id == joined.c.id))
    return _reporters(_filed().where(Case.id.in_(select(further.c.id)), Case.is_hidden.is_(False)))


def reporters_of_joined(case_id: int) -> list[Reporter]:
    """Return who filed the cases that were joined to this one."""
    return reporters_joined_to([case_id])


def _filed() -> Filed:
    return (
        select(Case, CaseContact, Account)
        .outerjoin(CaseContact, CaseContact.case_id == Case.id)
        .outerjoin(Account, and_(Account.id == Case.reporter_id, *CAN_BE_TOLD))
        .options(joinedload(Case.department))
        .order_by(Case.id)
    )


def _reporters(statement: Filed) -> list[Reporter]:
    found = []
    for case, contact, account in db.session.execute(statement).unique():
        address = _address_of(contact, account)
        if not address:
            continue
        language = (contact.language if contact else "") or (account.language if account else "")
        recipient = Recipient(address, language, account.id if account else None, case.id)
        found.append(Reporter(case, recipient, contact.secret_hash if contact else ""))
    return found


def _address_of(contact: CaseContact | None, account: Account | None) -> str:
    """Return the address of mail of a reporter, else the number that takes text messages, else ""."""
    if contact is not None and contact.email:
        return contact.email
    own = address_of(account) if account is not None else ""
    if own and not is_phone(own):
        return own
    if contact is None or contact.sms_stopped_at is not None:
        return ""
    return contact.phone if is_phone(contact.phone) else own


def address_of(account: Account) -> str:
    """Return the proven address of mail of an account, else its proven number, else ""."""
    if account.email and account.email_verified_at is not None:
        return account.email
    return account.phone if account.phone_verified_at is not None else ""


def followers(case_id: int, *, but: Collection[int], after: int, limit: int) -> list[Recipient]:
    """Return up to `limit` followers of a case with accounts above `after`, without the accounts `but`."""
    rows = db.session.execute(
        select(ADDRESS, Account.language, Account.id)
        .join(Follow, Follow.account_id == Account.id)
        .where(Follow.case_id == case_id, Account.id > after, Account.id.not_in(but), *CAN_BE_TOLD)
        .order_by(Account.id)
        .limit(limit)
    )
    return [Recipient(*row) for row in rows]


def account_of(account_id: int) -> Account | None:
    """Return an account."""
    return db.session.get(Account, account_id)


def recipients(account_ids: Sequence[int]) -> list[Recipient]:
    """Return those of these accounts that can be told."""
    found = db.session.scalars(select(Account).where(Account.id.in_(account_ids), *CAN_BE_TOLD))
    return [Recipient(address_of(one), one.language, one.id) for one in found]


def mailed(account_ids: Sequence[int]) -> list[Recipient]:
    """Return those of these accounts that have a proven address of mail."""
    found = db.session.execute(
        select(Account.email, Account.language, Account.id)
        .where(Account.id.in_(account_ids), *_CAN_BE_MAILED)
        .order_by(Account.id)
    )
    return [Recipient(email, language, key) for email, language, key in found]


def count_sent(table: type[Message] | type[TextMessage], *, before: datetime) -> int:
    """Return how many messages of a kind were sent before a moment."""
    return db.session.scalar(select(func.count()).where(table.done_at < before)) or 0


def administrators() -> list[Recipient]:
    """Return who looks after the city and has an address of mail."""
    rows = db.session.execute(
        select(Account.email, Account.language, Account.id)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(RoleGrant.role == Role.ADMINISTRATOR, *_CAN_BE_MAILED)
        .order_by(Account.id)
    )
    return [Recipient(*row) for row in rows]


def head_of(poll_id: int, batch: int) -> tuple[Poll, TreeHead] | None:
    """Return a poll and one of its signed heads."""
    poll, head = db.session.get(Poll, poll_id), db.session.get(TreeHead, (poll_id, batch))
    return (poll, head) if poll is not None and head is not None else None


def watchers(poll_id: int) -> list[Recipient]:
    """Return who wants every head of a poll by mail; these are a few witnesses, not the voters."""
    rows = db.session.execute(
        select(Account.email, Account.language, Account.id)
        .join(PollWatch, PollWatch.account_id == Account.id)
        .where(PollWatch.poll_id == poll_id, *_CAN_BE_MAILED)
        .order_by(Account.id)
    )
    return [Recipient(email, language, account_id) for email, language, account_id in rows]


def case_and_account(case_id: int, account_id: int) -> tuple[Case, Account] | None:
    """Return both, or None where one of them is gone."""
    case, account = db.session.get(Case, case_id), db.session.get(Account, account_id)
    return (case, account) if case is not None and account is not None else None


def case_of(case_id: int) -> Case | None:
    """Return a case."""
    return db.session.get(Case, case_id)


def case_address(case_id: int, *, to_reporter: bool) -> str:
    """Return the address of a case's page; for its reporter the one that opens it to them."""
    case, contact = db.session.get_one(Case, case_id), db.session.get(CaseContact, case_id)
    own = links.reporter_link(case, contact.secret_hash) if to_reporter and contact is not None else None
    return own or links.case_link(case)


def texts_are_stopped(case_id: int, account_id: int | None) -> bool:
    """Return whether no more text messages about a case go to its reporter, or to a follower."""
    if account_id is not None:
        return db.session.get(Follow, (case_id, account_id)) is None
    contact = db.session.get(CaseContact, case_id)
    return contact is None or contact.sms_stopped_at is not None


def messages(keys: Sequence[int]) -> Sequence[Message]:
    """Return these messages, in the order of the keys."""
    found = {m.id: m for m in db.session.scalars(select(Message).where(Message.id.in_(keys)))}
    return [found[key] for key in keys if key in found]


def message(key: int) -> Message | None:
    """Return one message."""
    return db.session.get(Message, key)


def of_hidden_cases(table: type[Message] | type[TextMessage], keys: Sequence[int]) -> Sequence[int]:
    """Return those of these waiting messages with news of a case that its reader may not see any more.

    What a moderator hid nobody is told of; of what became private only its reporter.
    """
    others = and_(
        Case.is_private.is_(True), table.account_id.is_not(None), table.account_id != Case.reporter_id
    )
    return db.session.scalars(
        select(table.id)
        .join(Case, Case.id == table.case_id)
        .where(table.id.in_(keys), table.dedupe_key.like(NEWS), or_(Case.is_hidden.is_(True), others))
    ).all()


def is_any_due(at: datetime) -> bool:
    """Return whether a message waits whose time has come."""
    due = exists().where(Message.done_at.is_(None), Message.failed_at.is_(None), Message.run_at <= at)
    return bool(db.session.scalar(select(due)))


def counts(at: datetime) -> leases.Counts:
    """Count the messages that wait, are late, or were laid aside."""
    return leases.counts(Message, at=at)


@dataclass(frozen=True, slots=True)
class Delivered:
    """One message in the demo's mailbox; `is_text` says that it was for a phone."""

    id: int
    is_text: bool
    address: str
    language: str
    subject: str
    body: str
    at: datetime


def sms_days(since: date) -> Sequence[SmsDay]:
    """Return what text messages came to on each day from one on."""
    return db.session.scalars(select(SmsDay).where(SmsDay.day >= since)).all()


def sms_windows(now: datetime) -> dict[tuple[str, datetime], int]:
    """Return how much of the budgets of text messages is used: by bucket and beginning of the window."""
    counted = select(LimitWindow).where(
        LimitWindow.bucket.startswith(f"{SETTING}-"), LimitWindow.window_start > now - 2 * DAY
    )
    return {(row.bucket, row.window_start): row.count for row in db.session.scalars(counted)}


def mailbox(words: str = "") -> Sequence[Delivered]:
    """Return the newest delivered messages with these words, mails and text messages; without bodies."""
    mails = select(
        Message.id, Message.address, Message.language, Message.subject, Message.done_at.label("at")
    ).where(Message.done_at.is_not(None), Message.address != "")
    texts = select(
        TextMessage.id,
        TextMessage.phone,
        TextMessage.language,
        TextMessage.text,
        TextMessage.done_at.label("at"),
    ).where(TextMessage.done_at.is_not(None), TextMessage.phone != "")
    if words:
        mails = mails.where(_has(words, Message.address, Message.subject))
        texts = texts.where(_has(words, TextMessage.phone, TextMessage.text))
    found = [
        Delivered(row.id, is_text, row[1], row.language, row[3], "", row.at)
        for is_text, statement, key in ((False, mails, Message.id), (True, texts, TextMessage.id))
        for row in db.session.execute(statement.order_by(key.desc()).limit(MAILBOX_SIZE))
    ]
    return sorted(found, key=lambda one: (one.at, one.id), reverse=True)[:MAILBOX_SIZE]


def _has(words: str, *columns: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    return or_(*(column.icontains(words, autoescape=True) for column in columns))


def delivered_text(key: int) -> Delivered | None:
    """Return one text message of the demo's mailbox."""
    found = db.session.get(TextMessage, key)
    if found is None or found.done_at is None or not found.phone:
        return None
    return Delivered(found.id, True, found.phone, found.language, "", found.text, found.done_at)


def delivered(message_id: int) -> Message | None:
    """Return one delivered message."""
    found = select(Message).where(Message.id == message_id, Message.done_at.is_not(None))
    return db.session.scalars(found).one_or_none()


def text_message(key: int) -> TextMessage | None:
    """Return one text message, read anew."""
    return db.session.get(TextMessage, key, populate_existing=True)


def text_counts(at: datetime) -> leases.Counts:
    """Count the text messages that wait, are late, or were laid aside."""
    return leases.counts(TextMessage, at=at)


def old_told(*, before: datetime, limit: int) -> Sequence[Row[int, str]]:
    """Return (account, fact) of up to `limit` things that were told before a moment."""
    return db.session.execute(
        select(Told.account_id, Told.about).where(Told.told_at < before).limit(limit)
    ).all()


def count_old_told(*, before: datetime) -> int:
    """Return how many things were told before a moment."""
    return db.session.scalar(select(func.count()).select_from(Told).where(Told.told_at < before)) or 0
