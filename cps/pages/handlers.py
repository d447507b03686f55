"""What the worker does for archives of one's own data, and what becomes of them with the account."""

from datetime import datetime

from cps.accounts import joins, partings
from cps.accounts.partings import Parting
from cps.core import outbox, retention, upkeep, worker
from cps.core.models import Job
from cps.core.storage import current_storage
from cps.pages import queries, services
from cps.pages.models import OwnArchive
from cps.pages.working import make_archives

worker.each_round(make_archives)
upkeep.each_hour(services.clear_gone_archives)
retention.step("archives of own data", count=queries.count_gone_archives, clear=services.clear_gone_archives)
joins.drops(OwnArchive.account_id)


@outbox.job(services.FORGET_FILE)
def forget_file(job: Job) -> None:
    """Delete the file of an archive that is forgotten; the payload has its key."""
    current_storage().delete(job.payload["key"])


@joins.moves
def forget_of_joined(old: int, _new: int, at: datetime) -> None:
    """Forget the archive of an account that is joined to another one: it is not the whole any more."""
    services.forget_archive(old, at=at)


@partings.forgets
def forget_with_account(parting: Parting) -> None:
    """Forget the archive of a deleted account."""
    services.forget_archive(parting.account_id, at=parting.at)
