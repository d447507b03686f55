"""What becomes of an officer's cases when they may no longer work them."""

from datetime import datetime

from cps.accounts.models import Account
from cps.cases import policy
from cps.cases.queries import assigned
from cps.cases.services.moves import release


def give_back(account: Account, *, by: Account, at: datetime) -> int:
    """Give the open cases that an account, locked, may not work any more back to their departments.

    Of one that cannot be used, all. Returns how many; each has its event and its audit row.
    """
    policy.forget_reach(account)
    theirs = policy.workable(account.roles, policy.reach_of(account)) if account.is_active else None
    cases = assigned.lock_assigned(account.id, theirs)
    for case in cases:
        release(case, by=by, at=at)
    return len(cases)
