"""What follows from facts about handing on."""

from cps.core import clock, outbox
from cps.core.models import OutboxFact
from cps.core.outbox import Fact
from cps.notifications.handoff import services


@outbox.on(Fact.PARTNER_ASKED)
def tell_partner(fact: OutboxFact) -> None:
    """Write to a partner that a case is sent to it; the payload has the token of its link."""
    services.tell_partner(fact.about_id, fact.payload["token"], at=clock.now())


@outbox.on(Fact.INBOX_SILENT)
def tell_silence(fact: OutboxFact) -> None:
    """Write that nobody looks at what is new in a department."""
    services.tell_silence(fact.about_id, fact.dedupe_key, at=clock.now())
