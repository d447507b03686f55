"""What the worker does for the administration: clears away, and lets departments take over."""

from cps.admin.offices import services as offices
from cps.admin.people import queries, services
from cps.core import clock, outbox, retention, upkeep
from cps.core.models import Job

upkeep.each_hour(services.forget_expired)
upkeep.each_hour(offices.take_over_late_ones)
retention.step("invitations that ended", count=queries.count_forgotten, clear=services.forget_expired)


@outbox.job(offices.TAKE_OVER)
def take_over_cases(job: Job) -> None:
    """Let open cases of a closed department go to the one that took over, a piece at a time."""
    offices.go_on_taking_over(job, at=clock.now())
