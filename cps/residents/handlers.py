"""What the worker does for the register."""

from datetime import datetime

from cps.accounts import joins, partings
from cps.core import upkeep
from cps.residents import services
from cps.residents.models import CounterCode

joins.drops(CounterCode.account_id)
partings.forgets(services.forget_counter_code)


@upkeep.each_hour
def forget_expired(at: datetime) -> None:
    """Forget the counter codes that have ended."""
    services.forget_expired(at)
