"""What becomes of objections and kept originals when accounts go or are joined, and with time."""

from datetime import datetime

from cps.accounts import joins, partings
from cps.cases.services import forgetting
from cps.core import retention, upkeep
from cps.moderation import queries, services
from cps.moderation.models import Flag
from cps.moderation.rules import KEPT_SETTLED

joins.moves(services.join_flags)
joins.carries(Flag.account_id)
partings.forgets(services.forget_person)
forgetting.also(services.forget_of_cases)
upkeep.each_hour(services.forget_settled)


def count_settled(at: datetime) -> int:
    """Count what is to be forgotten."""
    return queries.count_settled(at - KEPT_SETTLED)


retention.step("objections that were settled", count=count_settled, clear=services.forget_settled)
