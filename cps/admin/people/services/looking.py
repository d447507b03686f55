"""Finding an account by its whole address or number, which the person concerned can read."""

from datetime import datetime

from cps.accounts import queries as accounts
from cps.accounts.models import Account
from cps.admin.people.rules import LOOKED_UP
from cps.core import audit
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _


def look_up(address: str, *, by: int, at: datetime) -> Account:
    """Return the account of a normal address or number; raises RuleViolation where there is none."""
    found = accounts.account_by_address(address)
    if found is None:
        raise RuleViolation(_("There is no account with this address."))
    if not found.is_staff and found.id != by:
        audit.record_access(LOOKED_UP, by=by, at=at, subject_id=found.id)
    return found
