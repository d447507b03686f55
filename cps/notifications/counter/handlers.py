"""What follows when a clerk registers somebody, or an agent writes down what a caller proposes."""

from cps.core import clock, outbox
from cps.core.models import OutboxFact
from cps.core.outbox import Fact
from cps.notifications.counter.services import tell_code, tell_proposal_code
from cps.notifications.queries import Recipient


@outbox.on(Fact.COUNTER_CODE_WANTED)
def send_code(fact: OutboxFact) -> None:
    """Write the message whose code is read to the clerk; the payload has code, address and language."""
    to = Recipient(fact.payload["address"], fact.payload["language"])
    tell_code(fact.dedupe_key, fact.payload["code"], to, at=clock.now())


@outbox.on(Fact.PROPOSAL_CODE_WANTED)
def send_proposal_code(fact: OutboxFact) -> None:
    """Write the message whose code is read to the agent; the payload has code, title, address, language."""
    told, to = fact.payload, Recipient(fact.payload["address"], fact.payload["language"])
    tell_proposal_code(fact.dedupe_key, told["code"], told.get("title", ""), to, at=clock.now())
