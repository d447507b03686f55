"""What the worker does for the desk, and what becomes of the desk of somebody who deletes their account."""

from cps.accounts import partings
from cps.accounts import queries as accounts
from cps.accounts.partings import Parting
from cps.core import clock, outbox, retention, upkeep
from cps.core.models import Job, OutboxFact
from cps.core.outbox import Fact
from cps.triage import services
from cps.triage.work import queries as work
from cps.triage.work import services as working
from cps.triage.work.services import GO_ON

upkeep.each_hour(working.leave_old)
upkeep.each_hour(working.forget_acts)
retention.step("who had a case open", count=work.count_old_presence, clear=working.leave_old)
retention.step("acts of the desk", count=work.count_old_acts, clear=working.forget_acts)


@partings.forgets
def forget_views(parting: Parting) -> None:
    """Forget their own views; those they shared stay their department's."""
    services.forget_views(parting.account_id)


@outbox.on(Fact.CASE_EVENT)
def look_at_photos(fact: OutboxFact) -> None:
    """Point out photos of the work that were used before, or are older than their case."""
    working.look_at_photos(fact.about_id, at=clock.now())


@outbox.job(GO_ON)
def go_on(job: Job) -> None:
    """Go on with an act on many cases that was cut off, some of them in each transaction."""
    act = work.lock_act(job.payload["act_id"])
    if act is None or act.by_id is None:
        return
    at = clock.now()
    if not working.go_on(act, by=accounts.lock_account(act.by_id), at=at):
        outbox.enqueue(GO_ON, at=at, act_id=act.id)
