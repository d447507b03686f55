"""What the worker does for the administration: clears away, and lets departments take over."""

from cps.admin.imports import queries as waiting_files
from cps.admin.imports import services as files
from cps.admin.imports.working import bring_in
from cps.admin.offices import services as offices
from cps.admin.people import queries, services
from cps.core import clock, outbox, retention, upkeep, worker
from cps.core.models import Job
from cps.core.storage import current_storage

upkeep.each_hour(services.forget_expired)
upkeep.each_hour(offices.take_over_late_ones)
worker.each_round(bring_in)
upkeep.each_hour(files.forget_late)
retention.step("files that nobody took over", count=waiting_files.count_late, clear=files.forget_late)
retention.step("invitations that ended", count=queries.count_forgotten, clear=services.forget_expired)


@outbox.job(offices.TAKE_OVER)
def take_over_cases(job: Job) -> None:
    """Let open cases of a closed department go to the one that took over, a piece at a time."""
    offices.go_on_taking_over(job, at=clock.now())


@outbox.job(files.FORGET)
def forget_file(job: Job) -> None:
    """Delete a file that was taken over, or that nobody wants; the payload has its key."""
    current_storage().delete(job.payload["key"])
