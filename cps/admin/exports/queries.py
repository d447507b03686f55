"""Reads of what is taken out."""

from collections.abc import Collection

from sqlalchemy import select

from cps.accounts.models import Account, RoleGrant
from cps.accounts.rules import STAFF_ROLES
from cps.core.db import db


def staff_names(account_ids: Collection[int]) -> dict[int, str]:
    """Return the display names of those accounts that work for the city; without a name they are left out."""
    wanted = (
        select(Account.id, Account.display_name)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(Account.id.in_(account_ids), RoleGrant.role.in_(STAFF_ROLES))
    )
    return {row.id: row.display_name for row in db.session.execute(wanted) if row.display_name}
