"""An account itself: its marks and sessions, what was joined to it, and who looked at its data."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Select, or_, select

from cps.accounts.models import Account, AccountJoin, Identity, PhoneClaim, SignInSession
from cps.cases.models import Case
from cps.core.db import db
from cps.core.models import AccessRow
from cps.pages.queries.base import AT_ONCE, each

MOST_LOOKS = 50


def account(account_id: int) -> Account:
    """Return an account as it stands now."""
    return db.session.get_one(Account, account_id, populate_existing=True)


def identities_of(account_id: int) -> Sequence[Identity]:
    """Return the proven marks of an account."""
    return db.session.scalars(select(Identity).where(Identity.account_id == account_id)).all()


def sessions_of(account_id: int) -> Sequence[SignInSession]:
    """Return every session of an account."""
    return db.session.scalars(
        select(SignInSession)
        .where(SignInSession.account_id == account_id)
        .order_by(SignInSession.created_at, SignInSession.token_hash)
    ).all()


def accounts_joined_to(account_id: int) -> Iterator[Any]:
    """Yield (moment, since when it counted) of every account that was joined to this one."""
    joined = select(AccountJoin.at, AccountJoin.counts_since).where(AccountJoin.into_id == account_id)
    return each(joined.order_by(AccountJoin.at))


def numbers_waited_for(account_id: int) -> Iterator[Any]:
    """Yield (number, since when, when its holder was told, until when) of numbers that this one waits for."""
    waits = select(PhoneClaim.phone, PhoneClaim.claimed_at, PhoneClaim.told_at, PhoneClaim.due_at)
    return each(waits.where(PhoneClaim.account_id == account_id))


def looks_at(account_id: int) -> Sequence[Any]:
    """Return (at, what, reference or None, actor_id) of staff's last looks at one's data, newest first."""
    return db.session.execute(_looks_at(account_id).limit(MOST_LOOKS)).all()


def all_looks_at(account_id: int) -> Iterator[Sequence[Any]]:
    """Yield the same of all looks there were, some at a time."""
    found = db.session.execute(_looks_at(account_id).execution_options(yield_per=AT_ONCE))
    yield from found.partitions()


def _looks_at(account_id: int) -> Select[*tuple[Any, ...]]:
    return (
        select(AccessRow.at, AccessRow.what, Case.reference, AccessRow.actor_id)
        .outerjoin(Case, Case.id == AccessRow.case_id)
        .where(or_(AccessRow.subject_id == account_id, Case.reporter_id == account_id))
        .order_by(AccessRow.at.desc(), AccessRow.id.desc())
    )
