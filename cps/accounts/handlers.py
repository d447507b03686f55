"""What the worker does for accounts, and what of them goes along when two are joined."""

from datetime import datetime

from cps.accounts import joins, queries, services
from cps.accounts.models import RecoveryCode, TwoStep
from cps.core import retention, upkeep
from cps.core.models import AccessRow

joins.carries(AccessRow.subject_id)
joins.drops(RecoveryCode.account_id, TwoStep.account_id)


@upkeep.each_hour
def forget_expired(at: datetime) -> None:
    """Forget sessions and codes that have ended."""
    services.forget_expired(at)


retention.step("sessions and codes that have ended", count=queries.count_expired, clear=forget_expired)


@upkeep.each_hour
def move_due_numbers(at: datetime) -> bool:
    """Give phone numbers to their new owners whose time has come."""
    return services.move_due_numbers(at)
