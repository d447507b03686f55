"""What goes on by itself: pieces that waited are taken, answers refer to the mail they answer."""

from cps.accounts import partings
from cps.cases.services import forgetting
from cps.channels import chat_delivery, pieces, queries, services
from cps.core import city as cities
from cps.core import clock, outbox, retention, upkeep, worker
from cps.core.db import db, transaction
from cps.core.leases import Turn
from cps.core.models import OutboxFact
from cps.core.outbox import Fact

worker.each_round(chat_delivery.deliver)
upkeep.each_hour(services.forget_old)
retention.step("words of messages that came in", count=services.count_old, clear=services.forget_old)
forgetting.also(services.forget_cases)
partings.forgets(services.forget_sender)


@worker.each_round
def take_waiting_pieces(turn: Turn) -> int:
    """Take pieces of text messages whose others did not come; returns how many messages they were."""
    done = 0
    while not turn.is_over() and queries.longest_waiting(entered_before=clock.now() - pieces.WAIT):
        with transaction():
            done += services.take_longest_waiting(city=cities.get(), at=clock.now())
    db.session.rollback()
    return done


@outbox.on(Fact.CASE_FILED)
def refer_to_mail(fact: OutboxFact) -> None:
    """Let the letter about a case that came by mail stand under that mail in the reader's program."""
    services.refer_to_mail(fact.about_id)


@outbox.on(Fact.CASE_FILED)
def tell_filed_by_chat(fact: OutboxFact) -> None:
    """Write to whoever reported by chat that the city has the case."""
    services.tell_filed(fact.about_id, at=clock.now())


@outbox.on(Fact.CASE_EVENT)
def tell_news_by_chat(fact: OutboxFact) -> None:
    """Write to whoever reported by chat what happened."""
    services.tell_event(fact.about_id, at=clock.now())


@outbox.on(Fact.CASE_EVENT)
def keep_about_staff(fact: OutboxFact) -> None:
    """Take out of the queue of all staff what is about a case that the integrity officers have now."""
    services.keep_about_staff(fact.about_id, city=cities.get(), at=clock.now())
