"""What follows from a question to a reporter that still waits."""

from cps.core import clock, outbox
from cps.core.models import OutboxFact
from cps.core.outbox import Fact
from cps.notifications.asking import services


@outbox.on(Fact.QUESTION_WAITS)
def remind(fact: OutboxFact) -> None:
    """Remind the reporter of the question that an event asks; the fact is seen half way to its end."""
    services.remind(fact.about_id, at=clock.now())
