"""What follows from facts about invitations."""

from datetime import datetime

from cps.core import clock, outbox
from cps.core.models import OutboxFact
from cps.core.outbox import Fact
from cps.notifications.inviting import services
from cps.notifications.queries import Recipient


@outbox.on(Fact.STAFF_INVITED)
def tell_invited(fact: OutboxFact) -> None:
    """Write the invitation; the payload has whom, by whom, until when, and the token of the link."""
    told = fact.payload
    to = Recipient(told["address"], told["language"])
    until = datetime.fromisoformat(told["until"])
    invited = services.Invited(told["name"], told["by"], told["token"], until)
    services.tell_invited(invited, to, fact.dedupe_key, at=clock.now())
