"""What goes on by itself: cases that come to a connected department leave for its system and are followed."""

from datetime import datetime

from cps.core import clock, leases, outbox, upkeep, worker
from cps.core.models import OutboxFact
from cps.core.outbox import Fact
from cps.open311.outgoing import delivery, looking, queries, services
from cps.open311.outgoing.models import SentCase

worker.each_round(looking.look_at_services)
worker.each_round(delivery.deliver)


@upkeep.each_hour
def lay_aside_vanished(at: datetime) -> None:
    """Lay aside cases whose worker vanished at each of their tries, for an administrator to see."""
    leases.lay_aside_vanished(SentCase, at)


@outbox.on(Fact.CASE_FILED)
@outbox.on(Fact.CASE_HANDED)
def send_to_system(fact: OutboxFact) -> None:
    """Put a case into the line for the system of the department that has it now."""
    services.put_in_line(fact.about_id, at=clock.now())


@outbox.on(Fact.CASE_EVENT)
def go_on_there(fact: OutboxFact) -> None:
    """Let a case that is worked on again after its end go on at the system of its department."""
    case_id = queries.case_sent_before(fact.about_id)
    if case_id is not None:
        services.go_on(case_id, at=clock.now())
