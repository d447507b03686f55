"""Whom messages are written to, and where they reach them: who filed, who follows, who keeps the city."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, and_, or_, select
from sqlalchemy import case as sql_case
from sqlalchemy.orm import joinedload

from cps.accounts.models import Account, RoleGrant
from cps.accounts.rules import AccountState, Role
from cps.cases.models import Case, CaseContact, Follow
from cps.cases.queries import joined_under
from cps.core.db import db
from cps.core.phone import is_phone
from cps.polls.models import PollWatch

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


def reporter_of(case_id: int) -> Reporter | None:
    """Return who filed the case, or None when there is no way to reach them."""
    return next(iter(_reporters(_filed().where(Case.id == case_id))), None)


def reporters_of(case_ids: Sequence[int]) -> list[Reporter]:
    """Return who filed these cases, those that a moderator hid left out."""
    return _reporters(_filed().where(Case.id.in_(case_ids), Case.is_hidden.is_(False)))


def reporters_joined_to(case_ids: Sequence[int]) -> list[Reporter]:
    """Return who filed the cases that were joined to these, or to one that was."""
    joined = joined_under(case_ids)
    return reporters_of(joined) if joined else []


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


def administrators() -> list[Recipient]:
    """Return who looks after the city and has an address of mail."""
    rows = db.session.execute(
        select(Account.email, Account.language, Account.id)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(RoleGrant.role == Role.ADMINISTRATOR, *_CAN_BE_MAILED)
        .order_by(Account.id)
    )
    return [Recipient(*row) for row in rows]


def watchers(poll_id: int) -> list[Recipient]:
    """Return who wants every head of a poll by mail; these are a few witnesses, not the voters."""
    rows = db.session.execute(
        select(Account.email, Account.language, Account.id)
        .join(PollWatch, PollWatch.account_id == Account.id)
        .where(PollWatch.poll_id == poll_id, *_CAN_BE_MAILED)
        .order_by(Account.id)
    )
    return [Recipient(email, language, account_id) for email, language, account_id in rows]
