"""What follows from facts about notices: letters, each person once."""

from cps.core import clock, outbox
from cps.core.models import Job, OutboxFact
from cps.core.outbox import Fact
from cps.notifications.notices import services


@outbox.on(Fact.NOTICE_KNOWN)
def tell_known(fact: OutboxFact) -> None:
    """Write to whom cases concern that the city knows; the payload has the ids of the cases."""
    services.tell_known(fact.about_id, fact.payload["cases"], at=clock.now())


@outbox.on(Fact.NOTICE_UPDATED)
def tell_update(fact: OutboxFact) -> None:
    """Write to everybody whom an update concerns."""
    services.tell_update(fact.about_id, at=clock.now())


@outbox.on(Fact.NOTICE_OVER)
def tell_over(fact: OutboxFact) -> None:
    """Write to who asked that a notice is over."""
    services.tell_over(fact.about_id, at=clock.now())


@outbox.job(services.WRITE)
def write(job: Job) -> None:
    """Write to some of the people; the payload has the notice, the update and them."""
    services.write(job.payload, at=clock.now())
