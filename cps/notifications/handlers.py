"""What follows from facts: messages; and the round in which they leave."""

from cps.accounts.rules import CodePurpose
from cps.core import clock, outbox, upkeep, worker
from cps.core.models import Job, OutboxFact
from cps.core.outbox import Fact
from cps.notifications import delivery, services
from cps.notifications.queries import Recipient

worker.each_round(delivery.deliver)
upkeep.each_hour(services.forget_old)
upkeep.each_hour(delivery.warn_without_server)


@outbox.on(Fact.CODE_WANTED)
def send_code(fact: OutboxFact) -> None:
    """Write the mail with a one-time code; the payload has code, purpose, address and language."""
    purpose = CodePurpose(fact.payload["purpose"])
    services.tell_code(fact.about_id, fact.payload["code"], purpose, _to(fact), at=clock.now())


@outbox.on(Fact.ADDRESS_ALREADY_KNOWN)
def send_known_address(fact: OutboxFact) -> None:
    """Write the mail that the address has an account already, with a code that opens it."""
    services.tell_code(fact.about_id, fact.payload["code"], None, _to(fact), at=clock.now())


@outbox.on(Fact.CASE_FILED)
def confirm_filing(fact: OutboxFact) -> None:
    """Write to the reporter that the city has the case."""
    services.tell_filed(fact.about_id, at=clock.now())


@outbox.on(Fact.CASE_EVENT)
def tell_news(fact: OutboxFact) -> None:
    """Write to whom an event of a case concerns."""
    services.tell_event(fact.about_id, at=clock.now())


@outbox.job(services.TELL_FOLLOWERS)
def tell_more_followers(job: Job) -> None:
    """Write to the followers that did not fit into the transaction before."""
    services.tell_more_followers(job.payload["event_id"], after=job.payload["after"], at=clock.now())


@outbox.on(Fact.POLL_HEAD)
def tell_head(fact: OutboxFact) -> None:
    """Write a signed head of a poll to everybody who asked for it."""
    services.tell_head(fact.about_id, fact.payload["batch"], at=clock.now())


def _to(fact: OutboxFact) -> Recipient:
    return Recipient(fact.payload["address"], fact.payload["language"])
