"""Reads of accounts and their sessions."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import joinedload

from cps.accounts.models import (
    Account,
    AccountJoin,
    Identity,
    OneTimeCode,
    PhoneClaim,
    RecoveryCode,
    RoleGrant,
    SignInSession,
    TwoStep,
)
from cps.accounts.rules import STAFF_ROLES, AccountState, CodePurpose, IdentityKind, Role
from cps.core.db import db
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.keys import app_identity_key, hashed_token, keyed_tag
from cps.core.phone import is_phone

DEMO_DOMAIN = "@demo.test"
"""Reserved for tests (RFC 2606), so that no person has an address of it."""


def account_of_session(token: str, *, at: datetime) -> tuple[Account, datetime] | None:
    """Return the active account signed in with this token, with its roles, in one statement.

    With it comes the moment when this device was last noted.
    """
    row = (
        db.session.execute(_signed_in(), {"token_hash": hashed_token(token), "at": at}).unique().one_or_none()
    )
    return row and (row[0], row[1])


@cache
def _signed_in() -> Select[Account, datetime]:
    """Build the statement once: every page of whoever is signed in begins with it."""
    return (
        select(Account, SignInSession.seen_at)
        .join(SignInSession, SignInSession.account_id == Account.id)
        .where(
            SignInSession.token_hash == bindparam("token_hash"),
            SignInSession.expires_at > bindparam("at", type_=SignInSession.expires_at.type),
            Account.state == AccountState.ACTIVE,
        )
        .options(joinedload(Account.grants))
    )


def lock_account(account_id: int) -> Account:
    """Return the account, loaded anew and locked for the running write transaction."""
    account: Account = db.session.scalars(
        select(Account)
        .where(Account.id == account_id)
        .with_for_update(of=Account)
        .execution_options(populate_existing=True)
    ).one()
    return account


def must_stand(account_id: int) -> None:
    """Raise RuleViolation where an account has just been deleted, blocked or joined to another.

    For after the first row of a transaction that names the account: writing it waits for whoever has the
    account locked and keeps others from locking it, so what is read here holds until the transaction ends.
    """
    state = db.session.scalar(select(Account.state).where(Account.id == account_id))
    if state is not AccountState.ACTIVE:
        raise RuleViolation(_("This account cannot be used any more."))


def kind_of(address: str) -> IdentityKind:
    """Return what a normal address proves: of mail, or a phone number."""
    return IdentityKind.PHONE if is_phone(address) else IdentityKind.EMAIL


def address_tag(address: str) -> str:
    """Return the tag under which a normal address, of mail or a number, is known."""
    return keyed_tag(app_identity_key(), kind_of(address).value, address)


def address_identity(address: str) -> Identity | None:
    """Return the identity of a normal address, or None while nobody has proven it."""
    return db.session.get(Identity, (kind_of(address), address_tag(address)), populate_existing=True)


def email_tag(email: str) -> str:
    """Return the tag under which a normal address of mail is known."""
    return address_tag(email)


def lock_identity(kind: IdentityKind, tag: str) -> Identity | None:
    """Return an identity, loaded anew and locked for the running write transaction."""
    return db.session.get(Identity, (kind, tag), populate_existing=True, with_for_update=True)


def holder_of(kind: IdentityKind, tag: str) -> int | None:
    """Return the account that holds an identity, without locking anything; None where nobody does."""
    return db.session.scalar(select(Identity.account_id).where(Identity.kind == kind, Identity.tag == tag))


def waiting_for(tag: str) -> int | None:
    """Return the account that waits for the number with this tag, without locking anything."""
    return db.session.scalar(select(PhoneClaim.account_id).where(PhoneClaim.tag == tag))


def identities_of(account_id: int, *kinds: IdentityKind) -> Sequence[Identity]:
    """Return what an account has proven of these kinds, the newest first; without kinds, everything."""
    own = select(Identity).where(Identity.account_id == account_id)
    if kinds:
        own = own.where(Identity.kind.in_(kinds))
    return db.session.scalars(own.order_by(Identity.verified_at.desc(), Identity.tag)).all()


def account_by_email(email: str) -> Account | None:
    """Return the account that has proven this normal address of mail."""
    return account_by_address(email)


def account_by_address(address: str) -> Account | None:
    """Return the account that has proven this normal address; known or not, in one statement."""
    return (
        db.session.scalars(
            select(Account)
            .join(Identity, Identity.account_id == Account.id)
            .where(Identity.kind == kind_of(address), Identity.tag == address_tag(address))
            .options(joinedload(Account.grants))
        )
        .unique()
        .one_or_none()
    )


def mail_instead_of(phone: str) -> str:
    """Return the proven address of mail of the account that has this normal number and no password; else "".

    A text message alone opens no such account: the number may have a new owner.
    """
    account = account_by_address(phone)
    if account is None or account.password_hash or account.email_verified_at is None:
        return ""
    return account.email


def sessions_of(account_id: int, *, at: datetime) -> Sequence[SignInSession]:
    """Return the devices on which an account is signed in, the one used last first."""
    return db.session.scalars(
        select(SignInSession)
        .where(SignInSession.account_id == account_id, SignInSession.expires_at > at)
        .order_by(SignInSession.seen_at.desc(), SignInSession.created_at.desc(), SignInSession.token_hash)
    ).all()


def session_of_token(token: str) -> SignInSession | None:
    """Return the session of a token."""
    return db.session.get(SignInSession, hashed_token(token))


def newest_code(purpose: CodePurpose, target_tag: str) -> OneTimeCode | None:
    """Return the newest code for a target; only this one is good."""
    return db.session.scalars(
        select(OneTimeCode)
        .where(OneTimeCode.target_tag == target_tag, OneTimeCode.purpose == purpose)
        .order_by(OneTimeCode.id.desc())
        .limit(1)
    ).one_or_none()


def count_expired(at: datetime) -> int:
    """Return how many sessions and one-time codes have ended by their age."""
    return sum(
        db.session.scalar(select(func.count()).where(table.expires_at <= at)) or 0
        for table in (SignInSession, OneTimeCode)
    )


def two_step_of(account_id: int) -> TwoStep | None:
    """Return the second step of an account's signing in, loaded anew; None where there is none."""
    return db.session.get(TwoStep, account_id, populate_existing=True)


