"""When digests are written."""

from cps.core import clock, outbox, upkeep
from cps.core.models import Job
from cps.notifications.services.listing import DIGEST
from cps.notifications.told import services

upkeep.each_hour(services.write_left_digests)


@outbox.job(DIGEST)
def write_digests(job: Job) -> None:
    """Write the digests that are due to the next people; the payload may have the account before."""
    services.write_digests(job.payload.get("after", 0), at=clock.now())
