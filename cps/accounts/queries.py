"""Reads of accounts and their sessions."""

from datetime import datetime

from sqlalchemy.orm import joinedload

from cps.accounts.models import Account, SignInSession
from cps.accounts.rules import AccountState
from cps.core.db import db
from cps.core.keys import hashed_token


def account_of_session(token: str, *, at: datetime) -> Account | None:
    """Return the active account signed in with this token, with its roles, in one statement."""
    return (
        db.session.execute(
            db.select(Account)
            .join(SignInSession, SignInSession.account_id == Account.id)
            .where(
                SignInSession.token_hash == hashed_token(token),
                SignInSession.expires_at > at,
                Account.state == AccountState.ACTIVE,
            )
            .options(joinedload(Account.grants))
        )
        .unique()
        .scalar_one_or_none()
    )