def count_recovery_codes(account_id: int) -> int:
    """Return how many recovery codes of an account are still good."""
    good = select(func.count()).where(RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
    return db.session.scalar(good) or 0


def count_with_role(role: Role) -> int:
    """Return how many active accounts have a role."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(RoleGrant)
            .join(Account, Account.id == RoleGrant.account_id)
            .where(RoleGrant.role == role, Account.state == AccountState.ACTIVE)
        )
        or 0
    )


def lock_administrators() -> set[int]:
    """Return the administrators who can sign in; until the transaction ends nobody else changes who they are.

    Every grant is locked in the same order, so that two who wait for each other do so one after the other.
    """
    grants = (
        select(RoleGrant)
        .where(RoleGrant.role == Role.ADMINISTRATOR)
        .order_by(RoleGrant.account_id)
        .with_for_update()
    )
    db.session.scalars(grants).all()
    active = (
        select(RoleGrant.account_id)
        .join(Account, Account.id == RoleGrant.account_id)
        .where(RoleGrant.role == Role.ADMINISTRATOR, Account.state == AccountState.ACTIVE)
    )
    return set(db.session.scalars(active))


def claim_of(tag: str) -> PhoneClaim | None:
    """Return the claim on the number with this tag, loaded anew and locked."""
    return db.session.get(PhoneClaim, tag, populate_existing=True, with_for_update=True)


def claim_by(account_id: int) -> PhoneClaim | None:
    """Return the number that an account waits for."""
    mine = select(PhoneClaim).where(PhoneClaim.account_id == account_id)
    return db.session.scalars(mine.order_by(PhoneClaim.claimed_at.desc()).limit(1)).one_or_none()


def claim_on(account_id: int) -> PhoneClaim | None:
    """Return the claim of another account on a number that this one holds."""
    return db.session.scalars(
        select(PhoneClaim)
        .join(Identity, (Identity.tag == PhoneClaim.tag) & (Identity.kind == IdentityKind.PHONE))
        .where(Identity.account_id == account_id, PhoneClaim.account_id != account_id)
        .order_by(PhoneClaim.due_at)
        .limit(1)
    ).one_or_none()


def due_claims(at: datetime, *, limit: int) -> Sequence[str]:
    """Return the tags of numbers whose time to move has come, and whose holder was told."""
    due = select(PhoneClaim.tag).where(PhoneClaim.due_at <= at, PhoneClaim.told_at.is_not(None))
    return db.session.scalars(due.order_by(PhoneClaim.due_at, PhoneClaim.tag).limit(limit)).all()


def joins_into(account_id: int) -> Sequence[AccountJoin]:
    """Return the accounts that were joined to this one."""
    joined = select(AccountJoin).where(AccountJoin.into_id == account_id)
    return db.session.scalars(joined.order_by(AccountJoin.at, AccountJoin.account_id)).all()


def hold_account(account_id: int) -> AccountState | None:
    """Return the state of an account, which nobody can change until the running write transaction ends.

    Many may hold one account at once; whoever locks it waits for all of them.
    """
    held = select(Account.state).where(Account.id == account_id).with_for_update(read=True)
    return db.session.scalar(held)


def has_demo_accounts() -> bool:
    """Return whether accounts of the demo city stand in this database; production refuses to start then."""
    demo = select(Account.id).where(Account.email.endswith(DEMO_DOMAIN))
    return db.session.scalar(demo.limit(1)) is not None


def names_of(account_ids: Iterable[int | None]) -> dict[int, str]:
    """Return what accounts are called, staff without a name by their address; asks nothing about nobody."""
    wanted = {key for key in account_ids if key is not None}
    if not wanted:
        return {}
    granted = RoleGrant.account_id == Account.id, RoleGrant.role.in_(STAFF_ROLES)
    is_staff = select(RoleGrant.account_id).where(*granted).exists().label("is_staff")
    columns = Account.id, Account.display_name, Account.email, is_staff
    rows = db.session.execute(select(*columns).where(Account.id.in_(wanted)))
    return {row.id: row.display_name or (row.email or "" if row.is_staff else "") for row in rows}
