"""What the worker clears away: searches in vain, once they are old."""

from datetime import datetime

from cps.core import city as cities
from cps.core import retention, upkeep
from cps.knowledge import queries, services


def _old(at: datetime) -> int:
    city = cities.find()
    return queries.old_searches(services.first_kept(at.astimezone(city.zone).date())) if city else 0


@upkeep.each_hour
def forget_unanswered(at: datetime) -> None:
    """Forget what was searched in vain three months ago."""
    city = cities.find()
    if city is not None:
        services.forget_unanswered(services.first_kept(at.astimezone(city.zone).date()))


retention.step("searches without an answer", count=_old, clear=forget_unanswered)
