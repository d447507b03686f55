"""An address of mail for an account that came in by phone number."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError

from cps.accounts import queries
from cps.accounts.models import Account, Identity
from cps.accounts.rules import IdentityKind
from cps.core import audit, outbox
from cps.core.db import db
from cps.core.errors import AlreadyDone, RuleViolation
from cps.core.i18n import gettext as _
from cps.core.outbox import Fact


def add_email(account: Account, email: str, *, at: datetime) -> bool:
    """Note that an account, locked, has just proven a normal address of mail, its first one.

    False, and nothing changes, where another account has the address: the two can be joined. Raises
    AlreadyDone where it is the account's already, RuleViolation where the account has another one.
    """
    if account.email_verified_at is not None:
        if account.email == email:
            raise AlreadyDone(_("This address is confirmed already."))
        raise RuleViolation(_("Your account has an e-mail address already."))
    known = _known_or_new(account, email, at)
    if known.account_id is None:
        known.account_id, known.verified_at = account.id, at
    if known.account_id != account.id:
        return False
    account.email, account.email_verified_at = email, known.verified_at
    audit.record("add-email", about=("account", account.id), by=account.id, at=at)
    outbox.state(Fact.EMAIL_ADDED, account.id, at=at)
    db.session.flush()
    return True


def _known_or_new(account: Account, email: str, at: datetime) -> Identity:
    """Return the identity of an address, locked; a new one is this account's."""
    tag = queries.address_tag(email)
    known = queries.lock_identity(IdentityKind.EMAIL, tag)
    if known is not None:
        return known
    try:
        with db.session.begin_nested():
            known = Identity(kind=IdentityKind.EMAIL, tag=tag, account_id=account.id, verified_at=at)
            db.session.add(known)
    except IntegrityError:
        known = queries.lock_identity(IdentityKind.EMAIL, tag)
    if known is None:
        raise RuntimeError("an address was refused as known and yet is unknown")
    return known
