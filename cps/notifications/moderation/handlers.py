"""What follows from acts of moderators."""

from cps.core import clock, outbox
from cps.core.models import OutboxFact
from cps.core.outbox import Fact
from cps.notifications.moderation import services


@outbox.on(Fact.MODERATED)
def tell_author(fact: OutboxFact) -> None:
    """Tell the author what was done and what was decided; the payload says which step it is.

    Words that were blacked out in a title are so in the lists of those who were told, too.
    """
    if fact.payload["step"] == services.REDACTS:
        services.black_out_in_lists(fact.about_id)
    services.tell_author(fact.about_id, fact.payload["step"], at=clock.now())


@outbox.on(Fact.FLAG_SETTLED)
def tell_reader(fact: OutboxFact) -> None:
    """Tell who objected with an account what came of it."""
    services.tell_reader(fact.about_id, at=clock.now())
