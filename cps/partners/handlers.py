"""What becomes of errands when accounts are joined, and when a case turns out to be about staff."""

from cps.accounts import joins
from cps.core import clock, outbox
from cps.core.models import OutboxFact
from cps.core.outbox import Fact
from cps.partners import services
from cps.partners.models import PartnerLink

joins.carries(PartnerLink.asked_by_id)


@outbox.on(Fact.CASE_EVENT)
def end_about_staff(fact: OutboxFact) -> None:
    """End the link of a case that was handed to the integrity officers."""
    services.end_about_staff(fact.about_id, at=clock.now())
