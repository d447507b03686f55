"""When letters of alerts are written."""

from cps.alerts.services import LETTERS
from cps.core import clock, outbox
from cps.core.models import Job
from cps.notifications.alerts import services


@outbox.job(LETTERS)
def write_letters(job: Job) -> None:
    """Write what is due to the next people; the payload has the account behind which they are."""
    services.write_letters(job.payload["after"], at=clock.now())
