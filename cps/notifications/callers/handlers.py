"""What follows from news of a case for callers who were added to it."""

from cps.core import clock, outbox
from cps.core.models import Job, OutboxFact
from cps.core.outbox import Fact
from cps.notifications.callers import services


@outbox.on(Fact.CASE_EVENT)
def tell_callers(fact: OutboxFact) -> None:
    """Write to the callers whom an event of a case concerns."""
    services.tell_callers(fact.about_id, after=0, at=clock.now())


@outbox.job(services.TELL_CALLERS)
def tell_more_callers(job: Job) -> None:
    """Write to the callers that did not fit into the transaction before."""
    services.tell_callers(job.payload["event_id"], after=job.payload["after"], at=clock.now())
