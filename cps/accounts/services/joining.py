"""Two accounts of one person become one, in one transaction."""

from datetime import datetime

from sqlalchemy import delete, or_, update

from cps.accounts import joins, queries
from cps.accounts.models import Account, AccountJoin, Identity, PhoneClaim
from cps.accounts.rules import AccountState, IdentityKind
from cps.accounts.services.sessions import sign_out_everywhere
from cps.core import audit, outbox
from cps.core.db import db
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.outbox import Fact


def join_accounts(account_id: int, other_id: int, *, at: datetime) -> Account:
    """Join the second account to the first, whose owner has just proven both; returns the first, locked.

    What was the second's is the first's: identities, cases, follows, backing (each case once). The second is
    closed, its devices are signed out, and all addresses of both are told. In which polls the second has
    voted goes with it: nobody gets a second vote by joining.

    Raises RuleViolation, and changes nothing, for one and the same account, for one that cannot be used, for
    staff, and where the register knows the two as two people.
    """
    if account_id == other_id:
        raise RuleViolation(_("This is the account you are in already."))
    locked = {key: queries.lock_account(key) for key in sorted((account_id, other_id))}
    into, other = locked[account_id], locked[other_id]
    _check(into, other)
    told = [one for one in (into.email, into.phone, other.email, other.phone) if one]
    _move_identities(into, other)
    joins.move_everything(other.id, into.id, at)
    _note(into, other, at)
    _take_over(into, other)
    _close(other)
    audit.record(
        "join-accounts", about=("account", into.id), by=into.id, at=at, changes={"joined": [None, other.id]}
    )
    outbox.state(Fact.ACCOUNTS_JOINED, into.id, at=at, addresses=told, language=into.language)
    db.session.flush()
    return into


def _check(into: Account, other: Account) -> None:
    if {into.state, other.state} != {AccountState.ACTIVE}:
        raise RuleViolation(_("This account cannot be used any more."))
    if into.is_staff or other.is_staff:
        raise RuleViolation(
            _("Accounts of staff cannot be joined. An administrator must take the role away first.")
        )
    if queries.two_step_of(other.id) is not None:
        raise RuleViolation(_("The other account asks for a second step. Turn that off there first."))
    if all(queries.identities_of(one.id, IdentityKind.REGISTER) for one in (into, other)):
        raise RuleViolation(
            _("In the register these accounts are two different people, so they cannot be joined.")
        )
    if all(queries.identities_of(one.id, IdentityKind.IN_PERSON) for one in (into, other)):
        raise RuleViolation(
            _("At the counter these accounts were two different people, so they cannot be joined.")
        )


def _move_identities(into: Account, other: Account) -> None:
    """Move what is proven; a claim between the two has come to its end."""
    tags = [one.tag for one in queries.identities_of(other.id, IdentityKind.PHONE)]
    ended = or_(
        PhoneClaim.account_id == other.id, (PhoneClaim.account_id == into.id) & PhoneClaim.tag.in_(tags)
    )
    for statement in (
        delete(PhoneClaim).where(ended),
        update(Identity).where(Identity.account_id == other.id).values(account_id=into.id),
    ):
        db.session.execute(statement.execution_options(synchronize_session=False))
    db.session.expire_all()


def _note(into: Account, other: Account, at: datetime) -> None:
    """Write down which account was joined; those that were joined to it before go along."""
    db.session.execute(
        update(AccountJoin)
        .where(AccountJoin.into_id == other.id)
        .values(into_id=into.id)
        .execution_options(synchronize_session=False)
    )
    db.session.add(AccountJoin(account_id=other.id, into_id=into.id, at=at, counts_since=counts_since(other)))


def counts_since(account: Account) -> datetime | None:
    """Return since when an account is one of somebody with a proven address; None where none is proven."""
    proven = [one for one in (account.email_verified_at, account.phone_verified_at) if one is not None]
    return max(account.created_at, min(proven)) if proven else None


def _take_over(into: Account, other: Account) -> None:
    """Give the first account what it lacks."""
    if not into.email and other.email:
        into.email, into.email_verified_at = other.email, other.email_verified_at
    if not into.phone and other.phone:
        into.phone, into.phone_verified_at = other.phone, other.phone_verified_at
    into.display_name = into.display_name or other.display_name
    into.ward_id = into.ward_id or other.ward_id


def _close(other: Account) -> None:
    sign_out_everywhere(other)
    other.state = AccountState.DELETED
    other.email = other.phone = other.display_name = other.password_hash = ""
    other.email_verified_at = other.phone_verified_at = None
