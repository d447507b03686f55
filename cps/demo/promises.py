"""Publishing the months of the demo city that are over, each on its day, as its worker would have done."""

from datetime import datetime
from typing import Final

from cps.core import city as cities
from cps.core.db import transaction
from cps.core.keys import app_keys_dir
from cps.departments import queries as departments
from cps.insights import queries, services
from cps.insights.rules import Month

MONTHS: Final = 6


def publish(now: datetime) -> int:
    """Publish the last months, the oldest first; none where any is published. Returns how many there are."""
    city = cities.get()
    if queries.last_file() is not None:
        return 0
    last = Month.of(now, city.zone).before
    months = [last]
    while len(months) < MONTHS:
        months.append(months[-1].before)
    calendar = departments.working_calendar(city.zone)
    number = 0
    for month in reversed(months):
        at = calendar.next_opening(month.ends(city.zone))
        if at > now:  # the first working day is still to come
            continue
        with transaction():
            services.freeze(month, city, at=at, keys=app_keys_dir())
        number += 1
    return number
