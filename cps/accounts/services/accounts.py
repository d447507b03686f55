"""Accounts: made when an address is proven, described by their owner, given roles by the city."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from cps.accounts import queries
from cps.accounts.models import Account, Identity, RoleGrant
from cps.accounts.rules import AccountState, IdentityKind, Role
from cps.accounts.services.sessions import sign_out_everywhere
from cps.core import audit
from cps.core.db import db
from cps.core.errors import AlreadyDone, RuleViolation
from cps.core.i18n import gettext as _


def account_for_address(address: str, *, language: str, at: datetime, password_hash: str = "") -> Account:
    """Return the account of a normal address that its owner has just proven; make it where there is none.

    One address is one account: where two prove it at the same moment, the identity's primary key lets one
    row in, and the other gets that account. `password_hash` is only for an account made here.
    """
    known = queries.address_identity(address)
    if known is None:
        try:
            with db.session.begin_nested():
                return _make(address, language=language, at=at, password_hash=password_hash)
        except IntegrityError:
            known = queries.address_identity(address)
    if known is None:
        raise RuntimeError("an address was refused as known and yet is unknown")
    if known.account_id is None:
        return _make(address, language=language, at=at, password_hash=password_hash, known=known)
    return queries.lock_account(known.account_id)


def account_that_waits(phone: str, *, language: str, at: datetime, password_hash: str = "") -> Account:
    """Return an account for somebody whose number still belongs to another one; it has nothing proven yet.

    One that waits for this very number and has nothing else is theirs too: a number makes no crowd.
    """
    waiting = queries.waiting_for(queries.address_tag(phone))
    if waiting is not None:
        known = queries.lock_account(waiting)
        if not known.is_proven and known.state is AccountState.ACTIVE:
            return known
    account = Account(language=language, password_hash=password_hash, created_at=at)
    db.session.add(account)
    db.session.flush()
    return account


def create_account(
    email: str,
    *,
    at: datetime,
    name: str = "",
    language: str = "",
    password_hash: str = "",
    roles: Iterable[Role] = (),
    by: int | None = None,
) -> Account:
    """Make an account for somebody the city vouches for; raises AlreadyDone where the address has one."""
    known = queries.address_identity(email)
    taken = AlreadyDone(_("There is an account with this address already."))
    if known is not None and known.account_id is not None:
        raise taken
    try:
        with db.session.begin_nested():
            account = _make(email, language=language, at=at, password_hash=password_hash, known=known)
    except IntegrityError:
        raise taken from None
    account.display_name = name
    audit.record("create-account", about=("account", account.id), by=by, at=at)
    for role in roles:
        grant_role(account, role, by=by, at=at)
    return account


def _make(
    address: str, *, language: str, at: datetime, password_hash: str, known: Identity | None = None
) -> Account:
    account = Account(language=language, password_hash=password_hash, created_at=at)
    kind = queries.kind_of(address)
    if kind is IdentityKind.PHONE:
        account.phone, account.phone_verified_at = address, at
    else:
        account.email, account.email_verified_at = address, at
    db.session.add(account)
    db.session.flush()
    if known is None:
        known = Identity(kind=kind, tag=queries.address_tag(address))
        db.session.add(known)
    known.account_id = account.id
    known.verified_at = at
    db.session.flush()
    return account


def set_name(account: Account, name: str) -> None:
    """Let people say how they are called."""
    account.display_name = name
    db.session.flush()


def set_language(account: Account, language: str) -> None:
    """Let people choose the language of their pages and mails."""
    account.language = language
    db.session.flush()


def grant_role(account: Account, role: Role, *, by: int | None, at: datetime) -> None:
    """Give an account a role and end its sessions, so that the new rights begin with a new sign-in.

    Raises RuleViolation for resident, which everybody is, and AlreadyDone for a role it has.
    """
    if role is Role.RESIDENT:
        raise RuleViolation(_("Every account is a resident's already."))
    if role in account.roles:
        raise AlreadyDone(_("This account has the role already."))
    account.grants.append(RoleGrant(role=role, granted_at=at, granted_by_id=by))
    _roles_changed("grant-role", account, [None, role.value], by=by, at=at)


def revoke_role(account: Account, role: Role, *, by: int | None, at: datetime) -> None:
    """Take a role away and end the account's sessions.

    Raises RuleViolation for the last administrator, and AlreadyDone for a role it does not have.
    """
    grant = next((grant for grant in account.grants if grant.role is role), None)
    if grant is None:
        raise AlreadyDone(_("This account does not have the role."))
    if role is Role.ADMINISTRATOR:
        _keep_an_administrator(account)
    account.grants.remove(grant)
    _roles_changed("revoke-role", account, [role.value, None], by=by, at=at)


def _roles_changed(
    action: str, account: Account, change: list[str | None], *, by: int | None, at: datetime
) -> None:
    db.session.flush()
    sign_out_everywhere(account)
    audit.record(action, about=("account", account.id), by=by, at=at, changes={"role": change})


def block(account: Account, *, by: int | None, at: datetime) -> None:
    """Keep an account from being used, and end its sessions; RuleViolation for the last administrator."""
    if account.state is not AccountState.ACTIVE:
        raise AlreadyDone(_("This account cannot be used already."))
    if Role.ADMINISTRATOR in account.roles:
        _keep_an_administrator(account)
    account.state = AccountState.BLOCKED
    db.session.flush()
    sign_out_everywhere(account)
    audit.record("block-account", about=("account", account.id), by=by, at=at)


def unblock(account: Account, *, by: int | None, at: datetime) -> None:
    """Let a blocked account be used again; AlreadyDone where it is not blocked."""
    if account.state is not AccountState.BLOCKED:
        raise AlreadyDone(_("This account is not blocked."))
    account.state = AccountState.ACTIVE
    db.session.flush()
    audit.record("unblock-account", about=("account", account.id), by=by, at=at)


def _keep_an_administrator(leaving: Account) -> None:
    """Raise RuleViolation for the last administrator who can sign in; two who leave do so one by one."""
    if queries.lock_administrators() <= {leaving.id}:
        raise RuleViolation(_("This is the last administrator. Make another one first."))
