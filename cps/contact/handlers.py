"""What follows from facts for callers, and how they are forgotten."""

from datetime import datetime

from cps.accounts import partings
from cps.cases import queries as cases
from cps.cases.rules import Audience
from cps.cases.services import forgetting
from cps.contact import queries, services
from cps.core import clock, outbox, retention, upkeep
from cps.core.models import OutboxFact
from cps.core.outbox import Fact
from cps.core.retention import reporters_kept

partings.forgets(services.forget_person)
forgetting.also(services.forget_of_cases)


@outbox.on(Fact.CASE_EVENT)
def call_who_waits(fact: OutboxFact) -> None:
    """Let the calls be made that waited for the answer of a case."""
    for event in cases.events_of([fact.about_id]):
        if event.outcome is not None and event.audience is not Audience.STAFF:
            services.answered(event.case_id, at=clock.now())


@upkeep.each_hour
def forget_callers(at: datetime) -> bool:
    """Forget callers of long ago, some in each transaction."""
    kept = reporters_kept()
    return kept is not None and services.forget_callers(at, at - kept)


def count_callers(at: datetime) -> int:
    """Count what is to be forgotten of callers."""
    kept = reporters_kept()
    return 0 if kept is None else queries.count_old(at, at - kept)


retention.step("callers, and what they said", count=count_callers, clear=forget_callers)
