"""What becomes of consents when accounts are joined or deleted, and with time."""

from datetime import datetime

from cps.accounts import joins, partings
from cps.cases.services import forgetting
from cps.core import retention, upkeep
from cps.helpers import queries, services
from cps.helpers.models import HelperConsent
from cps.helpers.rules import KEPT_AFTER_END

joins.moves(services.part_before_joining)
joins.carries(HelperConsent.resident_id, HelperConsent.helper_id, HelperConsent.ended_by_id)
partings.forgets(services.forget_person, first=True)  # before its cases are, or one more could be filed
forgetting.also(services.forget_of_cases)


@upkeep.each_hour
def forget_past(at: datetime) -> None:
    """Forget what nobody said yes to in time, and what ended long ago."""
    services.forget_past(at)


def count_past(at: datetime) -> int:
    """Count what is to be forgotten."""
    return queries.count_past(at, at - KEPT_AFTER_END)


retention.step("helpers who never answered, or ended long ago", count=count_past, clear=forget_past)
