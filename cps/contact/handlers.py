"""What follows from facts for callers, and how they are forgotten."""

from datetime import datetime

from cps.accounts import partings
from cps.cases import queries as cases
from cps.cases.models import CaseEvent
from cps.cases.rules import Audience, Outcome, Turn
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
    """Let the calls be made that waited for the answer of a case.

    To be joined to another case is no answer while the other has none.
    """
    for event in cases.events_of([fact.about_id]):
        if event.outcome is not None and event.audience is not Audience.STAFF and not _waits_on(event):
            services.answered(event.case_id, at=clock.now())


@outbox.on(Fact.CASE_EVENT)
def call_by_agents(fact: OutboxFact) -> None:
    """Let agents call who was promised a call about a case that turned out to be about staff."""
    for event in cases.events_of([fact.about_id]):
        if event.data.get("turn") == Turn.ABOUT_STAFF:
            services.back_to_agents(event.case_id, at=clock.now())


def _waits_on(event: CaseEvent) -> bool:
    into = event.case.joined_to if event.outcome is Outcome.JOINED else None
    return into is not None and into.is_open


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
