"""What the worker does for complaints."""

from datetime import datetime

from cps.accounts import partings
from cps.complaints import learning, queries, services
from cps.core import retention, upkeep
from cps.core.storage import current_storage

partings.forgets(services.forget_drafts)
upkeep.each_hour_alone(learning.learn_anew)


@upkeep.each_hour
def clear_gone_drafts(at: datetime) -> bool:
    """Delete drafts that nobody can go on with any more."""
    return services.clear_gone_drafts(current_storage(), at=at)


retention.step("drafts nobody went on with", count=queries.count_gone_drafts, clear=clear_gone_drafts)
