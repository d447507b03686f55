"""What the worker does for notices."""

from datetime import datetime

from cps.core import clock, outbox
from cps.core.models import Job
from cps.notices import services


@outbox.job(services.RUN_OUT)
def run_out(job: Job) -> None:
    """State that a notice has run out, at the moment for which it was announced."""
    ends_at = datetime.fromisoformat(job.payload["ends_at"])
    services.run_out(job.payload["notice_id"], ends_at, at=clock.now())
