"""An address of mail for an account that came in by phone number."""

from datetime import datetime

from cps.accounts import queries
from cps.accounts.models import Account
from cps.accounts.rules import IdentityKind
from cps.accounts.services.marks import take_mark
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
    holder, _is_new = take_mark(IdentityKind.EMAIL, queries.address_tag(email), account, at=at)
    if holder != account.id:
        return False
    account.email, account.email_verified_at = email, at
    audit.record("add-email", about=("account", account.id), by=account.id, at=at)
    outbox.state(Fact.EMAIL_ADDED, account.id, at=at)
    db.session.flush()
    return True
