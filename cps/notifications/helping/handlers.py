"""What follows when somebody answers a wish for help, or ends helping."""

from cps.core import clock, outbox
from cps.core.models import OutboxFact
from cps.core.outbox import Fact
from cps.helpers.rules import HelpTurn
from cps.notifications.helping.services import tell_turn


@outbox.on(Fact.HELP_TURNED)
def tell(fact: OutboxFact) -> None:
    """Tell the account that the fact is about what the other one did."""
    tell_turn(fact.about_id, fact.dedupe_key, HelpTurn(fact.payload["turn"]), at=clock.now())
