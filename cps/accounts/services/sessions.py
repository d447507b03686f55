"""Signed-in devices: begun, noted, ended; and the password, whose change ends them all."""

import secrets
from datetime import datetime

from sqlalchemy import delete, update

from cps.accounts import queries
from cps.accounts.models import Account, OneTimeCode, SignInSession
from cps.accounts.rules import AccountState, signed_in_for
from cps.core.db import db
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _
from cps.core.keys import hashed_token

TOKEN_BYTES = 32
LONGEST_DEVICE = 120


def sign_in(
    account: Account, *, device: str, at: datetime, instead_of: str = "", took_second_step: bool = False
) -> str:
    """Begin a session and return its random token, which only the cookie keeps.

    The session `instead_of` (the token this browser had) ends. Raises RuleViolation for a blocked account,
    and for one with a second step unless it was taken.
    """
    if not took_second_step and queries.two_step_of(account.id) is not None:
        raise RuleViolation(_("This account asks for a second step."))
    if account.state is not AccountState.ACTIVE:
        raise RuleViolation(_("This account is blocked. Please call the city if that is a mistake."))
    if instead_of:
        sign_out(instead_of)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    db.session.add(
        SignInSession(
            token_hash=hashed_token(token),
            account_id=account.id,
            created_at=at,
            seen_at=at,
            expires_at=at + signed_in_for(account.roles),
            device=device[:LONGEST_DEVICE],
        )
    )
    db.session.flush()
    if account.is_staff:
        _note_signed_in(account.id, at)
    return token


def _note_signed_in(account_id: int, at: datetime) -> None:
    """Note when a member of staff came in; the version of the account stays, because nothing else changed."""
    db.session.execute(
        update(Account)
        .where(Account.id == account_id)
        .values(signed_in_at=at)
        .execution_options(synchronize_session=False)
    )


def sign_out(token: str) -> None:
    """End the session of a token."""
    db.session.execute(delete(SignInSession).where(SignInSession.token_hash == hashed_token(token)))


def sign_out_device(account: Account, token_hash: str) -> None:
    """End one of the account's own sessions; somebody else's are out of reach."""
    db.session.execute(
        delete(SignInSession).where(
            SignInSession.token_hash == token_hash, SignInSession.account_id == account.id
        )
    )


def sign_out_everywhere(account: Account, *, but: str = "") -> None:
    """End all sessions of an account, except the one of the token `but`."""
    kept = hashed_token(but) if but else ""
    db.session.execute(
        delete(SignInSession).where(SignInSession.account_id == account.id, SignInSession.token_hash != kept)
    )


def set_password(account: Account, password_hash: str, *, keep: str = "") -> None:
    """Store a new password's hash and end all sessions except that of the token `keep`."""
    account.password_hash = password_hash
    sign_out_everywhere(account, but=keep)
    db.session.flush()


def note_seen(token: str, *, at: datetime) -> None:
    """Note that a device was used."""
    db.session.execute(
        update(SignInSession)
        .where(SignInSession.token_hash == hashed_token(token))
        .values(seen_at=at)
        .execution_options(synchronize_session=False)
    )


def forget_expired(at: datetime) -> None:
    """Delete sessions and codes that have ended."""
    db.session.execute(delete(SignInSession).where(SignInSession.expires_at <= at))
    db.session.execute(delete(OneTimeCode).where(OneTimeCode.expires_at <= at))
