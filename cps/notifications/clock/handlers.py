"""What follows from facts about the clock of a case."""

from datetime import datetime

from cps.cases.rules import EscalationStep
from cps.core import clock, outbox
from cps.core.models import OutboxFact
from cps.core.outbox import Fact
from cps.notifications.clock import services


@outbox.on(Fact.CASE_ESCALATED)
def tell_escalation(fact: OutboxFact) -> None:
    """Write to whom a step of escalation concerns; the payload has the step and the date it is about."""
    step, about = EscalationStep(fact.payload["step"]), datetime.fromisoformat(fact.payload["due_at"])
    services.tell_escalation(fact.about_id, step, about, at=clock.now())


@outbox.on(Fact.EXTENSION_ASKED)
def tell_request(fact: OutboxFact) -> None:
    """Write to the supervisors of a case for which more time is asked."""
    services.tell_request(fact.about_id, fact.dedupe_key, at=clock.now())


@outbox.on(Fact.SECOND_ASKED)
def tell_second(fact: OutboxFact) -> None:
    """Write to the supervisors of a case whose end needs a second pair of eyes."""
    services.tell_second(fact.about_id, fact.dedupe_key, at=clock.now())
