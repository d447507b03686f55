"""The words by which the city names what contacts are about."""

from datetime import datetime

from cps.accounts.models import Account
from cps.contact import queries
from cps.contact.models import WrapUpCode
from cps.core import audit
from cps.core.db import Texts, db
from cps.core.errors import RuleViolation
from cps.core.i18n import gettext as _


def save_code(
    code: str, name: Texts, *, order: int = 0, is_active: bool = True, by: Account | None, at: datetime
) -> WrapUpCode:
    """Make a code, or change what it is called and whether it is offered; contacts keep theirs.

    Raises RuleViolation without a name in any language.
    """
    if not any(name.values()):
        raise RuleViolation(_("Write what it is called."))
    found = queries.lock_code(code)
    if found is None:
        found = WrapUpCode(code=code, name=name, ord=order, is_active=is_active)
        db.session.add(found)
    else:
        found.name, found.ord, found.is_active = name, order, is_active
    db.session.flush()
    audit.record(
        "save-wrap-up-code",
        about=("wrap-up-code", code),
        by=by.id if by else None,
        at=at,
        changes={"is_active": [None, is_active]},
    )
    return found
