"""What follows at seven on working days: one letter to each head of department and to each further reader."""

from cps.core import clock, outbox
from cps.core.models import OutboxFact
from cps.core.outbox import Fact
from cps.notifications.morning import services


@outbox.on(Fact.MORNING_DUE)
def tell_morning(fact: OutboxFact) -> None:
    """Write the report of the day in the payload."""
    services.tell_morning(fact.payload["day"], at=clock.now())
