"""Reads of accounts and their sessions."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from cps.accounts.models import Account, Identity, OneTimeCode, RoleGrant, SignInSession
from cps.accounts.rules import AccountState, CodePurpose, IdentityKind, Role
from cps.core.db import db
from cps.core.keys import app_identity_key, hashed_token, keyed_tag

DEMO_DOMAIN = "@demo.test"
"""Reserved for tests (RFC 2606), so that no person has an address of it."""


def account_of_session(token: str, *, at: datetime) -> tuple[Account, datetime] | None:
    """Return the active account signed in with this token, with its roles, in one statement.

    With it comes the moment when this device was last noted.
    """
    row = (
        db.session.execute(
            select(Account, SignInSession.seen_at)
            .join(SignInSession, SignInSession.account_id == Account.id)
            .where(
                SignInSession.token_hash == hashed_token(token),
                SignInSession.expires_at > at,
                Account.state == AccountState.ACTIVE,
            )
            .options(joinedload(Account.grants))
        )
        .unique()
        .one_or_none()
    )
    return row and (row[0], row[1])


def lock_account(account_id: int) -> Account:
    """Return the account, loaded anew and locked for the running write transaction."""
    account: Account = db.session.scalars(
        select(Account)
        .where(Account.id == account_id)
        .with_for_update(of=Account)
        .execution_options(populate_existing=True)
    ).one()
    return account


def email_tag(email: str) -> str:
    """Return the tag under which a normal address is known."""
    return keyed_tag(app_identity_key(), IdentityKind.EMAIL.value, email)


def email_identity(email: str) -> Identity | None:
    """Return the identity of a normal address, or None while nobody has proven it."""
    return db.session.get(Identity, (IdentityKind.EMAIL, email_tag(email)), populate_existing=True)


def identity_of(account_id: int, kind: IdentityKind) -> Identity | None:
    """Return the newest identity of a kind that an account has proven."""
    own = select(Identity).where(Identity.account_id == account_id, Identity.kind == kind)
    return db.session.scalars(own.order_by(Identity.verified_at.desc()).limit(1)).one_or_none()


def account_by_email(email: str) -> Account | None:
    """Return the account that has proven this normal address; known or not, in one statement."""
    return (
        db.session.scalars(
            select(Account)
            .join(Identity, Identity.account_id == Account.id)
            .where(Identity.kind == IdentityKind.EMAIL, Identity.tag == email_tag(email))
            .options(joinedload(Account.grants))
        )
        .unique()
        .one_or_none()
    )


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


def has_demo_accounts() -> bool:
    """Return whether accounts of the demo city stand in this database; production refuses to start then."""
    demo = select(Account.id).where(Account.email.endswith(DEMO_DOMAIN))
    return db.session.scalar(demo.limit(1)) is not None
