"""What of facts makes news for alerts, and what becomes of alerts when accounts are joined or deleted."""

from cps.accounts import joins, partings
from cps.alerts import queries, services
from cps.alerts.models import Alert, AlertNews
from cps.alerts.rules import NewsKind
from cps.cases.rules import Audience, EventKind, Status
from cps.core import clock, outbox, retention, upkeep
from cps.core.models import Job, OutboxFact
from cps.core.outbox import Fact

ANSWERING = frozenset({Status.CLOSED, Status.ANSWERED})

joins.moves(services.hand_over)
joins.carries(Alert.account_id, AlertNews.account_id)
partings.forgets(services.leave)
upkeep.each_hour(services.forget_told)
retention.step("what alerts told", count=services.count_told, clear=services.forget_told)


@outbox.on(Fact.CASE_FILED)
def hear_of_case(fact: OutboxFact) -> None:
    """Find who hears of a new case; of a proposal once it is public."""
    case = queries.case_of(fact.about_id)
    if case is not None and case.status is not Status.DRAFT:
        services.hear_of(NewsKind.FILED, case.id, at=clock.now())


@outbox.on(Fact.CASE_EVENT)
def hear_of_event(fact: OutboxFact) -> None:
    """Find who hears that a case was answered, or that a proposal became public."""
    event = queries.event_of(fact.about_id)
    if event is None or event.kind is not EventKind.MOVED or event.audience is not Audience.PUBLIC:
        return
    if event.status in ANSWERING:
        services.hear_of(NewsKind.ANSWERED, event.id, at=clock.now())
    elif event.status is Status.GATHERING:
        services.hear_of(NewsKind.FILED, event.case_id, at=clock.now())


@outbox.on(Fact.NOTICE_MADE)
def hear_of_notice(fact: OutboxFact) -> None:
    """Find who hears of a notice."""
    services.hear_of(NewsKind.NOTICE, fact.about_id, at=clock.now())


@outbox.job(services.MATCH)
def match(job: Job) -> None:
    """Write down what the next accounts will be told."""
    services.match(job.payload, at=clock.now())
