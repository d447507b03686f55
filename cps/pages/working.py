"""What the worker does for archives of one's own data: it reads for long, and keeps nobody waiting."""

import logging

from cps.core import clock, leases
from cps.core.db import db, transaction
from cps.core.leases import Turn
from cps.core.models import Job
from cps.core.storage import current_storage
from cps.pages import queries, services
from cps.pages.own_archive import archive_of

log = logging.getLogger(__name__)

ZIP = "application/zip"
_IS_OURS = Job.kind == services.MAKE


def make_archives(turn: Turn) -> int:
    """Make the archives that were asked for until the turn is over; returns how many were tried."""
    done = 0
    while not turn.is_over() and (claimed := leases.claim(Job, turn.owner, _IS_OURS, limit=1)):
        _make_or_postpone(claimed[0], turn.owner)
        done += 1
    return done


def _make_or_postpone(job_id: int, owner: str) -> None:
    try:
        _make(job_id, owner)
    except Exception as error:
        log.exception("an archive failed", extra={"row": job_id})
        leases.postpone(Job, job_id, owner, type(error).__name__)


def _make(job_id: int, owner: str) -> None:
    """Write the file outside of any write transaction, then note that it is there, if it is still wanted."""
    db.session.rollback()
    wanted = db.session.get_one(Job, job_id).payload
    account_id, key = wanted["account_id"], wanted["key"]
    storage, found = current_storage(), queries.archive_of(account_id)
    if found is not None and found.storage_key == key:
        with archive_of(queries.account(account_id), storage, at=clock.now()) as file:
            db.session.rollback()
            storage.put(key, file, ZIP)
    with transaction():
        job = leases.still_ours(Job, job_id, owner)
        if job is None:
            return
        is_wanted = services.note_ready(account_id, key, at=clock.now())
        job.done_at, job.payload = clock.now(), {}
    if not is_wanted:
        storage.delete(key)
