"""Proven marks of people, of which each belongs to one account."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError

from cps.accounts import queries
from cps.accounts.models import Account, Identity
from cps.accounts.rules import IdentityKind
from cps.core.db import db


def known_or_new(kind: IdentityKind, tag: str, account: Account, *, at: datetime) -> tuple[Identity, bool]:
    """Return the identity of a tag, locked, and whether it is new; then it is this account's.

    Two at the same moment: the primary key lets one row in, and the other gets that.
    """
    known = queries.lock_identity(kind, tag)
    if known is not None:
        return known, False
    try:
        with db.session.begin_nested():
            known = Identity(kind=kind, tag=tag, account_id=account.id, verified_at=at)
            db.session.add(known)
    except IntegrityError:
        known = queries.lock_identity(kind, tag)
        if known is None:
            raise RuntimeError("a mark was refused as known and yet is unknown") from None
        return known, False
    return known, True


def take_mark(kind: IdentityKind, tag: str, account: Account, *, at: datetime) -> tuple[int, bool]:
    """Let an account, locked, have a mark that nobody has; returns who has it, and whether since now."""
    known, is_new = known_or_new(kind, tag, account, at=at)
    if known.account_id is not None:
        return known.account_id, is_new
    known.account_id, known.verified_at = account.id, at
    db.session.flush()
    return account.id, True
